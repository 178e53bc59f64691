"""From marks (`marks.py`) to causes: every event learns what made it happen."""

from __future__ import annotations

from typing import TYPE_CHECKING

from minishell.record import replace
from minishell.trace.event import Event, Exec, Fork, Mark

if TYPE_CHECKING:
    from collections.abc import Iterable


def attribute(events: Iterable[Event]) -> tuple[Event, ...]:
    """Give each event its cause, and leave out the marks and what an interpreter did before its script began."""
    causes = Causes()
    caused: list[Event] = []
    for event in events:
        if isinstance(event, Mark) and event.text == "begin":
            caused.clear()
        told = causes.apply(event)
        if told is not None:
            caused.append(told)
    return tuple(caused)


class Causes:
    """What makes each process do what it does, from the marks that it leaves.

    A script marks its lines, a shell the part of the line that it is about to carry out.  A child inherits the cause
    of the fork that made it.  Exec ends a script's hold on its process; what a shell has started stays caused by it.
    """

    def __init__(self) -> None:
        self._causes: dict[int, str] = {}

    def apply(self, event: Event) -> Event | None:
        """The event with its cause; None for a mark that says one."""
        if isinstance(event, Mark) and (event.text in ("begin", "end") or event.text.startswith(("line ", "span "))):
            self._causes[event.pid] = "" if event.text in ("begin", "end") else event.text
            return None
        cause = self._causes.get(event.pid, "")
        if isinstance(event, Fork):
            self._causes[event.child] = cause
        elif isinstance(event, Exec) and not event.errno and cause.startswith("line "):
            self._causes[event.pid] = ""
        return replace(event, cause=cause) if cause else event
