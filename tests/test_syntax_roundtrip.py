"""A tree written as text and parsed again is the same tree; and every node's place in a text holds what it means."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings

from minishell.source import Source, Span
from minishell.syntax import unparse as unparsed
from minishell.syntax.parser import End, Unfinished, parse
from minishell.syntax.tree import Arithmetic, Assignment, CommandSubstitution, Parameter, Redirect, Word
from minishell.syntax.unparse import unparse
from tests.generated_trees import commands
from tests.trees import parsed

if TYPE_CHECKING:
    from collections.abc import Iterator

    from minishell.syntax.tree import Command


@settings(max_examples=300)
@given(commands())
def test_a_tree_becomes_text_and_the_same_tree_again(tree: Command) -> None:
    text = unparse(tree)
    assert parsed(text) == tree, text


@settings(max_examples=150)
@given(commands())
def test_every_place_holds_the_text_of_its_node(tree: Command) -> None:
    source = Source("test", f" {unparse(tree)} # end")
    again = parse(source)
    for node in nodes(again):
        span = getattr(node, "span", None)
        assert isinstance(span, Span)
        assert span.source is source
        assert 0 <= span.start <= span.end <= len(source.text)
        assert holds(node, span.text), span.text


def nodes(node: object) -> Iterator[object]:
    """The nodes of a tree that have a place."""
    if isinstance(node, tuple):
        for each in node:
            yield from nodes(each)
    elif hasattr(node, "__match_args__"):
        if hasattr(node, "span"):
            yield node
        for name in node.__match_args__:
            yield from nodes(getattr(node, name))


def holds(node: object, text: str) -> bool:
    """Whether `text`, a piece of what unparse wrote, is that of the node."""
    match node:
        case Word():
            return text == unparsed.word(node)
        case Parameter(name, ""):
            return text in (f"${name}", f"${{{name}}}")
        case Parameter() | CommandSubstitution() | Arithmetic():
            return text == unparsed.part(node)
        case Assignment():
            return text == unparsed.assignment(node)
        case Redirect():
            return text == unparsed.redirect(node)
    return parsed(text) == node


def test_places_of_words() -> None:
    command = parsed("  x=a\\ b 'c d'\"e\" ${f:-g h}i >j$k")
    places = [node.span.text for node in nodes(command) if isinstance(node, Word)]
    assert places == ["a\\ b", "'c d'\"e\"", "${f:-g h}i", "g h", "j$k"]


def test_places_between_backquotes_are_in_a_text_of_their_own_that_knows_its_line() -> None:
    command = parsed("a\nb `c \\\\d`")
    places = [(node.span.text, node.span.line_number) for node in nodes(command) if isinstance(node, Word)]
    assert places == [("a", 1), ("b", 2), ("`c \\\\d`", 2), ("c", 2), ("\\d", 2)]


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("a|b", "a | b"),
        ("a   b>f 2>&1", "a b > f 2>&1"),
        ("x=1 >f a", "x=1 a > f"),
        (">f {", "> f {"),
        ("a;b\nc&d", "a; b; c & d"),
        ("{ a&}", "{ a & }"),
        ("{ a\nb\n}>f", "{ a; b; } > f"),
        ("( ( a );b)", "( (a); b )"),
        ("a $( (b) )", "a $( (b) )"),
        ("a `b`", "a $(b)"),
        ("! a|b&&c", "! a | b && c"),
        ("a ${b}c ${b}- ${12}3", "a ${b}c $b- ${12}3"),
        ("a ${1}2", "a ${1}2"),
        ("a ${#b} ${b:-c d}", "a ${#b} ${b:-c d}"),
        ("a <<e\nx\ne", "a <<e"),
        ("a <<'e f'\nx\ne f", "a <<'e f'"),
        ("a <<\"it's\"\nx\nit's", "a <<'it'\\''s'"),
        ("a\\ b 'c d' \"e $f\"", "a\\ b 'c d' \"e $f\""),
    ],
)
def test_text_as_jobs_shows_it(typed: str, shown: str) -> None:
    command = parsed(typed)
    assert not isinstance(command, End | Unfinished)
    assert unparse(command) == shown
