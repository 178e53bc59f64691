"""How problems are told: the caret under a typed line, and `file:line:column` in scripts."""

from __future__ import annotations

import pytest

from minishell import errors
from minishell.errors import ShellError, columns, report, shown, under_the_line
from minishell.source import Field, Source, Span


def place(text: str, piece: str, name: str = "typed", first_line: int = 1) -> Span:
    start = text.index(piece)
    return Span(Source(name, text, first_line), start, start + len(piece))


@pytest.mark.parametrize(
    ("text", "piece", "picture"),
    [
        ("fg %3", "%3", "fg %3\n   ^^ wrong\n"),
        ("a\nb c\nd", "c", "b c\n  ^ wrong\n"),
        ("a b\n", "a", "a b\n^ wrong\n"),
        ("a\tb", "b", "a b\n  ^ wrong\n"),
        ("日本 x", "x", "日本 x\n     ^ wrong\n"),
        ("日本 x", "本", "日本 x\n  ^^ wrong\n"),
        ("e\u0301 x", "x", "e\u0301 x\n  ^ wrong\n"),
        ("a\x01b c", "c", "a^Ab c\n     ^ wrong\n"),
        ("\udcff x", "x", "\ufffd x\n  ^ wrong\n"),
        ("a 'b\nc'", "'b\nc'", "a 'b\n  ^^ wrong\n"),
    ],
)
def test_the_caret_stands_under_the_place(text: str, piece: str, picture: str) -> None:
    assert under_the_line(place(text, piece), "wrong") == picture


def test_a_place_without_width_has_a_caret_all_the_same() -> None:
    assert under_the_line(Span(Source("typed", "ab"), 2, 2), "more?") == "ab\n  ^ more?\n"


@pytest.mark.parametrize(
    ("text", "visible", "width"),
    [
        ("plain", "plain", 5),
        ("\x1b[31m", "^[[31m", 6),
        ("\x7f", "^?", 2),
        ("\r\n", "^M^J", 4),
        ("é", "é", 1),
        ("ｗ", "ｗ", 2),
    ],
)
def test_what_cannot_be_shown_is_made_visible(text: str, visible: str, width: int) -> None:
    assert (shown(text), columns(text)) == (visible, width)


def test_in_a_script_the_place_is_told_in_numbers() -> None:
    span = place("one\ntwo three\n", "three", name="a.sh")
    assert report(ShellError("wrong", span)) == "a.sh:2:5: wrong\n"
    assert report(ShellError("wrong", span), interactive=True) == "two three\n    ^^^^^ wrong\n"


def test_lines_count_from_the_first_line_of_the_text() -> None:
    assert report(ShellError("wrong", place("a\nb", "b", name="f", first_line=7))) == "f:8:1: wrong\n"


def test_without_a_place_the_shell_speaks_for_itself() -> None:
    assert report(ShellError("wrong")) == "minishell: wrong\n"


def test_help_comes_on_a_line_of_its_own() -> None:
    assert report(ShellError("wrong", help="do right")) == "minishell: wrong\nhelp: do right\n"


def test_the_place_of_a_field_is_that_of_its_word() -> None:
    span = place("a b", "b")
    assert ShellError("wrong", Field("x", span)).span is span
    assert ShellError("wrong", Field("x")).span is None


@pytest.mark.parametrize(
    ("name", "status", "fatal"),
    [
        ("ShellError", 1, False),
        ("SyntaxProblem", 2, True),
        ("ExpansionProblem", 1, True),
        ("AssignmentProblem", 1, True),
        ("RedirectionProblem", 1, False),
        ("CommandNotFound", 127, False),
        ("CommandNotRunnable", 126, False),
        ("BuiltinProblem", 1, False),
        ("UsageProblem", 2, False),
        ("NoMoreProcesses", 254, True),
    ],
)
def test_statuses_and_consequences(name: str, status: int, fatal: bool) -> None:
    """POSIX.1-2024 XCU 2.8.1 and 2.8.2."""
    kind = getattr(errors, name)
    assert (kind.status, kind.fatal) == (status, fatal)
    assert issubclass(kind, ShellError)
