"""Which track each arrow takes, so that no two lie on each other.

Arrows run across in the gap below a row, and down in a channel at the left of a lane.  Those that end at the same dot
share their tracks.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Sequence

    from minishell.show.lanes import Arrow

_ACROSS = (14, 18, 10)  # pixels below the middle of a row; words end above 7, the next row's begin at 21
_TO_BADGE = (11, 14, 8)  # the arrow of a fork still has to turn down
_DOWN = (0, 5, 10, 15)  # pixels to the left in a channel
_APART = 4


class _Taken(NamedTuple):
    start: int
    end: int
    goal: tuple[str, int, int]
    place: int


class Tracks:
    """The tracks of these arrows: `across` in its gap and `down` in its channel, each in pixels."""

    def __init__(self, arrows: Sequence[Arrow]) -> None:
        self.across: dict[Arrow, int] = {}
        self.down: dict[Arrow, int] = {}
        gaps: defaultdict[int, list[_Taken]] = defaultdict(list)
        channels: defaultdict[int, list[_Taken]] = defaultdict(list)
        for arrow in sorted(arrows, key=lambda arrow: arrow.kind != "fork"):
            left, right = sorted((arrow.source, arrow.target))
            if left < right:
                places = _TO_BADGE if arrow.kind == "fork" else _ACROSS
                self.across[arrow] = _take(gaps[gap(arrow)], left, right, arrow, places)
            if arrow.kind not in ("fork", "end"):
                top, bottom = rows(arrow)
                self.down[arrow] = _take(channels[channel(arrow)], top, bottom + 1, arrow, _DOWN)


def gap(arrow: Arrow) -> int:
    """The row below which the arrow runs across."""
    goes_right = arrow.target > arrow.source
    return arrow.top if arrow.kind == "fork" or (goes_right and arrow.kind != "end") else arrow.bottom - 1


def channel(arrow: Arrow) -> int:
    """The lane beside which the arrow runs down."""
    return max(arrow.source, arrow.target)


def rows(arrow: Arrow) -> tuple[int, int]:
    """The first and the last row that the arrow passes in its channel."""
    if arrow.target > arrow.source:
        return arrow.top + 1, arrow.bottom
    return arrow.top, arrow.bottom - (arrow.target < arrow.source)


def _take(taken: list[_Taken], start: int, end: int, arrow: Arrow, places: Sequence[int]) -> int:
    """The first place that is free from start to end, or where arrows with the same goal run; else the first."""
    goal = (arrow.kind, arrow.bottom, arrow.target)
    meets = [other for other in taken if other.start < end and start < other.end]
    shared = next((other.place for other in meets if other.goal == goal and other.place in places), None)
    free = (place for place in places if all(abs(place - other.place) >= _APART for other in meets))
    place = shared if shared is not None else next(free, places[-1])
    taken.append(_Taken(start, end, goal, place))
    return place
