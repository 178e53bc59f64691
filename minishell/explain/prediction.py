"""What is foretold: the events that will happen, the reasons, and what depends on how a program ends.

Processes have the numbers 1, 2, 3 … in the order in which they will be forked; the shell that is asked is 1, and
is called A (`trace/names.py`).  Events are those of `trace/event.py`, so that what was foretold can be compared with
what happened.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TYPE_CHECKING, TypeAlias

from minishell.trace.names import letter

if TYPE_CHECKING:
    from collections.abc import Mapping

    from minishell.source import Span
    from minishell.trace.event import Event
    from minishell.trace.process import Descriptor

# How something ends


@dataclass(frozen=True)
class Known:
    """This status, whatever happens."""

    status: int

    def __str__(self) -> str:
        return str(self.status)


@dataclass(frozen=True)
class Of:
    """The status with which process `pid` ends: a program's own affair."""

    pid: int

    def __str__(self) -> str:
        return f"that of {letter(self.pid)}"


@dataclass(frozen=True)
class Not:
    """`!`: 1 if `status` is 0, else 0."""

    status: Status

    def __str__(self) -> str:
        return f"the contrary of {self.status}"


@dataclass(frozen=True)
class Choice:
    """`then` if `status` is zero (or is not, without `zero`), else `otherwise`."""

    status: Status
    zero: bool
    then: Status
    otherwise: Status

    def __str__(self) -> str:
        return f"{self.then} if {self.status} is {'0' if self.zero else 'not 0'}, else {self.otherwise}"


@dataclass(frozen=True)
class LastFailure:
    """`set -o pipefail`: that of the last process whose status is not 0; 0 if there is none."""

    statuses: tuple[Status, ...]

    def __str__(self) -> str:
        return f"the last that is not 0 of {', '.join(map(str, self.statuses))} (pipefail)"


@dataclass(frozen=True)
class Unknown:
    """Nobody can say, because of `why`."""

    why: str

    def __str__(self) -> str:
        return f"not to be known beforehand: {self.why}"


Status: TypeAlias = "Known | Of | Not | Choice | LastFailure | Unknown"


def is_zero(status: Status, seen: Mapping[int, bool] = MappingProxyType({})) -> bool | None:
    """Whether it is 0; None: nobody knows.  `seen`: of which processes it is known whether they ended with 0."""
    match status:
        case Known(number):
            return number == 0
        case Of(pid):
            return seen.get(pid)
        case Not(inner):
            zero = is_zero(inner, seen)
            return None if zero is None else not zero
    return None


def negated(status: Status) -> Status:
    return Known(int(status.status == 0)) if isinstance(status, Known) else Not(status)


def decided(status: Status, seen: Mapping[int, bool] = MappingProxyType({})) -> Status:
    """The same status as a question about one process after the other: `0 if that of B is 0, else that of C`."""
    match status:
        case Of(pid) if seen.get(pid):
            return Known(0)
        case Choice(condition, zero, then, otherwise):
            condition = decided(condition, seen)
            known = is_zero(condition, seen)
            if known is not None:
                return decided(then if known == zero else otherwise, seen)
            first = looked_at(condition)
            if first is None or len(seen) > MOST_QUESTIONS:
                return Choice(condition, zero, decided(then, seen), decided(otherwise, seen))
            well, badly = decided(status, {**seen, first: True}), decided(status, {**seen, first: False})
            return well if well == badly else Choice(Of(first), True, well, badly)
    return status


MOST_QUESTIONS = 6


def looked_at(status: Status) -> int | None:
    """The process on which it depends first."""
    match status:
        case Of(pid):
            return pid
        case Not(inner) | Choice(inner):
            return looked_at(inner)
    return None


# What happens


@dataclass(frozen=True)
class Will:
    """A call that process `event.pid` will make.

    Of an exec, `table` says what the program's descriptors will mean, and `environment` what it has beside the
    shell's own variables.  Of a close, `held` is the pipe's end that the process is rid of by it.
    """

    event: Event
    table: Mapping[int, Descriptor] | None = None
    environment: Mapping[str, str] | None = None
    held: Descriptor | None = None


@dataclass(frozen=True)
class Says:
    """Something worth saying of process `pid` that is not one event."""

    pid: int
    text: str


@dataclass(frozen=True)
class Part:
    """What one command of the line does."""

    span: Span
    items: list[Item] = field(default_factory=list)


@dataclass(frozen=True)
class Only:
    """What happens only if `status` is zero (or is not, without `zero`)."""

    status: Status
    zero: bool
    items: list[Item] = field(default_factory=list)


@dataclass(frozen=True)
class Repeats:
    """What happens again and again: how often depends on `why`."""

    why: str
    items: list[Item] = field(default_factory=list)


@dataclass(frozen=True)
class Leaves:
    """The process leaves off here, in the middle of the line: `what` it leaves, and with which status."""

    pid: int
    what: str
    status: Status


Item: TypeAlias = "Will | Says | Part | Only | Repeats | Leaves"


@dataclass(frozen=True)
class Prediction:
    """What a line does, and what `$?` is afterwards.  `ends`: how each process ends, as far as is known."""

    items: list[Item]
    status: Status
    ends: Mapping[int, Status]
