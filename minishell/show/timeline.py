"""The picture of a run as SVG: a lane a process, time downwards, arrows for everything that one did to another.

`lanes` decides what stands in which row and lane, `grid` and `tracks` where that is in pixels, `routes` finds a way
for the arrows; here all of it becomes text.  The colour of a lane is its program: a fork copies it and exec changes
it.  Text takes the colour of the page around it, and everything else has a light and a dark value, so that the same
file serves both.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from minishell.show.flow import shortened
from minishell.show.grid import LEFT, NAME, NUMBER, RIGHT, TEXT, Grid, beside_badge, beside_dot
from minishell.show.heading import Heading
from minishell.show.lanes import MOST_EVENTS, Arrow, Badge, Bar, Dot, Lanes, lanes
from minishell.show.legend import Legend, not_drawn
from minishell.show.routes import route
from minishell.show.style import PROGRAMS, style
from minishell.show.text import escape, plain, shorten
from minishell.trace.story import story

if TYPE_CHECKING:
    from collections.abc import Iterable

    from minishell.trace.event import Event

_BEFORE, _AFTER = 14, 26  # pixels from the heading to the first row, and from the last to the legend
_BASELINE = 4  # how far below the middle of a row its words stand


def timeline(events: Iterable[Event], title: str, *, everything: bool = False) -> str:
    """The picture as SVG text.  The story is its text alternative (`desc`).

    Without `everything`, what is too much for a picture is cut short, and the picture says so.
    """
    events, joined = (tuple(events), 0) if everything else shortened(tuple(events))
    most = len(events) if everything else MOST_EVENTS
    picture = lanes(events, most)
    picture.joined = joined
    told = story(events)[:most] + not_drawn(picture)
    grid = Grid(picture)
    heading = Heading(title, picture.parts, grid.width - LEFT - RIGHT)
    width = max(grid.width, heading.width + LEFT + RIGHT)
    legend = Legend(picture, width - LEFT - RIGHT)
    top = heading.height + _BEFORE
    bottom = top + grid.y(max(picture.rows - 1, 0)) + _AFTER
    height = bottom + legend.height
    name = (
        "ms-" + hashlib.sha256(title.encode("utf-8", "backslashreplace")).hexdigest()[:8]
    )  # an id may hold no blanks
    return "\n".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" class="minishell" viewBox="0 0 {width} {height}"'
            f' width="{width}" height="{height}" style="--width:{width}px" role="img"'
            f' aria-labelledby="{name}-title" aria-describedby="{name}-story">',
            f'<title id="{name}-title">{escape(title)}</title>',
            f'<desc id="{name}-story">{chr(10).join(map(escape, told))}</desc>',
            f"<style>{style()}</style>",
            f'<g transform="translate({LEFT})">',
            *heading.drawing(),
            f'</g><g transform="translate(0 {top})">',
            *_body(picture, grid),
            f'</g><g transform="translate({LEFT} {bottom + 8})">',
            *legend.drawing(),
            "</g></svg>\n",
        ]
    )


def _body(picture: Lanes, grid: Grid) -> list[str]:
    """Arrows lie under bars, bars under dots."""
    zombies = [bar for bar in picture.bars if bar.state == "zombie"]
    lives = [bar for bar in picture.bars if bar.state != "zombie"]
    return [
        *(_arrow(arrow, grid) for arrow in picture.arrows),
        *(_bar(bar, grid) for bar in zombies + lives),
        *(_badge(badge, grid) for badge in picture.badges),
        *(_dot(dot, grid) for dot in picture.dots),
    ]


def _arrow(arrow: Arrow, grid: Grid) -> str:
    line, head = route(arrow, grid)
    return (
        f'<g><title>{escape(arrow.meaning)}</title><path class="a {arrow.kind}" d="{line}"/>'
        f'<path class="h {arrow.kind}" d="{head}"/></g>'
    )


def _bar(bar: Bar, grid: Grid) -> str:
    x, top, bottom = grid.x(bar.lane), grid.y(bar.top), grid.y(bar.bottom)
    colour = f"p{bar.program % PROGRAMS}"
    if bar.state == "on":
        return f'<path class="on {colour}" d="M{x} {top}v14"/>'
    if top == bottom:
        return ""
    line = f'd="M{x} {top}V{bottom}"'
    if bar.state == "zombie":
        return (
            f'<path class="zombie" {line}><title>a zombie: it has ended, and nobody has waited for it</title></path>'
        )
    if bar.state == "runs":
        return f'<path class="b {colour}" {line}/>'
    return f'<path class="b pale {colour}" {line}/><path class="hatch {bar.state} {colour}" {line}/>'


def _badge(badge: Badge, grid: Grid) -> str:
    x, y, number = grid.x(badge.lane), grid.y(badge.row), badge.program % PROGRAMS
    name = shorten(plain(badge.name), grid.room(beside_badge(badge)), bold=True)
    return (
        f'<g class="badge p{number}"><circle cx="{x}" cy="{y}" r="10"/>'
        f'<text x="{x}" y="{y + _BASELINE}">{badge.letter}</text></g>'
        f'<text class="name t{number}" x="{x + NAME}" y="{y + _BASELINE}">{escape(name)}</text>'
    )


def _dot(dot: Dot, grid: Grid) -> str:
    x, y = grid.x(dot.lane), grid.y(dot.row)
    line = "" if dot.line is None else f' data-line="{dot.line}"'
    number = "" if dot.line is None else f'<tspan class="n" dx="{NUMBER}">{dot.line}</tspan>'
    words = shorten(dot.label, grid.room(beside_dot(dot)), bold=dot.kind == "exec")
    return (
        f'<g class="e" data-kind="{dot.kind}"{line}><title>{escape(dot.call)}</title>{_sign(dot, x, y)}'
        f'<text class="{_ink(dot)}" x="{x + TEXT}" y="{y + _BASELINE}">{escape(words)}{number}</text></g>'
    )


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
