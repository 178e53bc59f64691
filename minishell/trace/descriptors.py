"""Descriptor tables rebuilt from events: what each descriptor means, and who holds each end of a pipe."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from minishell.trace.event import Cloexec, Close, Dup, Event, Exec, Exit, Fork, Killed, Open, Pipe

if TYPE_CHECKING:
    from collections.abc import Iterable


@dataclass(frozen=True, slots=True)
class Descriptor:
    """What a descriptor means.  `end` is read or write for a pipe; `cloexec`: exec closes it."""

    object: str
    end: str = ""
    cloexec: bool = False


class Descriptors:
    """The tables of all processes, kept up to date by `apply`.  Ordinary files are remembered like pipes."""

    def __init__(self) -> None:
        self.tables: defaultdict[int, dict[int, Descriptor]] = defaultdict(dict)

    def holders(self, object: str, end: str) -> list[tuple[int, int]]:
        """Who holds this end of the pipe: pids and descriptors."""
        return [
            (pid, fd)
            for pid, table in self.tables.items()
            for fd, held in table.items()
            if (held.object, held.end) == (object, end)
        ]

    def apply(self, event: Event) -> list[str]:
        """Go one event further.  Returns the pipes that lost their last write end: readers now see end of file."""
        table = self.tables[event.pid]
        lost: list[Descriptor] = []
        match event:
            case Event(errno=error) if error:
                pass
            case Fork(child=child):
                self.tables[child] = dict(table)
            case Pipe(read=read, write=write, object=object, cloexec=cloexec):
                table[read] = Descriptor(object, "read", cloexec)
                table[write] = Descriptor(object, "write", cloexec)
            case Open(fd=fd, path=path, cloexec=cloexec):
                table[fd] = Descriptor(path, cloexec=cloexec)
            case Dup(old=old, new=new, object=object, cloexec=cloexec) if old != new:
                lost = _take(table, [new])
                table[new] = replace(table.get(old, Descriptor(object)), cloexec=cloexec)
            case Cloexec(fd=fd, on=on) if fd in table:
                table[fd] = replace(table[fd], cloexec=on)
            case Close(fd=fd, last=last):
                lost = _take(table, [fd] if last is None else [known for known in table if fd <= known <= last])
            case Exec():
                lost = _take(table, [fd for fd, held in table.items() if held.cloexec])
            case Exit() | Killed():
                lost = _take(table, list(table))
                del self.tables[event.pid]
        pipes = dict.fromkeys(held.object for held in lost if held.end == "write")
        return [pipe for pipe in pipes if not self.holders(pipe, "write")]


def _take(table: dict[int, Descriptor], fds: Iterable[int]) -> list[Descriptor]:
    """Remove these descriptors and return what they meant."""
    return [table.pop(fd) for fd in list(fds) if fd in table]
