"""Colours for a line as it is typed.  What is to be coloured is told by `parts`, and how by `style`."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from prompt_toolkit.lexers import Lexer, SimpleLexer

from minishell.builtins.registry import BUILTINS, HOMES
from minishell.expand.tilde import home_directory
from minishell.repl import kinds
from minishell.repl.parts import BUILTIN, FILE, PROGRAM, UNKNOWN, names, problem, runs
from minishell.repl.programs import Programs, is_program, modified
from minishell.repl.word import typed

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Iterator

    from prompt_toolkit.document import Document
    from prompt_toolkit.formatted_text import StyleAndTextTuples

    from minishell.repl.kinds import Piece
    from minishell.repl.shell_lexer import ShellLexer
    from minishell.shell import Shell

__all__ = ["ShellLexer", "highlighter"]

LONGEST = 10_000
"""Characters that are coloured; a longer text stays plain, so that typing in it stays quick."""

FILES_LOOKED_FOR = 100
"""Words of which it is found out whether they are files; each costs a system call."""


def highlighter(shell: Shell) -> Lexer:
    """The colours of an interactive shell's line."""
    return Highlighter(Known(shell))


def __getattr__(name: str) -> object:
    """`ShellLexer`, the same for Pygments; the shell itself does without that import."""
    if name == "ShellLexer":
        from minishell.repl.shell_lexer import ShellLexer

        return ShellLexer
    raise AttributeError(name)


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
        """What more there is to say about a command or a possible file name."""
        is_command = piece.kind == kinds.COMMAND
        self.looked_for += not is_command
        if self.looked_for > FILES_LOOKED_FOR and not is_command:
            return ""
        word = typed(text, piece, self.shell.variables.get)
        if not word.known:
            return ""
        path = self.path(word.value) if text[piece.start] == "~" else word.value
        if is_command:
            return self.command(path)
        return FILE if exists(path) else ""

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
            self.known.programs.found.clear()
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
