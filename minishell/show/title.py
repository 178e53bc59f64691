"""What to write above a picture whose trace is all there is: the line that was typed, or the program that ran."""

from __future__ import annotations

import re
import shlex
from typing import TYPE_CHECKING

from minishell.trace.event import Exec

if TYPE_CHECKING:
    from collections.abc import Iterable

    from minishell.trace.event import Event

_SPAN = re.compile(r"span (?P<start>\d+)-(?P<end>\d+): (?P<text>.*)", re.DOTALL)
_LONGEST = 10_000  # characters; places beyond are not those of a line


def title(events: Iterable[Event]) -> str:
    """The line that a shell ran, as far as its parts tell it; or the first program with its arguments.

    Empty: neither is known, or the shell ran more than one line.
    """
    events = tuple(events)
    spans = [span for cause in {event.cause for event in events} if (span := _SPAN.fullmatch(cause))]
    if spans:
        return _typed_line(spans)
    programs = (shlex.join(event.argv) for event in events if isinstance(event, Exec) and not event.errno)
    return next(programs, "")


def _typed_line(spans: Iterable[re.Match[str]]) -> str:
    """The parts of the line, each at its place.  Nothing where two differ: then there was more than one text."""
    characters: dict[int, str] = {}
    for span in spans:
        start, end, text = int(span["start"]), int(span["end"]), span["text"]
        if end > _LONGEST or end - start != len(text):
            continue
        for place, character in enumerate(text, start):
            if characters.setdefault(place, character) != character:
                return ""
    return "".join(characters.get(place, " ") for place in range(max(characters, default=-1) + 1)).strip("\n")
