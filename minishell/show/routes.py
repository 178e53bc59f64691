"""Where arrows run: in the gaps between rows and in a channel left of each lane, so that they cross no words.

Two arrows in the same gap keep a few pixels apart.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from minishell.show.lanes import Arrow

LANE, ROW = 176, 28  # pixels
LEFT, TOP = 30, 48  # of the first lane and the first row

_CHANNEL = 15  # left of a lane
_BAR = 4  # half the width of a bar
_CURVE = 6  # radius of a corner
_GAP_TRACKS = (0, 4, -4)
_CHANNEL_TRACKS = (0, -5, 5)


def x_of(lane: int) -> int:
    """The middle of a lane, in pixels."""
    return LEFT + lane * LANE


def y_of(row: int) -> int:
    """The middle of a row, in pixels."""
    return TOP + row * ROW


class Routes:
    """Gives each arrow its way, remembering which gaps are taken."""

    def __init__(self) -> None:
        self._gaps: defaultdict[int, list[tuple[int, int, int]]] = defaultdict(list)
        self._channels: defaultdict[int, list[tuple[int, int, int]]] = defaultdict(list)

    def of(self, arrow: Arrow) -> tuple[str, str]:
        """The path of an arrow's line and the path of its head."""
        if arrow.kind == "fork":
            return self._to_badge(arrow)
        if arrow.target > arrow.source:
            return self._rightwards(arrow)
        return self._leftwards(arrow)

    def _to_badge(self, arrow: Arrow) -> tuple[str, str]:
        x, to_x, to_y = x_of(arrow.source), x_of(arrow.target), y_of(arrow.bottom) - 11
        y = y_of(arrow.top) + ROW // 2 + self._gap(arrow.top, x, to_x) - 3
        return f"M{x + _BAR} {y}H{to_x - _CURVE}Q{to_x} {y} {to_x} {to_y - 3}", _head(to_x, to_y, "down")

    def _rightwards(self, arrow: Arrow) -> tuple[str, str]:
        x, to_x, to_y = x_of(arrow.source), x_of(arrow.target) - 6, y_of(arrow.bottom)
        y = y_of(arrow.top) + ROW // 2 + self._gap(arrow.top, x, to_x)
        turn = to_x - _CHANNEL + self._channel(arrow.target, y, to_y)
        corner = min(_CURVE, (to_y - y) // 2)
        down = f"M{x + _BAR} {y}H{turn - corner}q{corner} 0 {corner} {corner}"
        across = f"V{to_y - corner}q0 {corner} {corner} {corner}H{to_x - 4}"
        return down + across, _head(to_x, to_y, "right")

    def _leftwards(self, arrow: Arrow) -> tuple[str, str]:
        x, to_x = x_of(arrow.source), x_of(arrow.target) + 6
        y = y_of(arrow.bottom) - ROW // 2 + self._gap(arrow.bottom - 1, to_x, x)
        head = _head(to_x, y, "left")
        if arrow.kind == "end":
            return f"M{x - _BAR} {y}H{to_x + 4}", head
        turn = x - _CHANNEL + self._channel(arrow.source, y_of(arrow.top), y)
        start = f"M{x - _BAR} {y_of(arrow.top)}H{turn + _CURVE}q-{_CURVE} 0 -{_CURVE} {_CURVE}"
        return f"{start}V{y - _CURVE}q0 {_CURVE} -{_CURVE} {_CURVE}H{to_x + 4}", head

    def _gap(self, row: int, left: int, right: int) -> int:
        return _free(self._gaps[row], left, right, _GAP_TRACKS)

    def _channel(self, lane: int, top: int, bottom: int) -> int:
        return _free(self._channels[lane], top, bottom, _CHANNEL_TRACKS)


def _free(taken: list[tuple[int, int, int]], start: int, end: int, tracks: tuple[int, ...]) -> int:
    """The first track that nobody uses between start and end; the first of all where all are in use."""
    busy = {track for low, high, track in taken if low < end and start < high}
    track = next((track for track in tracks if track not in busy), tracks[0])
    taken.append((start, end, track))
    return track


def _head(x: int, y: int, direction: str) -> str:
    match direction:
        case "right":
            return f"M{x} {y}l-7-3.5v7z"
        case "down":
            return f"M{x} {y}l-3.5-7h7z"
    return f"M{x} {y}l7-3.5v7z"
