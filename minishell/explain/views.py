"""The steps between what is typed and what will be done, each by itself: tokens, tree, words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from minishell.errors import SyntaxProblem
from minishell.expand.words import fields, text
from minishell.explain.foretell import commands
from minishell.explain.rehearsal import undone
from minishell.explain.telling import Telling, shown, unknown
from minishell.run.simple import assign
from minishell.source import Source, Span
from minishell.syntax import tokens as kinds
from minishell.syntax import unparse
from minishell.syntax.here_documents import announced, read_lines
from minishell.syntax.lexer import Incomplete
from minishell.syntax.parser import Parser
from minishell.syntax.tree import Case, CaseItem, For, HereDocument, Redirect, Simple, Word
from minishell.trace.words import quoted

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from minishell.shell import Shell
    from minishell.syntax.lexer import Lexer

MOST_OF_A_DOCUMENT = 60  # characters
MIDDLE, LAST, PASSING, BLANK = "├─", "└─", "│ ", "  "


def tokens(line: str) -> list[str]:
    """One token a line: from which column to which, its kind, its text.  XCU 2.3.

    What stands in a here-document is not cut into tokens: it is shown as a whole.  XCU 2.7.4.
    """
    lexer = Parser(Source("typed", line)).lexer
    told: list[str] = []
    awaited: list[HereDocument] = []
    before = ""
    while (token := lexer.next()).kind != kinds.END:
        kind = "operator" if token.kind in kinds.OPERATORS else token.kind
        if token.reserved is not None:
            kind = "word (reserved, where a command can begin)"
        if token.word is not None and before in ("<<", "<<-"):
            kind = "word: the line that will end the here-document"
            awaited.append(announced(token.word, strip_tabs=before == "<<-"))
        told.append(row(token.span, kind))
        before = token.kind
        if token.kind == kinds.NEWLINE:
            for document in awaited:
                told += here_document(lexer, document)
            awaited.clear()
    return told


def row(span: Span, kind: str) -> str:
    columns = f"{span.start + 1}–{span.end}"
    return f"{columns:>7}  {span.text!r:20}  {kind}"


def here_document(lexer: Lexer, document: HereDocument) -> Iterator[str]:
    """The body, and the line that ends it."""
    start = lexer.at
    try:
        read_lines(lexer, document)
    except Incomplete as missing:
        raise SyntaxProblem(f"the input ends before {missing.expected}", missing.span) from None
    last = lexer.source.text.rfind("\n", start, lexer.at - 1) + 1 or start
    how = "taken as it stands" if document.quoted else "expanded as between double quotes"
    tabs = "; tabs at the beginning of a line go" if document.strip_tabs else ""
    if last > start:
        yield row(Span(lexer.source, start, last), f"here-document: no tokens; {how}{tabs}")
    yield row(Span(lexer.source, last, lexer.at), "the line that ends it")


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
    """What each word becomes: the fields that a program would get.  Commands in `$(…)` are not run.  XCU 2.6.

    Assignments that stand alone are made, in a copy of the shell: the words behind them may need them.
    """
    told = []
    telling = Telling(shell)
    with undone(shell), telling.rehearsing():
        for command in commands(Source("typed", line), shell.aliases):
            told += [f"{typed:24}  {became or 'nothing'}" for typed, became in expanded(shell, command)]
    return told


def expanded(shell: Shell, node: object) -> Iterator[tuple[str, str]]:
    """Whatever is expanded in a command, as it is typed, and what it becomes, in the order of the text."""
    match node:
        case Simple(assignments, words, redirects):
            for each in assignments:
                yield unparse.assignment(each), shown(text(shell, each.value, assignment=True))
            if not words:
                assign(shell, assignments)
            yield from ((unparse.word(word), joined(fields(shell, [word]))) for word in words)
            for redirect in redirects:
                yield from expanded(shell, redirect)
        case Redirect(_, _, HereDocument() as document):
            assert document.body is not None
            yield unparse.redirect(node), quoted(text(shell, document.body), MOST_OF_A_DOCUMENT)
        case Redirect(_, _, Word() as target):
            yield unparse.redirect(node), shown(text(shell, target))
        case For(name, values, body, redirects):
            became = [fields(shell, [word]) for word in values or ()]
            yield from zip(map(unparse.word, values or ()), map(joined, became), strict=True)
            every = joined([field for each in became for field in each] if values else shell.arguments)
            shell.variables.set(name, unknown(f"one of {every}"), node.span)
            yield from expanded(shell, body)
            for redirect in redirects:
                yield from expanded(shell, redirect)
        case Case(word):
            yield f"case {unparse.word(word)}", shown(text(shell, word))
            for child in list(children(node))[1:]:
                yield from expanded(shell, child)
        case CaseItem(patterns, body):
            yield from ((f"{unparse.word(pattern)})", shown(text(shell, pattern))) for pattern in patterns)
            yield from expanded(shell, body)
        case _:
            for child in children(node):
                yield from expanded(shell, child)


def joined(became: Sequence[str]) -> str:
    return " ".join(map(shown, became))
