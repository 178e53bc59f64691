"""The way of each arrow: in the gaps between rows and in a channel left of a lane, so that it crosses no words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from minishell.show.tracks import gap

if TYPE_CHECKING:
    from minishell.show.grid import Grid
    from minishell.show.lanes import Arrow

_BAR = 4  # half the width of a bar
_TIP = 6  # from the middle of a lane to the tip of an arrow
_BADGE = 11  # from the middle of a badge to the tip of an arrow
_HEAD = 4  # how far the line goes on inside the head
_CURVE = 6  # radius of a corner


def route(arrow: Arrow, grid: Grid) -> tuple[str, str]:
    """The path of an arrow's line and the path of its head."""
    if arrow.kind == "fork":
        return _to_badge(arrow, grid)
    if arrow.source == arrow.target:
        return _downwards(arrow, grid)
    if arrow.kind == "end":
        return _straight(arrow, grid)
    return _rightwards(arrow, grid) if arrow.target > arrow.source else _leftwards(arrow, grid)


def _to_badge(arrow: Arrow, grid: Grid) -> tuple[str, str]:
    x, y = grid.x(arrow.source), grid.across(arrow, gap(arrow))
    to_x, to_y = grid.x(arrow.target), grid.y(arrow.bottom) - _BADGE
    return f"M{x + _BAR} {y}H{to_x - _CURVE}Q{to_x} {y} {to_x} {to_y - 3}", _head(to_x, to_y, "down")


def _straight(arrow: Arrow, grid: Grid) -> tuple[str, str]:
    y, way = grid.across(arrow, gap(arrow)), 1 if arrow.target > arrow.source else -1
    x, to_x = grid.x(arrow.source) + way * _BAR, grid.x(arrow.target) - way * _TIP
    return f"M{x} {y}H{to_x - way * _HEAD}", _head(to_x, y, "right" if way > 0 else "left")


def _downwards(arrow: Arrow, grid: Grid) -> tuple[str, str]:
    x, turn, top, bottom = grid.x(arrow.source), grid.down(arrow), grid.y(arrow.top), grid.y(arrow.bottom)
    return f"M{x - _BAR} {top}{_around(turn, top, bottom)}H{x - _TIP - _HEAD}", _head(x - _TIP, bottom, "right")


def _rightwards(arrow: Arrow, grid: Grid) -> tuple[str, str]:
    x, y, turn = grid.x(arrow.source), grid.across(arrow, gap(arrow)), grid.down(arrow)
    to_x, to_y = grid.x(arrow.target) - _TIP, grid.y(arrow.bottom)
    corner = min(_CURVE, (to_y - y) // 2)
    down = f"M{x + _BAR} {y}H{turn - corner}q{corner} 0 {corner} {corner}"
    return f"{down}V{to_y - corner}q0 {corner} {corner} {corner}H{to_x - _HEAD}", _head(to_x, to_y, "right")


def _leftwards(arrow: Arrow, grid: Grid) -> tuple[str, str]:
    x, top, turn = grid.x(arrow.source), grid.y(arrow.top), grid.down(arrow)
    to_x, y = grid.x(arrow.target) + _TIP, grid.across(arrow, gap(arrow))
    corner = min(_CURVE, (y - top) // 2)
    start = f"M{x - _BAR} {top}H{turn + corner}q-{corner} 0 -{corner} {corner}"
    return f"{start}V{y - corner}q0 {corner} -{corner} {corner}H{to_x + _HEAD}", _head(to_x, y, "left")


def _around(turn: int, top: int, bottom: int) -> str:
    """From the right into a channel, down, and out of it to the right."""
    return f"H{turn + _CURVE}q-{_CURVE} 0 -{_CURVE} {_CURVE}V{bottom - _CURVE}q0 {_CURVE} {_CURVE} {_CURVE}"


def _head(x: int, y: int, direction: str) -> str:
    match direction:
        case "right":
            return f"M{x} {y}l-8-3.5 1.5 3.5-1.5 3.5z"
        case "down":
            return f"M{x} {y}l-3.5-8 3.5 1.5 3.5-1.5z"
    return f"M{x} {y}l8-3.5-1.5 3.5 1.5 3.5z"
