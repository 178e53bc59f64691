"""Half-expanded text, and field splitting.  POSIX.1-2024 XCU 2.6.5."""

from __future__ import annotations

from minishell.expand.patterns import quote

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

WHITE_SPACE = " \t\n"


class Piece:
    """Some text of a field.  `quoted`: its characters mean themselves.  `splits`: IFS cuts it."""

    __slots__ = ("quoted", "splits", "text")

    def __init__(self, text: str, *, quoted: bool = False, splits: bool = False) -> None:
        self.text, self.quoted, self.splits = text, quoted, splits

    def __repr__(self) -> str:
        return f"Piece({self.text!r}, quoted={self.quoted}, splits={self.splits})"


BREAK = Piece("")
"""Stands between two arguments of `$@`: here one field ends and the next begins, whatever IFS is."""


def joined(pieces: Sequence[Piece], ifs: str | None) -> str:
    """The text of pieces that are not to be split: arguments stay apart by the first character of IFS."""
    separator = " " if ifs is None else ifs[:1]
    return "".join([separator if piece is BREAK else piece.text for piece in pieces])


def as_pattern(pieces: Sequence[Piece]) -> str:
    """The text of pieces as a pattern: what is quoted in it means itself."""
    return "".join([quote(piece.text) if piece.quoted else piece.text for piece in pieces])


def split(pieces: Sequence[Piece], ifs: str | None) -> list[list[Piece]]:
    """Cut pieces into fields.  Unset IFS means blank, tab and newline; an empty one cuts nothing.

    White space in IFS separates in runs and is dropped at the ends; any other character of it ends a field
    each time, so that two in a row have an empty field between them.
    """
    ifs = WHITE_SPACE if ifs is None else ifs
    splitter = Splitter(ifs)
    for piece in pieces:
        if piece is BREAK:
            splitter.end_field()
        elif piece.splits and ifs:
            splitter.cut(piece)
        else:
            splitter.add(piece)
    splitter.end_field()
    return splitter.fields


class Splitter:
    """The fields so far, and the one being gathered."""

    def __init__(self, ifs: str) -> None:
        self.white = "".join([character for character in ifs if character in WHITE_SPACE])
        self.hard = "".join([character for character in ifs if character not in WHITE_SPACE])
        self.fields: list[list[Piece]] = []
        self.field: list[Piece] = []
        self.after_white = False  # a run of white space has ended a field: a hard separator may still belong to it

    def add(self, piece: Piece) -> None:
        if piece.text or piece.quoted:
            self.field.append(piece)
            self.after_white = False

    def end_field(self, even_if_empty: bool = False) -> None:
        if self.field or even_if_empty:
            self.fields.append(self.field)
            self.field = []

    def cut(self, piece: Piece) -> None:
        start = 0
        text = piece.text
        for at, character in enumerate(text):
            if character in self.white or character in self.hard:
                self.add(Piece(text[start:at]))
                self.separator(character)
                start = at + 1
        self.add(Piece(text[start:]))

    def separator(self, character: str) -> None:
        if character in self.white:
            if self.field:
                self.end_field()
                self.after_white = True
        else:
            if not self.after_white:
                self.end_field(even_if_empty=True)
            self.after_white = False
