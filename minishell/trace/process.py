"""One process of the `World`: what it has, and what its signals do."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Descriptor:
    """What a descriptor means.  `end` is read or write (or read-write) for a pipe; `cloexec`: exec closes it."""

    object: str
    end: str = ""
    cloexec: bool = False


@dataclass(frozen=True, slots=True)
class Disposition:
    """What a signal will do: handled or ignored; `flags` as in `SigAction`."""

    action: str
    flags: str = ""


@dataclass(slots=True, eq=False)
class Process:
    """One process.  `state` is running, stopped or zombie; a signal that has no disposition does its default."""

    pid: int
    ppid: int = 0
    pgid: int = 0
    sid: int = 0
    argv: tuple[str, ...] = ()
    cwd: str = ""
    umask: int | None = None
    state: str = "running"
    table: dict[int, Descriptor] = field(default_factory=dict)
    shares_table: bool = False
    dispositions: dict[str, Disposition] = field(default_factory=dict)
    children: dict[int, Process] = field(default_factory=dict)


def end_of(object: str, mode: str) -> str:
    """Which end of a pipe a descriptor is that was opened so; nothing where the object is no pipe."""
    return mode.partition(",")[0] if object.startswith("pipe") else ""
