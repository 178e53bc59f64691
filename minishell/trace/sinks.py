"""Where the events of a line go while it is run: a story for who watches, JSON lines for programs, or a list."""

from __future__ import annotations

import os
import time
from dataclasses import replace
from typing import TYPE_CHECKING

from minishell.trace.event import KINDS, Event, Fork, Note, as_json, at, header
from minishell.trace.names import Naming, letter

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Sequence

    from minishell.trace.story import Teller


class Story:
    """One sentence an event, written to a descriptor as things happen."""

    def __init__(self, fd: int, teller: Teller) -> None:
        self.fd, self._teller = fd, teller

    def take(self, events: Sequence[Event]) -> None:
        """Tell them."""
        _write(self.fd, self._teller.tell(events))

    def end(self, problem: str) -> None:
        """Tell why it ended, if that is not plain."""
        if problem:
            _write(self.fd, [f"trace: {problem}"])


class JsonLines:
    """A trace file (see `event.py`), where each event also has the letter of its process as its `name`."""

    _first = 0  # the pid of the first process

    def __init__(self, fd: int, only: Collection[str] = ()) -> None:
        self.fd, self._only, self._naming = fd, {*(only or KINDS), Note.kind}, Naming()

    def begin(self) -> None:
        """Write the first line.  Raises OSError."""
        _write(self.fd, [header()])

    def take(self, events: Sequence[Event]) -> None:
        """Write them."""
        self._first = self._first or events[0].pid
        lines = [(event, json_line(event, self._naming)) for event in events]
        _write(self.fd, [line for event, line in lines if event.kind in self._only])

    def end(self, problem: str) -> None:
        """Where nothing went wrong, nothing more is written: a reader sees how the last process ended."""
        if problem:
            note = Note(pid=self._first, text=problem, **at(time.monotonic_ns()))
            _write(self.fd, [as_json(note, name="A", cause="")])


def json_line(event: Event, naming: Naming) -> str:
    """The event as JSON, with the name of its process, and its pipe by the name that it has in a story."""
    named = naming.rename(event)
    if hasattr(event, "object"):
        event = replace(event, object=named.object)  # type: ignore[attr-defined,call-arg]
    more = {"child_name": letter(named.child)} if isinstance(named, Fork) and named.child else {}
    return as_json(event, name=letter(named.pid), cause=event.cause, **more)


class Gather:
    """All of them, made into one text at the end."""

    def __init__(self, fd: int, make: Callable[[Sequence[Event]], str]) -> None:
        self.fd, self._make = fd, make
        self._events: list[Event] = []

    def take(self, events: Sequence[Event]) -> None:
        """Keep them."""
        self._events += events

    def end(self, problem: str) -> None:
        """Write the text."""
        _write(self.fd, [self._make(self._events)])


def _write(fd: int, lines: Sequence[str]) -> None:
    data = "".join(f"{line}\n" for line in lines).encode("utf-8", "backslashreplace")
    while data:
        data = data[os.write(fd, data) :]
