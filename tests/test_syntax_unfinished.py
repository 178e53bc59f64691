"""Text that stops too early is a value that says what is missing; and no line is read before it is needed."""

from __future__ import annotations

import pytest

from minishell.source import Source
from minishell.syntax.parser import End, Parser, Unfinished
from tests.trees import group, here, parsed, pipeline, redirect, sequence, simple, single, word

A, B = simple("a"), simple("b")


@pytest.mark.parametrize(
    ("text", "at", "expected"),
    [
        ("a 'b", 2, "a closing '"),
        ("a 'b\nc\n", 2, "a closing '"),
        ('a "b', 2, 'a closing "'),
        ("a \"b $c '", 2, 'a closing "'),
        ("a `b", 2, "a closing `"),
        ("a ${b", 2, "a closing }"),
        ("a ${", 2, "a closing }"),
        ("a ${#", 2, "a closing }"),
        ("a ${#b", 2, "a closing }"),
        ("a ${b:-c", 2, "a closing }"),
        ("a ${b:-'c", 7, "a closing '"),
        ('a "${b', 3, "a closing }"),
        ("a $(b", 2, "the ) that belongs to this $("),
        ("a $(", 2, "the ) that belongs to this $("),
        ("a $(b;\n", 2, "the ) that belongs to this $("),
        ("a $(b # )", 2, "the ) that belongs to this $("),
        ('a "$(b', 3, "the ) that belongs to this $("),
        ("(a", 0, "the ) that belongs to this ("),
        ("(a;", 0, "the ) that belongs to this ("),
        ("{ a", 0, "the } that belongs to this {"),
        ("{ a; ", 0, "the } that belongs to this {"),
        ("{ a; }; (b; { c\n", 12, "the } that belongs to this {"),
        ("{ a }", 0, "the } that belongs to this {"),
        ("a |", 2, "the command after |"),
        ("a | b |\n\n", 6, "the command after |"),
        ("a &&", 2, "the command after &&"),
        ("a || # why", 2, "the command after ||"),
        ("a >", 2, "the file name after >"),
        ("a 2>&", 3, "the file name after >&"),
        ("a <<", 2, "the file name after <<"),
    ],
)
def test_what_is_missing_and_where_it_began(text: str, at: int, expected: str) -> None:
    unfinished = parsed(text)
    assert isinstance(unfinished, Unfinished)
    assert (unfinished.span.start, unfinished.expected) == (at, expected)
    assert unfinished.problem().message == f"the input ends before {expected}"


@pytest.mark.parametrize(
    "text", ["a <<e", "a <<e\n", "a <<e\nb", "a <<e\nb\n e\n", "a <<'e'\ne \n", "!", "(", "{", "! \n"]
)
def test_other_unfinished_text(text: str) -> None:
    assert isinstance(parsed(text), Unfinished)


WHOLE = [
    "{ a 'b c' \"d $e ${f:-g h} $(i j)\" `k l`; }",
    "(a; (b & c) | { d; } >e)",
    "{ a && b || ! c | d; }",
    "a $(b \"$(c ${d-'e'} `f`)\")",
]


@pytest.mark.parametrize("text", WHOLE)
def test_every_prefix_inside_brackets_is_unfinished(text: str) -> None:
    """The bracket, or the substitution, that all of the text is in can end only at its end."""
    opening = text.index("$(") + 1 if text.startswith("a ") else 1
    for length in range(opening + 1, len(text.rpartition(">")[0] or text)):
        if (
            text[:length].endswith(")")
            and text.startswith("(")
            and text[:length].count("(") == text[:length].count(")")
        ):
            continue
        assert isinstance(parsed(text[:length]), Unfinished), text[:length]
    assert not isinstance(parsed(text), Unfinished | End)


@pytest.mark.parametrize(
    ("text", "continues"),
    [
        ("a\\\n", True),
        ("a \\\n", True),
        ("\\\n", True),
        ("a b\\\n", True),
        ('a "b\\\n', True),
        ("a &\\\n", True),
        ("a $\\\n", True),
        ("a $b\\\n", True),
        ("a\n", False),
        ("a \\\n\n", False),
        ("a \\\\\n", False),
        ("a '\\\n'\n", False),
        ("a # \\\n", False),
    ],
)
def test_whether_a_line_asks_for_another(text: str, continues: bool) -> None:
    parser = Parser(Source("test", text))
    parser.next()
    assert parser.ends_in_continuation == continues


class Lines:
    """A source of lines that knows how many have been asked for."""

    def __init__(self, *lines: str) -> None:
        self.lines = list(lines)
        self.asked = 0

    def __call__(self) -> str:
        self.asked += 1
        return self.lines.pop(0) if self.lines else ""


@pytest.mark.parametrize(
    ("lines", "needed"),
    [
        (["a\n", "b\n"], 1),
        (["a # c\n", "b\n"], 1),
        (["a;\n", "b\n"], 1),
        (["a &\n", "b\n"], 1),
        (["\n", "# c\n", "a\n", "b\n"], 3),
        (["a \\\n", "b\n", "c\n"], 2),
        (["a |\n", "\n", "b\n", "c\n"], 3),
        (["a &&\n", "b\n", "c\n"], 2),
        (["(a\n", "b\n", ")\n", "c\n"], 3),
        (["{ a\n", "} >f\n", "c\n"], 2),
        (["a 'b\n", "c'\n", "d\n"], 2),
        (['a "b\n', '$c"\n', "d\n"], 2),
        (["a $(b\n", ")\n", "d\n"], 2),
        (["a `b\n", "`\n", "d\n"], 2),
        (["a ${b-c\n", "}\n", "d\n"], 2),
        (["a <<e\n", "b\n", "e\n", "c\n"], 3),
        (["a <<e; b <<f\n", "e\n", "f\n", "c\n"], 3),
        (["a <<e && (\n", "e\n", "b)\n", "c\n"], 3),
        (["a $(b <<e\n", "e\n", ")\n", "c\n"], 3),
        (["a"], 1),
    ],
)
def test_no_line_is_asked_for_before_it_is_needed(lines: list[str], needed: int) -> None:
    """A command may read the next line itself: from a script on standard input, as POSIX.1-2024 XCU sh asks."""
    more = Lines(*lines)
    parser = Parser(Source("stdin", ""), more)
    assert not isinstance(parser.next(), End | Unfinished)
    assert more.asked == needed + (lines == ["a"])


def test_commands_follow_one_another() -> None:
    parser = Parser(
        Source("stdin", ""), Lines("a; b\n", "a | b\n", "\n", "{\n", "a >f\n", "}\n", "a <<e 'c'\n", "x\n", "e\n")
    )
    assert parser.next() == sequence(A, B)
    assert parser.next() == pipeline(A, B)
    assert parser.next() == group(simple("a", to=(redirect(">", "f"),)))
    assert parser.next() == simple("a", word(single("c")), to=(redirect("<<", here("e", "x\n")),))
    assert (parser.next(), parser.next()) == (End(), End())


def test_the_end_inside_a_construct_is_told_after_asking_for_more() -> None:
    more = Lines("a 'b\n", "c\n")
    unfinished = Parser(Source("stdin", ""), more).next()
    assert isinstance(unfinished, Unfinished)
    assert unfinished.span.line_number == 1
    assert more.lines == []
