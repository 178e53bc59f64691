"""Rows and lanes → pixels: each lane is as wide as what stands in it needs."""

from __future__ import annotations

from collections import defaultdict
from math import ceil
from typing import TYPE_CHECKING, NamedTuple

from minishell.show.text import width
from minishell.show.tracks import Tracks, channel, rows

if TYPE_CHECKING:
    from minishell.show.lanes import Arrow, Badge, Dot, Lanes

ROW = 28  # pixels
LEFT, RIGHT = 21, 10  # the margins
TEXT, NAME = 13, 17  # from a lane to its words, and to the name beside a badge
NUMBER = 7  # from a label to the number of its script line

_FIRST = LEFT + 9  # the first lane; its badge begins at the margin
_LABEL = 168  # the widest label that moves the next lane; longer ones are cut
_LAST_LABEL = 250  # the same where no lane follows
_NARROWEST = 64  # a lane
_MARGIN = 14  # between words and the next lane
_CHANNEL = 21  # from a lane to the first track of its channel
_TRACK_MARGIN = 7  # between words and a track
_DIGIT = 7.4


class Words(NamedTuple):
    """Something to read beside a lane: its place in rows and lanes, its width in pixels, and what follows it."""

    row: int
    lane: int
    start: int
    width: float
    extra: float = 0


class Grid:
    """Where everything stands, in pixels, with the first row at 0.  `width`: of the whole, with its margins."""

    def __init__(self, picture: Lanes) -> None:
        self._tracks = Tracks(picture.arrows)
        self._used = self._rows_in_use(picture)
        self._lanes: list[int] = []
        self.width = 0
        self._place([*map(beside_dot, picture.dots), *map(beside_badge, picture.badges)], picture.lanes)

    def x(self, lane: int) -> int:
        """The middle of a lane."""
        return self._lanes[lane]

    def y(self, row: int) -> int:
        """The middle of a row."""
        return row * ROW

    def across(self, arrow: Arrow, row: int) -> int:
        """Where the arrow runs across below a row."""
        return self.y(row) + self._tracks.across[arrow]

    def down(self, arrow: Arrow) -> int:
        """Where the arrow runs down."""
        return self.x(channel(arrow)) - _CHANNEL - self._tracks.down[arrow]

    def room(self, words: Words) -> float:
        """How wide the words may be."""
        following = self._following(words)
        right = self.width - RIGHT if following is None else self.x(following[0]) - following[1]
        return right - self.x(words.lane) - words.start - words.extra

    def _rows_in_use(self, picture: Lanes) -> list[dict[int, int]]:
        """For each lane the rows where words from the left have to stop, and how many pixels before it."""
        used: list[dict[int, int]] = [{} for _ in range(picture.lanes)]
        for bar in picture.bars:
            used[bar.lane] |= dict.fromkeys(range(bar.top, bar.bottom + 1), _MARGIN)
        for badge in picture.badges:
            used[badge.lane][badge.row] = _MARGIN
        for arrow, track in self._tracks.down.items():
            first, last = rows(arrow)
            stops = used[channel(arrow)]
            for row in range(first, last + 1):
                stops[row] = max(stops.get(row, 0), _CHANNEL + track + _TRACK_MARGIN)
        return used

    def _following(self, words: Words) -> tuple[int, int] | None:
        """The next lane that is in use in the row of these words, and how many pixels before it they have to stop."""
        for lane in range(words.lane + 1, len(self._used)):
            stop = self._used[lane].get(words.row)
            if stop is not None:
                return lane, stop
        return None

    def _place(self, words: list[Words], lanes: int) -> None:
        """Each lane as far left as the words before it let it stand."""
        needs: defaultdict[int, list[tuple[int, float]]] = defaultdict(list)
        ends: list[tuple[int, float]] = []
        for each in words:
            following = self._following(each)
            if following is None:
                ends.append((each.lane, each.start + min(each.width, _LAST_LABEL) + each.extra + RIGHT))
            else:
                lane, stop = following
                needs[lane].append((each.lane, each.start + min(each.width, _LABEL) + each.extra + stop))
        for lane in range(lanes):
            first = _FIRST + max((stop - _MARGIN for stop in self._used[0].values()), default=0)
            nearest = self._lanes[-1] + _NARROWEST if self._lanes else first
            self._lanes.append(ceil(max([nearest, *(self._lanes[left] + need for left, need in needs[lane])])))
        self.width = ceil(max((self._lanes[left] + need for left, need in ends), default=0))


def beside_dot(dot: Dot) -> Words:
    """What stands beside a dot."""
    extra = 0 if dot.line is None else NUMBER + _DIGIT * len(str(dot.line))
    return Words(dot.row, dot.lane, TEXT, width(dot.label, bold=dot.kind == "exec"), extra)


def beside_badge(badge: Badge) -> Words:
    """The name beside a badge."""
    return Words(badge.row, badge.lane, NAME, width(badge.name, bold=True))
