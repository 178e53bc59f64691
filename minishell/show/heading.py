"""The title of a picture: the typed line, with a bracket under each part and the letters of the processes it made."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from minishell.show.style import PROGRAMS
from minishell.show.text import CELL_PX, cells, escape, plain, width

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from minishell.show.lanes import Part

_FEWEST_CELLS, _MOST_LINES = 44, 6
_FIRST, _LINE, _LEVEL, _BELOW = 20, 19, 19, 16  # pixels: the first baseline, one more line, one more row of brackets
_SHOWN = 3  # letters under one part; of more than that the first and the last


@dataclass(frozen=True)
class Bracket:
    """Under one part, on one line: from cell to cell, how deep, whose."""

    line: int
    left: int
    right: int
    level: int
    letters: str
    program: int


class Heading:
    """A title that has to fit into `room` pixels.  `height` is what it takes, `width` what it takes at least."""

    def __init__(self, title: str, parts: Sequence[Part], room: float) -> None:
        self._places, self._lines = _wrap(title, max(_FEWEST_CELLS, int(room / CELL_PX)))
        self._brackets = _brackets(_valid(title, parts), self._places)
        self._baselines: list[int] = []
        y = _FIRST
        for number in range(len(self._lines)):
            self._baselines.append(y)
            deepest = max((bracket.level + 1 for bracket in self._brackets if bracket.line == number), default=0)
            y += _LINE + deepest * _LEVEL
        self.height = y - _LINE + _BELOW
        self.width = round(CELL_PX * max(map(cells, self._lines), default=0))

    def drawing(self) -> list[str]:
        """The elements, from the left margin on."""
        shown = []
        for y, line in zip(self._baselines, self._lines, strict=True):
            length = f' textLength="{CELL_PX * cells(line):g}"' if line else ""
            shown.append(f'<text class="title" y="{y}"{length}>{escape(line)}</text>')
        return shown + list(map(self._bracket, self._brackets))

    def _bracket(self, bracket: Bracket) -> str:
        left, right = CELL_PX * bracket.left + 1, CELL_PX * bracket.right - 1
        y = self._baselines[bracket.line] + 5 + bracket.level * _LEVEL
        program = bracket.program % PROGRAMS
        line = f'<path class="brace p{program}" d="M{left:g} {y}v3H{right:g}v-3"/>'
        if not bracket.letters:
            return line
        middle = (left + right) / 2
        return f'{line}<text class="who t{program}" x="{middle:g}" y="{y + 14}">{escape(bracket.letters)}</text>'


def _wrap(title: str, columns: int) -> tuple[dict[int, tuple[int, int]], list[str]]:
    """The line and cell of each character, and the lines.  What does not fit is left out, with a sign."""
    places: dict[int, tuple[int, int]] = {}
    lines = [""]
    for start, end in _pieces(title, columns):
        piece = plain(title[start:end].rstrip("\n"))
        if start and (title[start - 1] == "\n" or cells(lines[-1] + piece.rstrip()) > columns):
            if len(lines) == _MOST_LINES:
                lines[-1] += "…"
                break
            lines.append("")
        for index in range(start, end):
            if title[index] != "\n":
                places[index] = (len(lines) - 1, cells(lines[-1]))
                lines[-1] += plain(title[index])
    return places, lines


def _pieces(title: str, columns: int) -> Iterator[tuple[int, int]]:
    """From where to where the title may not be broken: words with the blanks behind them, cut where they are long."""
    for word in re.finditer(r"\n|[^\s]+[^\S\n]*\n?|[^\S\n]+", title):
        start = word.start()
        for index in range(word.start(), word.end()):
            if cells(plain(title[start : index + 1]).rstrip()) > columns:
                yield start, index
                start = index
        yield start, word.end()


def _valid(title: str, parts: Iterable[Part]) -> dict[tuple[int, int], list[Part]]:
    """The parts that are of this text, by their place: a part may be of the text of `eval` or of a file."""
    found: defaultdict[tuple[int, int], list[Part]] = defaultdict(list)
    for part in parts:
        if part.text and title[part.start : part.end].startswith(part.text.rstrip("…")):
            found[part.start, part.end].append(part)
    return found


def _brackets(groups: dict[tuple[int, int], list[Part]], places: dict[int, tuple[int, int]]) -> list[Bracket]:
    """Short parts stand nearest to the text; one that would touch another goes deeper."""
    brackets: list[Bracket] = []
    for (start, end), parts in sorted(groups.items(), key=lambda item: (item[0][1] - item[0][0], item[0])):
        stretches = _stretches(start, end, places)
        letters = _letters([part.letter for part in parts])
        level = 0
        while any(
            _touches(stretch, letters, other) for stretch in stretches for other in brackets if other.level == level
        ):
            level += 1
        for stretch in stretches:
            brackets.append(Bracket(*stretch, level, letters, parts[0].program))
            letters = ""
    return brackets


def _stretches(start: int, end: int, places: dict[int, tuple[int, int]]) -> list[tuple[int, int, int]]:
    """Line, first cell and last of each line that the characters from start to end stand on."""
    found: dict[int, tuple[int, int]] = {}
    for index in range(start, end):
        if index in places:
            line, column = places[index]
            found[line] = (min(column, found.get(line, (column, 0))[0]), column + 1)
    return [(line, left, right) for line, (left, right) in found.items()]


def _touches(stretch: tuple[int, int, int], letters: str, other: Bracket) -> bool:
    line, left, right = stretch
    mine, its = _extent(left, right, letters), _extent(other.left, other.right, other.letters)
    return line == other.line and mine[0] < its[1] and its[0] < mine[1]


def _extent(left: int, right: int, letters: str) -> tuple[float, float]:
    """From where to where a bracket and its letters reach, in pixels."""
    middle, half = (left + right) / 2 * CELL_PX, width(letters, bold=True) / 2 + 2
    return min(left * CELL_PX, middle - half), max(right * CELL_PX, middle + half)


def _letters(letters: list[str]) -> str:
    return " ".join(letters) if len(letters) <= _SHOWN else f"{letters[0]} … {letters[-1]}"
