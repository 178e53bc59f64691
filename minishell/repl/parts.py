"""What each part of a line is to the shell, and what is wrong with it: the base of all colours.

The parts are those of `scan`; what is wrong is what the parser would say if Enter were pressed now.  Which
commands and files there are is the business of whoever asks.
"""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING

from minishell.builtins.registry import HOMES
from minishell.errors import SyntaxProblem
from minishell.repl import kinds
from minishell.repl.scan import scan
from minishell.source import Source
from minishell.syntax import tokens
from minishell.syntax.parser import End, Parser, Unfinished
from minishell.syntax.tree import PATTERN_CHARACTERS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from minishell.repl.kinds import Piece
    from minishell.source import Span

    Look = Callable[[str, Piece], str]

BUILTIN, PROGRAM, UNKNOWN, OPTION, GLOB, FILE, UNFINISHED = (
    "builtin",
    "program",
    "unknown",
    "option",
    "glob",
    "file",
    "unfinished",
)
NAMES = {
    kinds.COMMAND: kinds.COMMAND,
    kinds.RESERVED: kinds.RESERVED,
    kinds.DELIMITER: kinds.DELIMITER,
    kinds.NAME: kinds.PARAMETER,
    kinds.PATTERN: GLOB,
    kinds.NUMBER: kinds.REDIRECTION,
    kinds.SINGLE: "string",
    kinds.DOUBLE: "string",
    kinds.DOCUMENT: "string",
    kinds.ESCAPE: kinds.ESCAPE,
    kinds.PARAMETER: kinds.PARAMETER,
    kinds.ERROR: kinds.ERROR,
    kinds.OPERATOR: kinds.OPERATOR,
    kinds.REDIRECTION: kinds.REDIRECTION,
    kinds.COMMENT: kinds.COMMENT,
}
"""How a piece is coloured, if not by what is in it."""


def parts(text: str) -> Iterator[tuple[str, str]]:
    """The text in pieces, each with what it is: "" for nothing in particular.  Never raises.

    Nothing is looked for in the file system.
    """
    yield from runs(text, names(text, problem(text)[0], look_for_builtin))


def runs(text: str, names: list[str]) -> Iterator[tuple[str, str]]:
    """Neighbours with the same name as one piece."""
    start = 0
    for name, group in groupby(names):
        end = start + len(list(group))
        yield name, text[start:end]
        start = end


def look_for_builtin(text: str, piece: Piece) -> str:
    return BUILTIN if piece.kind == kinds.COMMAND and text[piece.start : piece.end] in HOMES else ""


def names(text: str, wrong: tuple[str, Span] | None, look: Look) -> list[str]:
    """What each character is.  `look` says more about a command or a file; "": no more than that it is one."""
    painter = Painter(text, look)
    painter.paint_all(scan(text).pieces)
    if wrong is not None:
        kind, span = wrong
        painter.paint(kind, span.start, min(span.end, len(text)))
    return painter.names


def problem(text: str) -> tuple[tuple[str, Span] | None, list[int]]:
    """What is wrong or unfinished and where, and the places up to which commands are complete, come what may."""
    source = Source("typed", text)
    parser = Parser(source)
    complete: list[int] = []
    while True:
        try:
            command = parser.next()
        except SyntaxProblem as wrong:
            is_here = wrong.span is not None and wrong.span.source is source
            return (kinds.ERROR, wrong.span) if wrong.span is not None and is_here else None, complete
        if isinstance(command, Unfinished):
            return (UNFINISHED, command.span) if command.span.source is source else None, complete
        if isinstance(command, End) or parser.token.kind != tokens.NEWLINE:
            return None, complete
        complete.append(parser.lexer.at)


class Painter:
    """Gives each character its name: what is inside goes over what is around it."""

    def __init__(self, text: str, look: Look) -> None:
        self.text, self.look = text, look
        self.names = [""] * len(text)

    def paint(self, name: str, start: int, end: int) -> None:
        self.names[start:end] = [name] * (end - start)

    def paint_all(self, pieces: list[Piece]) -> None:
        for piece in pieces:
            self.paint_piece(piece)

    def paint_piece(self, piece: Piece) -> None:
        start, end = piece.start, piece.end
        match piece.kind:
            case kinds.SUBSTITUTION | kinds.BACKQUOTED:
                self.paint_substitution(piece)
            case kinds.ASSIGNMENT:
                equals = self.text.index("=", start)
                self.paint(kinds.ASSIGNMENT, start, equals + 1)
                self.paint_globs(piece)
                self.paint_all(piece.children)
            case kinds.COMMAND | kinds.ARGUMENT | kinds.TARGET:
                self.paint_word(piece)
            case kinds.PLAIN:
                pass
            case kind:
                self.paint(NAMES[kind], start, end)
                self.paint_all(piece.children)

    def paint_substitution(self, piece: Piece) -> None:
        """The brackets in one colour, what is inside as if it stood alone."""
        opening = 1 if piece.kind == kinds.BACKQUOTED else 2
        self.paint("", piece.start, piece.end)
        self.paint_all(piece.children)
        self.paint(kinds.SUBSTITUTION, piece.start, piece.start + opening)
        if not piece.unfinished:
            self.paint(kinds.SUBSTITUTION, piece.end - 1, piece.end)

    def paint_word(self, piece: Piece) -> None:
        """A command, an argument or the file of a redirection."""
        found = self.look(self.text, piece)
        if piece.kind == kinds.COMMAND:
            self.paint(found or kinds.COMMAND, piece.start, piece.end)
        else:
            if self.text[piece.start] == "-" and piece.kind == kinds.ARGUMENT:
                self.paint(OPTION, piece.start, piece.end)
            self.paint_globs(piece)
        self.paint_all(piece.children)
        if found == FILE:
            self.names[piece.start : piece.end] = [f"{name} file" for name in self.names[piece.start : piece.end]]

    def paint_globs(self, piece: Piece) -> None:
        """Pattern characters that nothing quotes: what is quoted is painted over them afterwards."""
        raw = self.text[piece.start : piece.end]
        if PATTERN_CHARACTERS.isdisjoint(raw):
            return
        for at, character in enumerate(raw, piece.start):
            if character in PATTERN_CHARACTERS:
                self.names[at] = GLOB
