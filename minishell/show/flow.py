"""A flow of data that a picture cannot show piece by piece: its beginning, and then all the rest at once."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from minishell.record import replace
from minishell.trace.event import Event, Read, Write

if TYPE_CHECKING:
    from collections.abc import Sequence

FIRST_PIECES = 40  # reads and writes; 40 rows more or less are a screen


def shortened(events: Sequence[Event]) -> tuple[tuple[Event, ...], int]:
    """The events, where a long flow is cut short; and how many reads and writes are not there any more.

    From a certain moment on, what a process reads from one descriptor is told as one read, where the last of it was,
    and what it writes likewise.  So whoever reads something still does it after it was written.
    """
    pieces: defaultdict[object, list[int]] = defaultdict(list)
    seen = 0
    for number, event in enumerate(events):
        if isinstance(event, Read | Write) and event.count and not event.errno:
            seen += 1
            if seen > FIRST_PIECES:
                pieces[event.pid, event.kind, event.fd, event.object].append(number)
    joined: dict[int, Event | None] = {}
    for numbers in pieces.values():
        parts = [part for part in map(events.__getitem__, numbers) if isinstance(part, Read | Write)]
        joined |= dict.fromkeys(numbers)
        joined[numbers[-1]] = replace(parts[-1], count=sum(part.count for part in parts), data=parts[0].data)
    drawn = (joined.get(number, event) for number, event in enumerate(events))
    kept = tuple(event for event in drawn if event)
    return kept, len(events) - len(kept)
