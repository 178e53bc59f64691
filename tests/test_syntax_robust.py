"""Nothing that can be typed crashes the parser, makes it hang, or takes it long."""

from __future__ import annotations

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from minishell.errors import SyntaxProblem, report
from minishell.source import Source
from minishell.syntax.lexer import DEEPEST
from minishell.syntax.parser import End, Parser, Unfinished, parse
from minishell.syntax.tree import HereDocument
from minishell.syntax.unparse import unparse
from tests.generated_trees import commands
from tests.trees import parsed

TYPE_CHECKING = False
if TYPE_CHECKING:
    from minishell.syntax.tree import Command

PIECES = (
    *" \t\n'\"\\$`#|&;<>(){}!=*?[]~-+:%@0129ax_",
    *(
        "\0",
        "\udcff",
        "é",
        "日",
        "\x7f",
        "\r",
        "&&",
        "||",
        "<<",
        "<<-",
        "<&",
        ">&",
        "<>",
        ">|",
        "$(",
        "${",
        "$((",
        "if",
    ),
    *("\\\n", "<<e\n", "\ne\n", "x=", "${#", "${x:-", " { ", "; }", " a ", "2>"),
)
texts = st.lists(st.sampled_from(PIECES), max_size=40).map("".join)


@settings(max_examples=600)
@given(texts | st.text(max_size=60))
@example("\\")
@example("${")
@example("a <<")
@example("a <<e\n$(b <<f")
def test_any_text_is_a_tree_or_unfinished_or_a_problem(text: str) -> None:
    outcome(text)


def outcome(text: str) -> Command | End | Unfinished | SyntaxProblem:
    """What becomes of the text; whatever is wrong with it lies in it."""
    result = attempt(text)
    problem = result.problem() if isinstance(result, Unfinished) else result
    if isinstance(problem, SyntaxProblem):
        assert problem.span is not None
        assert 0 <= problem.span.start <= problem.span.end <= len(problem.span.source.text)
        assert report(problem)
        assert report(problem, interactive=True)
    return result


def attempt(text: str) -> Command | End | Unfinished | SyntaxProblem:
    try:
        return parse(Source("test", text))
    except SyntaxProblem as problem:
        return problem


@settings(max_examples=200)
@given(commands().map(unparse), st.data())
def test_a_script_that_was_damaged_is_no_worse(script: str, data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(script)))
    length = data.draw(st.integers(0, 3))
    outcome(script[:at] + data.draw(st.sampled_from(PIECES)) + script[at + length :])


@settings(max_examples=200)
@given(texts)
def test_lines_one_by_one_mean_what_they_mean_at_once(text: str) -> None:
    lines = text.splitlines(keepends=True) if "\r" not in text else [text]
    fetched = iter(lines)
    parser = Parser(Source("test", ""), lambda: next(fetched, ""))
    expected = Parser(Source("test", text))
    while True:
        command = told(parser)
        assert command == told(expected)
        if isinstance(command, End | Unfinished | str):
            break


def told(parser: Parser) -> object:
    """The next command, or what is said instead of it, after which nobody reads on."""
    try:
        return parser.next()
    except SyntaxProblem as problem:
        return problem.message


MEGABYTE = 1_000_000
LONG = 50_000  # of what has more to it: a tree of that many nodes takes Python half a second


def filled(size: int, *units: str) -> list[object]:
    """Each unit repeated until the text has that size."""
    return [pytest.param(unit * (size // len(unit)), id=repr(unit)) for unit in units]


@pytest.mark.parametrize(
    "text",
    [
        *filled(
            MEGABYTE, "(", "{ ", "'", '"', "\\", "$(", "${x-", "!", "\n", "#", ">", "a", "1", "x=", "\0", "\udc80"
        ),
        *filled(
            LONG, "a ", "a;", "a\n", "a|", "a&&", "a&", "! ", "\\\n", "a\\\n", "# a\n", ">a ", "x= ", "<<a ", "<<a\n"
        ),
        *filled(LONG, "`", "$", "$a", "'\n", '"$a"', "``", "\\`", "$()", "()", "{a;}", "é"),
        pytest.param("'" + "a" * MEGABYTE, id="one quote"),
        pytest.param("1" * MEGABYTE + ">a", id="a descriptor"),
        pytest.param("${" + "1" * MEGABYTE + "}", id="an argument"),
        pytest.param("$" + "a" * LONG, id="a name"),
        pytest.param("<<a\n" + "b\n" * LONG + "a\n", id="a here-document"),
        pytest.param("<<a\n" + "$b\n" * LONG + "a\n", id="a here-document with expansions"),
        pytest.param("a `b`\n" * (LONG // 5), id="backquotes, each on a line"),
    ],
)
def test_long_texts_are_read_to_their_end(text: str) -> None:
    """Where the time grew with the square of the length, the tests would take hours."""
    outcome(text)


@pytest.mark.parametrize(
    ("opening", "closing"),
    [("(", ")"), ("{ ", ";}"), ("$(", ")"), ("a ${x-", "}"), ('"$(', ')"'), ('a "${x-', '}"')],
)
def test_nesting_ends_at_a_limit_that_is_told(opening: str, closing: str) -> None:
    assert not isinstance(parsed(opening * (DEEPEST - 1) + "a" + closing * (DEEPEST - 1)), End | Unfinished)
    with pytest.raises(SyntaxProblem, match=f"nested more than {DEEPEST} deep"):
        parsed(opening * (DEEPEST + 1) + "a" + closing * (DEEPEST + 1))


def test_what_is_nested_deepest_can_be_shown_compared_and_printed() -> None:
    text = "( " * DEEPEST + "a" + " )" * DEEPEST
    tree = parsed(text)
    assert not isinstance(tree, End | Unfinished)
    assert parsed(unparse(tree)) == tree
    assert hash(tree) == hash(parsed(text))
    assert "Literal(text='a')" in repr(tree)


def test_backquotes_in_backquotes_are_limited_as_well() -> None:
    """Each level doubles the backslashes: ten levels are a thousand."""
    text = "a"
    for _ in range(10):
        text = "a `" + text.replace("\\", "\\\\").replace("`", "\\`") + "`"
    assert not isinstance(outcome(text), End | Unfinished | SyntaxProblem)


def test_a_here_document_without_body_is_never_run() -> None:
    document = HereDocument("e", quoted=False, strip_tabs=False)
    assert document.body is None
    assert isinstance(parsed("a <<e"), Unfinished)
