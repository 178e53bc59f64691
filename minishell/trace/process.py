"""One process of the `World`: what it has, and what its signals do."""

from __future__ import annotations

from minishell.record import record


@record
class Descriptor:
    """What a descriptor means.  `end` is read or write (or read-write) for a pipe; `cloexec`: exec closes it."""

    object: str
    end: str = ""
    cloexec: bool = False


@record
class Disposition:
    """What a signal will do: handled or ignored; `flags` as in `SigAction`."""

    action: str
    flags: str = ""


class Process:
    """One process.  `state` is running, stopped or zombie; a signal that has no disposition does its default."""

    def __init__(self, pid: int) -> None:
        """It leads its own group and session, and has nothing yet."""
        self.pid = self.pgid = self.sid = pid
        self.ppid = 0
        self.argv: tuple[str, ...] = ()
        self.cwd = ""
        self.umask: int | None = None
        self.state = "running"
        self.table: dict[int, Descriptor] = {}
        self.shares_table = False
        self.dispositions: dict[str, Disposition] = {}
        self.children: dict[int, Process] = {}


def end_of(object: str, mode: str) -> str:
    """Which end of a pipe a descriptor is that was opened so; nothing where the object is no pipe."""
    return mode.partition(",")[0] if object.startswith("pipe") else ""
