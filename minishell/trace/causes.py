"""From marks (`marks.py`) to causes: every event learns what made it happen."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from minishell.trace.event import Event, Exec, Fork, Mark

if TYPE_CHECKING:
    from collections.abc import Iterable


def attribute(events: Iterable[Event]) -> tuple[Event, ...]:
    """Give each event its cause, from the marks before it, and leave out the marks and the interpreter's own start.

    A child inherits the cause of the fork that made it.  Exec ends a script's hold on its process.
    """
    causes: dict[int, str] = {}
    caused: list[Event] = []
    for event in events:
        text = event.text if isinstance(event, Mark) else ""
        if text == "begin":
            caused.clear()
        if text in ("begin", "end") or text.startswith("line "):
            causes[event.pid] = text if text.startswith("line ") else ""
            continue
        cause = causes.get(event.pid, "")
        caused.append(replace(event, cause=cause) if cause else event)
        if isinstance(event, Fork):
            causes[event.child] = cause
        elif isinstance(event, Exec) and not event.errno:
            causes[event.pid] = ""
    return tuple(caused)
