"""Text the learner typed, and places in it."""

from __future__ import annotations

from minishell.record import record


class Source:
    """A text with a name: a typed line, a script, the operand of `-c`.

    `text` may grow while it is being read (a script on standard input); places in it stay true.
    """

    def __init__(self, name: str, text: str, first_line: int = 1) -> None:
        self.name, self.text, self.first_line = name, text, first_line
        self.newlines: list[int] = []
        """Where the lines looked at so far end"""
        self.looked_at = 0

    def __repr__(self) -> str:
        return f"Source({self.name!r}, {len(self.text)} characters)"

    def line_number(self, offset: int) -> int:
        """The line that holds the character at `offset`, counted from `first_line`."""
        while self.looked_at < offset:
            newline = self.text.find("\n", self.looked_at, offset)
            if newline < 0:
                self.looked_at = offset
                break
            self.newlines.append(newline)
            self.looked_at = newline + 1
        low, high = 0, len(self.newlines)
        while low < high:  # bisect, without the import: errors are told when no descriptor is left to open a module
            middle = (low + high) // 2
            low, high = (middle + 1, high) if self.newlines[middle] < offset else (low, middle)
        return self.first_line + low

    def line_around(self, offset: int) -> tuple[int, str]:
        """Where the line that holds `offset` starts, and its text without the newline."""
        start = self.text.rfind("\n", 0, offset) + 1
        end = self.text.find("\n", offset)
        return start, self.text[start:] if end < 0 else self.text[start:end]


@record
class Span:
    """From `start` up to, not including, `end` of a source; both count characters from 0."""

    source: Source
    start: int
    end: int

    @property
    def text(self) -> str:
        return self.source.text[self.start : self.end]

    @property
    def line_number(self) -> int:
        return self.source.line_number(self.start)


class Field(str):
    """One argument after expansion: a string that remembers the word it came from."""

    __slots__ = ("span",)
    span: Span | None

    def __new__(cls, text: str, span: Span | None = None) -> Field:
        field = super().__new__(cls, text)
        field.span = span
        return field
