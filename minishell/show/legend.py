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
        for words in [line for text in not_drawn(picture) for line in _filled(text, room)]:
            y += _LINE * bool(self._shown)
            self._shown.append(f'<text class="n" y="{y}">{escape(words)}</text>')
        self.height = y + _LINE if self._shown else 0

    def drawing(self) -> list[str]:
        """The elements; the first line stands at 0."""
        return self._shown


def not_drawn(picture: Lanes) -> list[str]:
    """What is said instead of events that are too many, and where they are to be seen."""
    said = []
    if picture.joined:
        said.append(f"{picture.joined} more reads and writes: drawn as one for each descriptor")
    if picture.left_out:
        said.append(f"{picture.left_out} more events: not drawn")
    return [*said, "(picture --all draws all, trace tells all)"] if said else []


def _filled(text: str, room: float) -> list[str]:
    """The text in lines that fit into `room`, broken between words."""
    lines = [""]
    for word in text.split():
        longer = f"{lines[-1]} {word}".lstrip()
        if width(longer) <= room or not lines[-1]:
            lines[-1] = longer
        else:
            lines.append(word)
    return lines


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
