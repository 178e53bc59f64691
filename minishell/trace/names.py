"""Stable names: pids and pipes differ from run to run; `A`, `B` and `pipe 1` do not.

`stable` replaces numbers in the fields that hold them, never in running text: the pids become 1, 2, 3 in the
order of the forks, and the pipes `pipe 1`, `pipe 2` in the order of their making; those that were there before are
`pipe from outside 1`.  `letter` turns 1, 2, 3 into A, B, C.
"""

from __future__ import annotations

import os
import re
from collections import Counter
from typing import TYPE_CHECKING, Any

from minishell.record import replace
from minishell.trace.event import FIELDS, Event, Fork, Inherit, Open, Pipe

if TYPE_CHECKING:
    from collections.abc import Iterable

FILE_SIGN = "minishell-"  # how the observer calls its own files for a program's input and output
OUTSIDE = 1 << 30  # a process that is not in the trace; no pid is so large (PID_MAX_LIMIT is 1 << 22)
ANYBODY = -1  # to kill(2) everybody, to waitpid(2) any child
GROUP_OF_A = -OUTSIDE - 1  # for its negated number is taken: no group has the number 1 but that of init

_PID_FIELDS = frozenset(("pid", "child", "target", "sender", "pgid", "ppid", "sid", "foreground"))
_OURS = re.compile(rf"/memfd:{FILE_SIGN}(input|output) \(deleted\)")
_PROC = re.compile(r"(?<=^/proc/)\d+")
_NUMBER = re.compile(r"\b\d{3,7}\b")


def letter(rank: int) -> str:
    """A for 1, B for 2, AA for 27; a negative number is a process group."""
    if rank == ANYBODY:
        return "everybody"
    if rank < 0:
        return f"the group of {letter(leader(rank))}"
    if rank in (0, OUTSIDE):
        return "a process outside"
    digits = ""
    while rank:
        rank, digit = divmod(rank - 1, 26)
        digits = chr(ord("A") + digit) + digits
    return digits


def leader(group: int) -> int:
    """Whose group a negative number means."""
    return 1 if group == GROUP_OF_A else -group


def addressee(target: int) -> str:
    """To whom kill(2) sends a signal: 0 is the sender's own group."""
    return letter(target) if target else "its own group"


def stable(events: Iterable[Event]) -> tuple[Event, ...]:
    """The same events with pids 1, 2, 3 and pipes `pipe 1`, `pipe 2`.  The first event is of process 1."""
    naming = Naming()
    return tuple(map(naming.rename, events))


class Naming:
    """Goes along with the events: a pid or a pipe's number that is used again later means something new."""

    def __init__(self) -> None:
        self._ranks: dict[int, int] = {}
        self._born = 0
        self._things: dict[str, str] = {}  # pipes and sockets
        self._made: Counter[str] = Counter()
        self._opened: dict[str, str] = {}  # whole path → the path that was given, where it was a relative one

    def rename(self, event: Event) -> Event:
        """The event with stable names."""
        if not self._ranks:
            self._give_rank(event.pid)
        if isinstance(event, Fork) and event.child:
            self._give_rank(event.child)
        if isinstance(event, Open) and _leads_to_itself(event):
            self._opened[event.object] = event.path
        if isinstance(event, Pipe):
            self._name(event.object, "pipe")
        if isinstance(event, Open) and event.object.startswith("socket:"):
            self._name(event.object, "socket")
        if isinstance(event, Inherit) and event.object not in self._things:
            kind = event.object.partition(":[")[0]
            if kind in ("pipe", "socket"):
                self._name(event.object, f"{kind} from outside")
        return replace(event, **{name: self._field(name, getattr(event, name)) for name in _NAMED[type(event)]})

    def _name(self, object: str, kind: str) -> None:
        self._made[kind] += 1
        self._things[object] = f"{kind} {self._made[kind]}"

    def _give_rank(self, pid: int) -> None:
        self._born += 1
        self._ranks[pid] = self._born

    def _field(self, name: str, value: Any) -> Any:
        if name == "object":
            return self._object(value)
        if name == "data":
            return _NUMBER.sub(self._number, value)
        return self._pid(value)

    def _pid(self, pid: int) -> int:
        if pid in (0, ANYBODY):
            return pid
        if pid > 0:
            return self._ranks.get(pid, OUTSIDE)
        rank = self._ranks.get(leader(pid), OUTSIDE)
        return GROUP_OF_A if rank == 1 else -rank

    def _object(self, object: str) -> str:
        if ours := _OURS.fullmatch(object):
            return f"the {ours[1]}"
        if object.startswith(("pipe:", "socket:")) and object not in self._things:  # it was made before we looked
            self._name(object, object.partition(":")[0])
        if object.startswith("/proc/"):
            return _PROC.sub(self._number, object)
        return self._things.get(object) or self._opened.get(object, object)

    def _number(self, match: re.Match[str]) -> str:
        """In a program's output, a whole number that is a known pid becomes the letter."""
        rank = self._ranks.get(int(match[0]))
        return match[0] if rank is None else f"⟨{letter(rank)}⟩"


def _leads_to_itself(event: Open) -> bool:
    """A relative path, and no symbolic link: what was opened has the name that was given."""
    given, found = os.path.basename(event.path), os.path.basename(event.object)
    relative = event.path and not event.path.startswith("/")
    return bool(relative and found) and given in (found, "", ".", "..")


_NAMED = {
    kind: [name for name in names if name in _PID_FIELDS | {"object", "data"}] for kind, names in FIELDS.items()
}
