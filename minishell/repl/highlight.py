"""Colours for a line as it is typed: what each part of it is to the shell, and what is wrong with it.

The parts are those of `scan`; what is wrong is what the parser would say if Enter were pressed now.  Colours
are given by `style`; here parts get names.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from prompt_toolkit.lexers import Lexer, SimpleLexer

from minishell.builtins.registry import BUILTINS, HOMES
from minishell.errors import SyntaxProblem
from minishell.expand.tilde import home_directory
from minishell.repl import scan
from minishell.repl.programs import Programs, is_program, modified
from minishell.repl.word import typed
from minishell.source import Source
from minishell.syntax import tokens
from minishell.syntax.parser import End, Parser, Unfinished
from minishell.syntax.tree import PATTERN_CHARACTERS

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Iterator

    from prompt_toolkit.document import Document
    from prompt_toolkit.formatted_text import StyleAndTextTuples

    from minishell.repl.scan import Piece
    from minishell.repl.shell_lexer import ShellLexer
    from minishell.shell import Shell
    from minishell.source import Span

    Look = Callable[[str, Piece], str]

__all__ = ["ShellLexer", "highlighter", "parts"]

LONGEST = 10_000
"""Characters that are coloured; a longer text stays plain, so that typing in it stays quick."""

FILES_LOOKED_FOR = 100
"""Words of which it is found out whether they are files; each costs a system call."""

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
    scan.COMMAND: scan.COMMAND,
    scan.RESERVED: scan.RESERVED,
    scan.DELIMITER: scan.DELIMITER,
    scan.NAME: scan.PARAMETER,
    scan.PATTERN: GLOB,
    scan.NUMBER: scan.REDIRECTION,
    scan.SINGLE: "string",
    scan.DOUBLE: "string",
    scan.DOCUMENT: "string",
    scan.ESCAPE: scan.ESCAPE,
    scan.PARAMETER: scan.PARAMETER,
    scan.ERROR: scan.ERROR,
    scan.OPERATOR: scan.OPERATOR,
    scan.REDIRECTION: scan.REDIRECTION,
    scan.COMMENT: scan.COMMENT,
}
"""How a piece is coloured, if not by what is in it."""


def __getattr__(name: str) -> object:
    """`ShellLexer`, the same for Pygments; the shell itself does without that import."""
    if name == "ShellLexer":
        from minishell.repl.shell_lexer import ShellLexer

        return ShellLexer
    raise AttributeError(name)


def parts(text: str) -> Iterator[tuple[str, str]]:
    """The text in pieces, each with what it is: "" for nothing in particular.  Never raises.

    Nothing is looked for in the file system.
    """
    yield from runs(text, names(text, problem(text)[0], look_for_builtin))


def runs(text: str, names: list[str]) -> Iterator[tuple[str, str]]:
    """Neighbours with the same name as one piece."""
    start = 0
    for at in range(1, len(text) + 1):
        if at == len(text) or names[at] != names[start]:
            yield names[start], text[start:at]
            start = at


def look_for_builtin(text: str, piece: Piece) -> str:
    return BUILTIN if piece.kind == scan.COMMAND and text[piece.start : piece.end] in HOMES else ""


def names(text: str, wrong: tuple[str, Span] | None, look: Look) -> list[str]:
    """What each character is.  `look` says more about a command or a file; "": no more than that it is one."""
    painter = Painter(text, look)
    painter.paint_all(scan.scan(text).pieces)
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
            return (scan.ERROR, wrong.span) if wrong.span is not None and is_here else None, complete
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
            case scan.SUBSTITUTION | scan.BACKQUOTED:
                self.paint_substitution(piece)
            case scan.ASSIGNMENT:
                equals = self.text.index("=", start)
                self.paint(scan.ASSIGNMENT, start, equals + 1)
                self.paint_globs(piece)
                self.paint_all(piece.children)
            case scan.COMMAND | scan.ARGUMENT | scan.TARGET:
                self.paint_word(piece)
            case scan.PLAIN:
                pass
            case kind:
                self.paint(NAMES[kind], start, end)
                self.paint_all(piece.children)

    def paint_substitution(self, piece: Piece) -> None:
        """The brackets in one colour, what is inside as if it stood alone."""
        opening = 1 if piece.kind == scan.BACKQUOTED else 2
        self.paint("", piece.start, piece.end)
        self.paint_all(piece.children)
        self.paint(scan.SUBSTITUTION, piece.start, piece.start + opening)
        if not piece.unfinished:
            self.paint(scan.SUBSTITUTION, piece.end - 1, piece.end)

    def paint_word(self, piece: Piece) -> None:
        """A command, an argument or the file of a redirection."""
        found = self.look(self.text, piece)
        if piece.kind == scan.COMMAND:
            self.paint(found or scan.COMMAND, piece.start, piece.end)
        else:
            if self.text[piece.start] == "-" and piece.kind == scan.ARGUMENT:
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


class Known:
    """What a shell can find out about words at this moment."""

    def __init__(self, shell: Shell) -> None:
        self.shell = shell
        self.programs = Programs(shell)
        self.looked_for = 0

    def version(self) -> Hashable:
        """Changes when an answer may have changed."""
        here = self.shell.variables.get("PWD")
        return here, modified("."), self.programs.version()

    def look(self, text: str, piece: Piece) -> str:
        word = typed(text, piece, self.shell.variables.get)
        if not word.known:
            return ""
        path = self.path(word.value) if text[piece.start] == "~" else word.value
        if piece.kind == scan.COMMAND:
            return self.command(path)
        self.looked_for += 1
        return FILE if self.looked_for <= FILES_LOOKED_FOR and exists(path) else ""

    def path(self, value: str) -> str:
        """A value that begins with a tilde, with the directory that it means."""
        user, slash, rest = value[1:].partition("/")
        return f"{home_directory(self.shell, user) or value}{slash}{rest}"

    def command(self, name: str) -> str:
        if name in HOMES or name in BUILTINS:
            return BUILTIN
        path = name if "/" in name else self.programs.find(name)
        return PROGRAM if path is not None and is_program(path) else UNKNOWN


def exists(path: str) -> bool:
    try:
        return path != "" and os.path.lexists(path)
    except ValueError:  # a NUL byte
        return False


def highlighter(shell: Shell) -> Lexer:
    """The colours of an interactive shell's line."""
    return Highlighter(Known(shell))


class Highlighter(Lexer):
    """Remembers the text last coloured: of a longer one only what has changed is read again."""

    def __init__(self, known: Known) -> None:
        self.known = known
        self.version = known.version()
        self.forget()

    def forget(self) -> None:
        self.text = ""
        self.names: list[str] = []
        self.complete = [0]

    def invalidation_hash(self) -> Hashable:
        return self.known.version()

    def lex_document(self, document: Document) -> Callable[[int], StyleAndTextTuples]:
        if len(document.text) > LONGEST:
            return SimpleLexer().lex_document(document)
        self.read(document.text)
        lines = list(lines_of(runs(self.text, self.names)))
        return lambda number: lines[number] if number < len(lines) else []

    def read(self, text: str) -> None:
        version = self.known.version()
        if version != self.version:
            self.version = version
            self.forget()
        while text[: self.complete[-1]] != self.text[: self.complete[-1]]:
            self.complete.pop()
        start = self.complete[-1]
        self.known.looked_for = 0
        wrong, complete = problem(text[start:])
        self.names[start:] = names(text[start:], wrong, self.known.look)
        self.complete += [start + place for place in complete]
        self.text = text


def lines_of(pieces: Iterator[tuple[str, str]]) -> Iterator[StyleAndTextTuples]:
    """The lines of the text, each as (style, text) pairs."""
    line: StyleAndTextTuples = []
    for name, text in pieces:
        style = " ".join([f"class:shell.{each}" for each in name.split()])
        first, *others = text.split("\n")
        line += [(style, first)] if first else []
        for other in others:
            yield line
            line = [(style, other)] if other else []
    yield line
