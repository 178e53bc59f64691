"""The steps between what is typed and what will be done, each by itself: tokens, tree, words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from minishell.expand.words import fields
from minishell.explain.foretell import commands
from minishell.explain.rehearsal import undone
from minishell.explain.telling import Telling, shown
from minishell.source import Source, Span
from minishell.syntax import tokens as kinds
from minishell.syntax.parser import Parser
from minishell.syntax.tree import HereDocument, Redirect, Simple, Word
from minishell.syntax.unparse import word as unparse_word

if TYPE_CHECKING:
    from collections.abc import Iterator

    from minishell.shell import Shell

MIDDLE, LAST, PASSING, BLANK = "├─", "└─", "│ ", "  "


def tokens(line: str) -> list[str]:
    """One token a line: from which column to which, its kind, its text.  XCU 2.3."""
    parser = Parser(Source("typed", line))
    told: list[str] = []
    while True:
        token = parser.lexer.next()
        if token.kind == kinds.END:
            return told
        kind = "operator" if token.kind in kinds.OPERATORS else token.kind
        if token.reserved is not None:
            kind = "word (reserved, where a command can begin)"
        columns = f"{token.span.start + 1}–{token.span.end}"
        told.append(f"{columns:>7}  {token.span.text!r:20}  {kind}")


def tree(line: str) -> list[str]:
    """How the line is understood: each node of the tree, the part of the line that it is, and what it holds."""
    return [text for command in commands(Source("typed", line), {}) for text in drawn(command, "", "")]


def drawn(node: object, first: str, rest: str) -> Iterator[str]:
    span = getattr(node, "span", None)
    place = f"  {' '.join(span.text.split())}" if isinstance(span, Span) else ""
    yield f"{first}{type(node).__name__}{details(node)}{place}"
    held = list(children(node))
    for number, child in enumerate(held):
        final = number == len(held) - 1
        yield from drawn(child, rest + (LAST if final else MIDDLE), rest + (BLANK if final else PASSING))


def children(node: object) -> Iterator[object]:
    """The nodes inside a node, in the order of the text."""
    for value in vars(node).values() if hasattr(node, "__match_args__") else ():
        yield from inside(value)


def inside(value: object) -> Iterator[object]:
    if isinstance(value, tuple):
        for each in value:
            yield from inside(each)
    elif hasattr(value, "__match_args__") and not isinstance(value, Span):
        yield value
    elif isinstance(value, HereDocument) and value.body is not None:
        yield value.body


def details(node: object) -> str:
    """What a node says of itself in one word or two: `For i`, `Redirect >`."""
    words = [
        str(value)
        for name, value in vars(node).items()
        if name in node.__match_args__ and isinstance(value, str) and value  # type: ignore[attr-defined]
    ]
    flags = [name for name, value in vars(node).items() if value is True]
    return "".join(f" {word}" for word in (*map(repr, words), *flags))


def words(shell: Shell, line: str) -> list[str]:
    """What each word becomes: the fields that a program would get.  Commands in `$(…)` are not run.  XCU 2.6."""
    told = []
    telling = Telling(shell)
    with undone(shell), telling.rehearsing():
        for command in commands(Source("typed", line), shell.aliases):
            for word in all_words(command):
                became = " ".join(map(shown, fields(shell, [word])))
                told.append(f"{unparse_word(word):24}  {became or 'nothing'}")
    return told


def all_words(node: object) -> Iterator[Word]:
    """The words of simple commands, and where redirections lead."""
    match node:
        case Simple(_, words, redirects):
            yield from words
            yield from (redirect.target for redirect in redirects if isinstance(redirect.target, Word))
        case _:
            for child in children(node):
                if not isinstance(child, Word | Redirect):
                    yield from all_words(child)
