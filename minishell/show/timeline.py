"""The picture of a run as SVG: a lane a process, time downwards, arrows for everything that one did to another.

`lanes` decides what stands in which row and lane; `routes` finds a way for the arrows; here rows become pixels.
The colour of a lane is its program: a fork copies it and exec changes it.  Text takes the colour of the page
around it, and everything else has a light and a dark value, so that the same file serves both.
"""

from __future__ import annotations

import html
import re
from typing import TYPE_CHECKING, NamedTuple

from minishell.show.labels import shorten
from minishell.show.labels import width as text_width
from minishell.show.lanes import Arrow, Badge, Bar, Dot, Lanes, lanes
from minishell.show.routes import LANE, LEFT, ROW, TOP, Routes, x_of, y_of
from minishell.show.style import PROGRAMS, style
from minishell.trace.story import story

if TYPE_CHECKING:
    from collections.abc import Iterable

    from minishell.trace.event import Event

_RIGHT, _BOTTOM = 8, 34
_TEXT = 13  # pixels from a lane to its words
_BOLD = 1.08  # how much wider bold text is
_BESIDE, _NUMBER = 30, 22  # pixels that a label leaves free for the lanes, and for the number of a line
_LEGEND_STEP = 5.6  # pixels a character of the legend


def timeline(events: Iterable[Event], title: str) -> str:
    """The picture as SVG text.  The story is its text alternative (`desc`)."""
    events = tuple(events)
    picture = lanes(events)
    legend = _legend(picture)
    name = "ms-" + re.sub(r"[^a-z0-9]+", "-", title.lower()).strip("-")
    width = max([legend.width, *map(_right_edge, picture.dots), *map(_right_edge_of_badge, picture.badges)]) + _RIGHT
    height = TOP + picture.rows * ROW + _BOTTOM
    return "\n".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" class="minishell" viewBox="0 0 {width} {height}"'
            f' width="{width}" height="{height}" role="img" aria-labelledby="{name}-title {name}-story">',
            f'<title id="{name}-title">{_escape(title)}</title>',
            f'<desc id="{name}-story">{_escape(chr(10).join(story(events)))}</desc>',
            f"<style>{style()}</style>",
            f'<text class="title" x="{LEFT - 9}" y="20">{_escape(title)}</text>',
            *_body(picture),
            f'<g transform="translate({LEFT - 9} {height - 10})">{legend.drawing}</g>',
            "</svg>\n",
        ]
    )


def _body(picture: Lanes) -> list[str]:
    """Arrows lie under bars, bars under dots."""
    routes = Routes()
    zombies = [bar for bar in picture.bars if bar.state == "zombie"]
    lives = [bar for bar in picture.bars if bar.state != "zombie"]
    return [
        *(_arrow(arrow, routes) for arrow in picture.arrows),
        *map(_bar, zombies),
        *map(_bar, lives),
        *map(_badge, picture.badges),
        *map(_dot, picture.dots),
    ]


def _arrow(arrow: Arrow, routes: Routes) -> str:
    path, head = routes.of(arrow)
    return f'<path class="a {arrow.kind}" d="{path}"/><path class="h {arrow.kind}" d="{head}"/>'


def _bar(bar: Bar) -> str:
    x, top, bottom = x_of(bar.lane), y_of(bar.top), y_of(bar.bottom)
    if top == bottom:
        return ""
    line = f'd="M{x} {top}V{bottom}"'
    colour = f"p{bar.program % PROGRAMS}"
    if bar.state == "zombie":
        return (
            f'<path class="zombie" {line}><title>a zombie: it has ended, nobody has waited for it yet</title></path>'
        )
    if bar.state == "runs":
        return f'<path class="b {colour}" {line}/>'
    return f'<path class="b pale {colour}" {line}/><path class="hatch {bar.state} {colour}" {line}/>'


def _badge(badge: Badge) -> str:
    x, y = x_of(badge.lane), y_of(badge.row)
    colour = f"p{badge.program % PROGRAMS}"
    return (
        f'<g class="badge {colour}"><circle cx="{x}" cy="{y}" r="10"/>'
        f'<text x="{x}" y="{y + 4}">{badge.letter}</text></g>'
        f'<text class="name t{badge.program % PROGRAMS}" x="{x + _TEXT + 4}" y="{y + 4}">{_escape(badge.name)}</text>'
    )


def _dot(dot: Dot) -> str:
    x, y = x_of(dot.lane), y_of(dot.row)
    line = "" if dot.line is None else f' data-line="{dot.line}"'
    number = "" if dot.line is None else f'<tspan class="n" dx="7">{dot.line}</tspan>'
    room = dot.room * LANE - _BESIDE - (_NUMBER if number else 0)
    words = f"<tspan>{_escape(shorten(dot.label, room))}</tspan>{number}"
    return (
        f'<g class="e" data-kind="{dot.kind}"{line}><title>{_escape(dot.call)}</title>{_sign(dot, x, y)}'
        f'<text class="{_ink(dot)}" x="{x + _TEXT}" y="{y + 4}">{words}</text></g>'
    )


def _right_edge(dot: Dot) -> int:
    room = dot.room * LANE - _BESIDE
    return x_of(dot.lane) + _TEXT + round(min(text_width(dot.label) * _BOLD + (_NUMBER if dot.line else 0), room))


def _right_edge_of_badge(badge: Badge) -> int:
    return x_of(badge.lane) + _TEXT + round(text_width(badge.name) * _BOLD)


def _sign(dot: Dot, x: int, y: int) -> str:
    colour = f"p{dot.program % PROGRAMS}"
    match dot.kind:
        case "killed":
            return f'<path class="cross" d="M{x - 5} {y - 5}l10 10m0-10l-10 10"/>'
        case "exit":
            return f'<path class="stub {colour}" d="M{x - 6} {y}h12"/>'
        case "exec":
            return f'<circle class="become {colour}" cx="{x}" cy="{y}" r="6"/>'
    return f'<circle class="dot {colour}" cx="{x}" cy="{y}" r="3.5"/>'


def _ink(dot: Dot) -> str:
    if dot.kind == "exec":
        return f"name t{dot.program % PROGRAMS}"
    return {"failed": "red", "killed": "red", "kill": "red", "signal": "red", "waits": "soft"}.get(dot.kind, "l")


_SIGNS = (
    ("data", "bytes"),
    ("eof", "end of file"),
    ("kill", "signal"),
    ("waits", "waiting"),
    ("stopped", "stopped"),
    ("zombie", "zombie"),
    ("line", "script line"),
)


class _Legend(NamedTuple):
    width: int
    drawing: str


def _legend(picture: Lanes) -> _Legend:
    """One line that explains the signs that occur, and no others."""
    used = {arrow.kind for arrow in picture.arrows} | {bar.state for bar in picture.bars}
    used |= {"line" for dot in picture.dots if dot.line is not None}
    x, shown = 0, ""
    for kind, words in _SIGNS:
        if kind in used:
            shown += f'{_sample(kind, x)}<text class="n" x="{x + 24}">{words}</text>'
            x += round(24 + _LEGEND_STEP * len(words)) + 16
    return _Legend(LEFT + x, shown)


def _sample(kind: str, x: int) -> str:
    match kind:
        case "waits" | "stopped":
            return f'<path class="b pale p0" d="M{x} -4h18"/><path class="hatch {kind} p0" d="M{x} -4h18"/>'
        case "zombie":
            return f'<path class="zombie" d="M{x} -4h18"/>'
        case "line":
            return f'<text class="n" x="{x + 5}">12</text>'
    return f'<path class="a {kind}" d="M{x} -4h18"/>'


def _escape(text: str) -> str:
    return html.escape(text, quote=True)
