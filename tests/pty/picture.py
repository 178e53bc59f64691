"""What a terminal shows: a pyte screen that also remembers what has scrolled away."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import pyte

if TYPE_CHECKING:
    from collections.abc import Callable


class Size(NamedTuple):
    rows: int
    columns: int


class Picture(pyte.Screen):
    """What the terminal shows, with the lines that have scrolled off its top."""

    def __init__(self, size: Size, answer: Callable[[str], None]) -> None:
        self.scrolled: list[str] = []
        self.answer = answer
        super().__init__(size.columns, size.rows)

    def index(self) -> None:
        """Move down a line; at the bottom the top line goes, and is kept."""
        if self.margins is None and self.cursor.y == self.lines - 1:
            self.scrolled.append(self.row(0).rstrip())
        super().index()

    def write_process_input(self, data: str) -> None:
        """Called by pyte with the terminal's answer to a question."""
        self.answer(data)

    def select_graphic_rendition(self, *attributes: int, private: bool = False) -> None:
        """Colours. The private form (ESC [ ? 4 m, sent by vim) asks for none; pyte 0.8 stumbles over it."""
        if not private:
            super().select_graphic_rendition(*attributes)

    def row(self, number: int) -> str:
        """A line of the window, padded with blanks to its width."""
        cells = self.buffer[number]
        return "".join(cells[column].data for column in range(self.columns))

    def text(self) -> str:
        """Everything so far, without the blanks at line ends."""
        rows = [self.row(number).rstrip() for number in range(self.lines)]
        return "\n".join([*self.scrolled, *rows]).rstrip()

    def line_number(self) -> int:
        """The number of the cursor's line, counted from the first line ever shown."""
        return len(self.scrolled) + self.cursor.y

    def has_mode(self, number: int) -> bool:
        """Whether a private mode (ESC [ ? number h) is on."""
        return number << 5 in self.mode
