"""Where the events of a line go while it is run: a story for who watches, JSON lines for programs, or a list."""

from __future__ import annotations

import json
import os
import signal
import time
from contextlib import suppress
from typing import TYPE_CHECKING

from minishell.record import replace
from minishell.trace.event import HEADER, KINDS, Event, Fork, Kill, Note, as_json, at
from minishell.trace.launch import tracer
from minishell.trace.names import Naming, addressee, letter

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator, Sequence

    from minishell.trace.story import Teller


_IN_PLACE_OF_THE_LINE = "\r\033[J"


class Story:
    """One sentence an event, written to a descriptor as things happen."""

    def __init__(self, fd: int, teller: Teller, *, prompts: bool = False) -> None:
        """`prompts`: the shell is interactive, and a line may be being typed when the jobs of this one go on."""
        self.fd, self._teller, self._prompts = fd, teller, prompts
        self.shell = 0
        """The shell, once it has gone on to the next line"""

    def take(self, events: Sequence[Event]) -> None:
        """Tell them; while a line is being typed, in its place, and have the editor draw it again below."""
        self._teller.columns = _columns(self.fd)
        lines = self._teller.tell(events)
        typing = lines and self._prompts and self.shell and self._is_at_the_prompt()
        if typing:
            lines[0] = f"{_IN_PLACE_OF_THE_LINE}{lines[0]}"
        _write(self.fd, lines)
        if typing:
            with suppress(ProcessLookupError):
                os.kill(self.shell, signal.SIGWINCH)

    def _is_at_the_prompt(self) -> bool:
        """In the foreground; while it carries out a line it is watched by the observer of that, who would see us."""
        try:
            return os.tcgetpgrp(self.fd) == os.getpgid(self.shell) and not tracer(self.shell)
        except OSError:  # it is no terminal, or the shell is gone
            return False

    def end(self, problem: str) -> None:
        """Tell why it ended, if that is not plain."""
        if problem:
            _write(self.fd, [f"trace: {problem}"])


def _columns(fd: int) -> int:
    """The width of the terminal; 0: it is none, or does not know."""
    try:
        return os.get_terminal_size(fd).columns
    except OSError:
        return 0


def dump(events: Iterable[Event]) -> Iterator[str]:
    """The lines of a trace file, without newlines."""
    yield json.dumps(HEADER)
    yield from map(Lines().line, events)


class Lines:
    """Events as lines of a trace file (see `event.py`); each has the letter of its process as its `name`."""

    def __init__(self) -> None:
        self._naming = Naming()

    def line(self, event: Event) -> str:
        """The next event's line."""
        named = self._naming.rename(event)
        if hasattr(event, "object"):
            event = replace(event, object=named.object)  # type: ignore[attr-defined]
        return as_json(event, name=letter(named.pid), **_names(named))


def _names(named: Event) -> dict[str, str]:
    """What the others are called that an event is about."""
    match named:
        case Fork(child=child) if child:
            return {"child_name": letter(child)}
        case Kill(target=target):
            return {"target_name": addressee(target)}
    return {}


class JsonLines:
    """A trace file, written as things happen."""

    def __init__(self, fd: int, only: Collection[str] = ()) -> None:
        self.fd, self._only, self._lines = fd, {*(only or KINDS), Note.kind}, Lines()
        self._first = 0

    def begin(self) -> None:
        """Write the first line.  Raises OSError."""
        _write(self.fd, [json.dumps(HEADER)])

    def take(self, events: Sequence[Event]) -> None:
        """Write them."""
        self._first = self._first or events[0].pid
        lines = [(event, self._lines.line(event)) for event in events]
        _write(self.fd, [line for event, line in lines if event.kind in self._only])

    def end(self, problem: str) -> None:
        """Where nothing went wrong, nothing more is written: a reader sees how the last process ended."""
        if problem:
            _write(self.fd, [self._lines.line(Note(pid=self._first, text=problem, **at(time.monotonic_ns())))])


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
