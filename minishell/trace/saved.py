"""A trace that somebody saved, a trace file (see `event.py`) or a log of strace (`strace.py`) → its events."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from minishell.trace.event import FIELDS, KINDS, Event, SigAction, from_json, load
from minishell.trace.strace import Reader

if TYPE_CHECKING:
    from collections.abc import Sequence

_TYPES: dict[str, type | tuple[type, ...]] = {
    "int": int,
    "str": str,
    "bool": bool,
    "int | None": (int, type(None)),
    "tuple[str, ...]": tuple,
}
_ACTIONS = ("default", "ignored", "handled")
_CAUSE = re.compile(r"|line \d+|span \d+-\d+: .*", re.DOTALL)
_LOG_LINE = re.compile(r"\d+ +\d+\.\d+ ")
_OTHER_LOG = re.compile(r"(\[pid +\d+\] |\d+ +)?(\d\d:\d\d:\d\d\S* |\d+\.\d+ )?(\w+\(.*= |[-+]{3} )")
_NAMED = re.compile(r"\w+\(\d+<")
_DESCRIPTOR = re.compile(r"(read|write|close|dup2)\(\d")


class Unreadable(Exception):
    """The saved trace cannot be read.  `number`: of the line, from 1."""

    def __init__(self, number: int, message: str) -> None:
        super().__init__(message)
        self.number = number


@dataclass(frozen=True)
class Saved:
    """What was read.  `doubts`: the number of a line and what is wrong with it, where the rest can be used."""

    events: tuple[Event, ...]
    doubts: tuple[tuple[int, str], ...] = ()


def read(lines: Sequence[str]) -> Saved:
    """The events of a saved trace of either kind; its first line says which.  Raises Unreadable."""
    first = next((line.strip() for line in lines if line.strip()), "")
    if not first:
        raise Unreadable(1, "there is nothing in it")
    if first.startswith("{"):
        events = [_json(number, line) for number, line in enumerate(lines, 1) if _is_event(number, line)]
        return Saved(tuple(sorted(events, key=lambda event: event.moment_ns)))  # a file has them as they became known
    if _LOG_LINE.match(first):
        return _log(lines)
    if _OTHER_LOG.match(first):
        raise Unreadable(1, "this log lacks the process or the time: write it with `strace -f -ttt -y -o FILE`")
    raise Unreadable(1, "this is neither a trace file of minishell nor a log of strace")


def _is_event(number: int, line: str) -> bool:
    """False for the first line, which says the version, and for an empty one."""
    if number == 1:
        try:
            load([line])
        except ValueError as problem:
            raise Unreadable(1, str(problem)) from None
    return number > 1 and bool(line.strip())


def _json(number: int, line: str) -> Event:
    try:
        event = from_json(line)
    except json.JSONDecodeError as problem:
        words = f"{problem.msg.removesuffix(' at')}, at column {problem.colno}"
        raise Unreadable(number, f"this is not JSON: {words}") from None
    except KeyError as missing:
        known = missing.args[0] in ("kind", "t")
        words = f"the event has no {missing}" if known else f"there is no kind of event called {missing}"
        raise Unreadable(number, f"{words}; kinds are {', '.join(KINDS)}" if not known else words) from None
    except TypeError:
        raise Unreadable(number, "this is not an event, or a field of its kind is missing") from None
    if wrong := _wrong_field(event):
        raise Unreadable(number, f"the field {wrong} of {event.kind} cannot be {getattr(event, wrong)!r}")
    return event


def _wrong_field(event: Event) -> str:
    """The first field with a value that its type or its meaning does not allow."""
    for name, type_ in FIELDS[type(event)].items():
        if not isinstance(getattr(event, name), _TYPES[type_]):
            return name
    if not _CAUSE.fullmatch(event.cause):
        return "cause"
    return "action" if isinstance(event, SigAction) and event.action not in _ACTIONS else ""


def _log(lines: Sequence[str]) -> Saved:
    log = Reader(lines)
    doubts = [(number, f"passed over: {line.strip()[:60]}") for number, line in log.passed_over]
    if not log.events:
        raise Unreadable(1, "there is no call in it that starts, joins or ends a process")
    if not any(map(_NAMED.search, lines)):
        number = next((number for number, line in enumerate(lines, 1) if _DESCRIPTOR.search(line)), 0)
        doubts += (
            [(number, "descriptors have no names here, so pipes are not drawn: use strace -y")] if number else []
        )
    return Saved(log.events, tuple(doubts))
