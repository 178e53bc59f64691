"""The little of a terminal that a transcript needs: where characters end up when a line editor moves the cursor.

Grows downwards without end instead of scrolling.  Colours and modes are read and forgotten.  The control sequences
are those of ECMA-48; the ones missing here are not used by what is recorded, and raise `Unknown` instead of
spoiling a transcript.
"""

import re
from collections.abc import Callable

SEQUENCE = re.compile(
    r"\x1b\[(?P<parameters>[0-?]*)[ -/]*(?P<final>[@-~])"  # CSI: what most sequences are
    r"|\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)"  # OSC: titles
    r"|\x1b[=>78()][0B]?"  # keypad, saved cursor, character sets
    r"|(?P<control>[\x00-\x1a\x1c-\x1f\x7f])"
    r"|(?P<text>[^\x00-\x1f\x7f]+)"
)
TAB_COLUMNS = 8
FORGOTTEN = "mhlnqcrtsu"  # colours, modes, questions to the terminal, scroll region, saved cursor


class Unknown(Exception):
    """The terminal was told something that this one does not know."""


class Screen:
    """Lines of characters, and a cursor that counts both from 0."""

    def __init__(self) -> None:
        self.lines: list[list[str]] = [[]]
        self.row = 0
        self.column = 0
        self.pending = ""

    def feed(self, text: str) -> None:
        """Carry out what a program wrote; the beginning of a sequence waits for its end."""
        text = self.pending + text
        place = 0
        while place < len(text) and (piece := SEQUENCE.match(text, place)):
            place = piece.end()
            self.obey(piece)
        self.pending = text[place:]
        if len(self.pending) > 200:
            raise Unknown(f"no control sequence: {self.pending[:20]!r}")

    def obey(self, piece: re.Match[str]) -> None:
        """Carry out one piece."""
        if piece["text"]:
            self.write(piece["text"])
        elif piece["control"]:
            self.control(piece["control"])
        elif piece["final"]:
            self.sequence(piece["parameters"], piece["final"])

    def write(self, text: str) -> None:
        """Put characters at the cursor, over what is there."""
        line = self.lines[self.row]
        line.extend(" " * (self.column - len(line)))
        line[self.column : self.column + len(text)] = text
        self.column += len(text)

    def control(self, character: str) -> None:
        """Newline, carriage return, backspace, tab; the rest makes no mark."""
        match character:
            case "\n":
                self.move_to(self.row + 1, self.column)
            case "\r":
                self.column = 0
            case "\b":
                self.column = max(0, self.column - 1)
            case "\t":
                self.column += TAB_COLUMNS - self.column % TAB_COLUMNS

    def sequence(self, parameters: str, final: str) -> None:
        """Move or erase."""
        number = int(parameters) if parameters.isdigit() else 0
        if final in MOVES:
            self.move_to(*MOVES[final](self.row, self.column, max(1, number)))
        elif final == "K":
            del self.lines[self.row][0 if number == 2 else self.column :]
        elif final == "J" and number == 0:
            del self.lines[self.row][self.column :]
            del self.lines[self.row + 1 :]
        elif final not in FORGOTTEN:
            raise Unknown(f"a control sequence that a transcript cannot show: ESC [ {parameters} {final}")

    def move_to(self, row: int, column: int) -> None:
        """Set the cursor, making lines as needed."""
        self.row, self.column = max(0, row), max(0, column)
        self.lines.extend([] for _ in range(self.row - len(self.lines) + 1))

    def line(self, row: int) -> str:
        """The text of one line."""
        return "".join(self.lines[row])

    def text(self, rows: int | None = None) -> str:
        """The text of the first `rows` lines, or of all."""
        return "\n".join("".join(line) for line in self.lines[:rows])


MOVES: dict[str, Callable[[int, int, int], tuple[int, int]]] = {
    "A": lambda row, column, count: (row - count, column),
    "B": lambda row, column, count: (row + count, column),
    "C": lambda row, column, count: (row, column + count),
    "D": lambda row, column, count: (row, column - count),
    "E": lambda row, column, count: (row + count, 0),
    "F": lambda row, column, count: (row - count, 0),
    "G": lambda row, column, count: (row, count - 1),
}
