"""What the signs of a picture mean: only those that occur in it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from minishell.show.text import escape, width

if TYPE_CHECKING:
    from minishell.show.lanes import Lanes

_SIGNS = {
    "data": "bytes",
    "eof": "end of file",
    "broken": "nobody reads any more",
    "kill": "signal",
    "waits": "waiting",
    "stopped": "stopped",
    "zombie": "zombie",
    "line": "script line",
}
_SAMPLE, _APART, _LINE = 24, 16, 20  # pixels: to the words, between two signs, from line to line


class Legend:
    """The signs of a picture, in lines of at most `room` pixels.  `height` is what they take."""

    def __init__(self, picture: Lanes, room: float) -> None:
        used = {arrow.kind for arrow in picture.arrows} | {bar.state for bar in picture.bars}
        used |= {"line" for dot in picture.dots if dot.line is not None}
        self._shown: list[str] = []
        x, y = 0, 0
        for kind, words in _SIGNS.items():
            if kind in used:
                needed = round(_SAMPLE + width(words))
                if x and x + needed > room:
                    x, y = 0, y + _LINE
                self._shown.append(f'{_sample(kind, x, y)}<text class="n" x="{x + _SAMPLE}" y="{y}">{words}</text>')
                x += needed + _APART
        if picture.left_out:
            y += _LINE * bool(self._shown)
            self._shown.append(f'<text class="n" y="{y}">{escape(left_out(picture))}</text>')
        self.height = y + _LINE if self._shown else 0

    def drawing(self) -> list[str]:
        """The elements; the first line stands at 0."""
        return self._shown


def left_out(picture: Lanes) -> str:
    """What is said instead of the events that are too many."""
    return f"… {picture.left_out} more events are not drawn"


def _sample(kind: str, x: int, y: int) -> str:
    line = f'd="M{x} {y - 4}h18"'
    match kind:
        case "waits" | "stopped":
            return f'<path class="b pale p0" {line}/><path class="hatch {kind} p0" {line}/>'
        case "zombie":
            return f'<path class="zombie" {line}/>'
        case "line":
            return f'<text class="n" x="{x + 5}" y="{y}">12</text>'
    return f'<path class="a {kind}" {line}/>'
