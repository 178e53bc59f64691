"""What tree each rule of the grammar makes.  POSIX.1-2024 XCU 2.2 to 2.4, 2.7, 2.9 and 2.10."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from minishell.errors import SyntaxProblem
from minishell.syntax.parser import End
from minishell.syntax.tree import Literal
from tests.trees import (
    and_or,
    assignment,
    background,
    double,
    escaped,
    group,
    here,
    parameter,
    parsed,
    pipeline,
    redirect,
    sequence,
    simple,
    single,
    subshell,
    substitution,
    word,
)

if TYPE_CHECKING:
    from minishell.syntax.tree import Command, HereDocument, Part

A, B, C, D = simple("a"), simple("b"), simple("c"), simple("d")


@pytest.mark.parametrize("text", ["", " ", "\t \n\n", "# a comment", "\\\n", " # one\n\n# two\n"])
def test_nothing_is_the_end(text: str) -> None:
    assert parsed(text) == End()


@pytest.mark.parametrize(
    ("text", "tree"),
    [
        ("a", A),
        (" \ta \n", A),
        ("a b  c\td", simple("a", "b", "c", "d")),
        ("a#b #c", simple("a#b")),
        ("a\\\n b", simple("a", "b")),
        ("a\\\nb", simple("ab")),
        ("x=1", simple(assign=(assignment("x", "1"),))),
        (
            "x= y=a=b z=$x a",
            simple("a", assign=(assignment("x"), assignment("y", "a=b"), assignment("z", parameter("x")))),
        ),
        ("a x=1", simple("a", "x=1")),
        ("1x=2", simple("1x=2")),
        ("x-y=2", simple("x-y=2")),
        ("=2", simple("=2")),
        ("x\\=2", simple(word("x", escaped("="), "2"))),
        ("x='a b'$y", simple(assign=(assignment("x", single("a b"), parameter("y")),))),
        ("a { } ! if", simple("a", "{", "}", "!", "if")),
        ("{a", simple("{a")),
        ("\\{", simple(escaped("{"))),
        ("'if'", simple(single("if"))),
        ("x=1 if", simple("if", assign=(assignment("x", "1"),))),
        (">f {", simple("{", to=(redirect(">", "f"),))),
    ],
)
def test_simple_commands(text: str, tree: Command) -> None:
    assert parsed(text) == tree


@pytest.mark.parametrize(
    ("text", "tree"),
    [
        ("a <f", simple("a", to=(redirect("<", "f"),))),
        (">f a >>g b", simple("a", "b", to=(redirect(">", "f"), redirect(">>", "g")))),
        ("a>f", simple("a", to=(redirect(">", "f"),))),
        ("a 2>f", simple("a", to=(redirect(">", "f", 2),))),
        ("a 10>f", simple("a", to=(redirect(">", "f", 10),))),
        ("a 2 >f", simple("a", "2", to=(redirect(">", "f"),))),
        ("a2>f", simple("a2", to=(redirect(">", "f"),))),
        ("a '2'>f", simple("a", single("2"), to=(redirect(">", "f"),))),
        ("a 2\\\n>f", simple("a", to=(redirect(">", "f", 2),))),
        (
            "a >&2 2>&- <&$x",
            simple("a", to=(redirect(">&", "2"), redirect(">&", "-", 2), redirect("<&", word(parameter("x"))))),
        ),
        ("a <>f >|g", simple("a", to=(redirect("<>", "f"), redirect(">|", "g")))),
        ("a >\\\n>f", simple("a", to=(redirect(">>", "f"),))),
    ],
)
def test_redirections(text: str, tree: Command) -> None:
    assert parsed(text) == tree


def reads(document: HereDocument) -> Command:
    return simple("a", to=(redirect("<<", document),))


@pytest.mark.parametrize(
    ("text", "tree"),
    [
        ("a <<e\nx\ne\n", reads(here("e", "x\n"))),
        ("a <<e\nx\ne", reads(here("e", "x\n"))),
        ("a <<e\ne\n", reads(here("e"))),
        ('a <<e\n$x \\$ \\" \' "\ne\n', reads(here("e", parameter("x"), " ", escaped("$"), ' \\" \' "\n'))),
        ("a <<'e'\n$x\\\ne\n", reads(here("e", "$x\\\n", quoted=True))),
        ('a <<"e f"\nx\ne f\n', reads(here("e f", "x\n", quoted=True))),
        ("a <<\\e\nx\ne\n", reads(here("e", "x\n", quoted=True))),
        ("a <<-e\n\t\tx\ty\n\te\n", simple("a", to=(redirect("<<-", here("e", "x\ty\n", strip_tabs=True)),))),
        ("a <<$x\ny\n$x\n", reads(here("$x", "y\n"))),
        ("a 3<<e b\nx\ne\n", simple("a", "b", to=(redirect("<<", here("e", "x\n"), 3),))),
        ("a <<e\nx\\\ny\n\\\ne\ne\n", reads(here("e", "xy\ne\n"))),
        ("a <<e | b\nx\ne\n", pipeline(reads(here("e", "x\n")), B)),
        (
            "a <<e; b <<f\nx\ne\ny\nf\n",
            sequence(reads(here("e", "x\n")), simple("b", to=(redirect("<<", here("f", "y\n")),))),
        ),
        ("{ a <<e\nx\ne\n}", group(reads(here("e", "x\n")))),
        ("a $(b <<e\nx )\ne\n)", simple("a", substitution(simple("b", to=(redirect("<<", here("e", "x )\n")),))))),
    ],
)
def test_here_documents(text: str, tree: Command) -> None:
    assert parsed(text) == tree


@pytest.mark.parametrize(
    ("text", "tree"),
    [
        ("a | b", pipeline(A, B)),
        ("a|b|c", pipeline(A, B, C)),
        ("a |\n\n# comment\n b", pipeline(A, B)),
        ("a |\\\n| b", and_or(A, ("||", B))),
        ("! a", pipeline(A, negated=True)),
        ("! a | b", pipeline(A, B, negated=True)),
        ("a && b", and_or(A, ("&&", B))),
        ("a || b && c", and_or(A, ("||", B), ("&&", C))),
        ("a &&\n\nb", and_or(A, ("&&", B))),
        ("! a && ! b | c", and_or(pipeline(A, negated=True), ("&&", pipeline(B, C, negated=True)))),
        ("a; b", sequence(A, B)),
        ("a;b;", sequence(A, B)),
        ("a\nb\n\n c", sequence(A, B, C)),
        ("a; b\nc; d", sequence(A, B, C, D)),
        ("a &", background(A)),
        ("a & b", sequence(background(A), B)),
        ("a & b &", sequence(background(A), background(B))),
        ("a && b | c & d", sequence(background(and_or(A, ("&&", pipeline(B, C)))), D)),
        ("a; # comment\nb # another", sequence(A, B)),
        ("(a)", subshell(A)),
        ("( a; b )", subshell(sequence(A, B))),
        ("(a\nb\n)", subshell(sequence(A, B))),
        ("(\n\na &\n)", subshell(background(A))),
        ("((a); b)", subshell(sequence(subshell(A), B))),
        ("( ( a ) )", subshell(subshell(A))),
        ("{ a; }", group(A)),
        ("{ a\n}", group(A)),
        ("{ a & }", group(background(A))),
        ("{ { a; }; }", group(group(A))),
        ("{ (a) }", group(subshell(A))),
        ("(a) >f 2>&1", subshell(A, redirect(">", "f"), redirect(">&", "1", 2))),
        ("{ a; } <f", group(A, redirect("<", "f"))),
        ("(a) | { b; } && c", and_or(pipeline(subshell(A), group(B)), ("&&", C))),
        ("(a)&(b)", sequence(background(subshell(A)), subshell(B))),
        ("{ a; };b", sequence(group(A), B)),
    ],
)
def test_lists_and_compound_commands(text: str, tree: Command) -> None:
    assert parsed(text) == tree


def one_word(*parts: Part | str) -> Command:
    return simple("a", word(*parts))


@pytest.mark.parametrize(
    ("text", "tree"),
    [
        ("a 'b  c'", one_word(single("b  c"))),
        ("a ''", one_word(single(""))),
        ("a '\n'", one_word(single("\n"))),
        ("a b'c'\\d\"e\"", one_word("b", single("c"), escaped("d"), double("e"))),
        ('a ""', one_word(double())),
        ('a "b $c\\$\\d"', one_word(double("b ", parameter("c"), escaped("$"), "\\d"))),
        ('a "it\'s # ok | ; \\""', one_word(double("it's # ok | ; ", escaped('"')))),
        ('a "b\\\nc"', one_word(double("bc"))),
        ("a $", one_word("$")),
        ("a $.b", one_word("$.b")),
        ('a "$"', one_word(double("$"))),
        ("a \\", one_word("\\")),
        ("a $b", one_word(parameter("b"))),
        ("a $b_1-", one_word(parameter("b_1"), "-")),
        ("a $\\\nb\\\nc", one_word(parameter("bc"))),
        ("a $12", one_word(parameter("1"), "2")),
        ("a ${12}", one_word(parameter("12"))),
        ("a $@$*$#$?$-$$$!", one_word(*map(parameter, "@*#?-$!"))),
        ("a ${@}${?}", one_word(parameter("@"), parameter("?"))),
        ("a ${b}c", one_word(parameter("b"), "c")),
        ("a ${#b}", one_word(parameter("b", "length"))),
        ("a ${#}", one_word(parameter("#"))),
        ("a ${##}", one_word(parameter("#", "length"))),
        ("a ${##b}", one_word(parameter("#", "#", "b"))),
        ("a ${#-b}", one_word(parameter("#", "-", "b"))),
        ("a ${#-}", one_word(parameter("-", "length"))),
        ("a ${b-}", one_word(parameter("b", "-", word()))),
        ("a ${b:-c d}", one_word(parameter("b", ":-", "c d"))),
        ("a ${b:=c}${b=c}", one_word(parameter("b", ":=", "c"), parameter("b", "=", "c"))),
        ("a ${b:?c}${b?c}", one_word(parameter("b", ":?", "c"), parameter("b", "?", "c"))),
        ("a ${b:+c}${b+c}", one_word(parameter("b", ":+", "c"), parameter("b", "+", "c"))),
        ("a ${b#c}${b##c}", one_word(parameter("b", "#", "c"), parameter("b", "##", "c"))),
        ("a ${b%c}${b%%c}", one_word(parameter("b", "%", "c"), parameter("b", "%%", "c"))),
        ("a ${b-'}'\\}\"}\"}", one_word(parameter("b", "-", word(single("}"), escaped("}"), double("}"))))),
        ("a \"${b-'c'}\"", one_word(double(parameter("b", "-", "'c'")))),
        ('a "${b-c\\}d}"', one_word(double(parameter("b", "-", word("c", escaped("}"), "d"))))),
        ("a \"${b#'c'}\"", one_word(double(parameter("b", "#", word(single("c")))))),
        ("a ${b-${c-d}}", one_word(parameter("b", "-", word(parameter("c", "-", "d"))))),
        ("a $(b)", one_word(substitution(B))),
        ("a $( b; c )", one_word(substitution(sequence(B, C)))),
        ("a $()$( )", one_word(substitution(), substitution())),
        ("a $( # comment )\n)", one_word(substitution())),
        ('a "$(b)"', one_word(double(substitution(B)))),
        ("a $(b $(c))", one_word(substitution(simple("b", substitution(C))))),
        ("a $( (b) )", one_word(substitution(subshell(B)))),
        ("a $(b ')')", one_word(substitution(simple("b", single(")"))))),
        ("a `b`", one_word(substitution(B))),
        ("a ``", one_word(substitution())),
        ("a `b \\`c\\``", one_word(substitution(simple("b", substitution(C))))),
        ("a `b \\$c \\\\d`", one_word(substitution(simple("b", parameter("c"), escaped("d"))))),
        ('a "`b \\"c\\"`"', one_word(double(substitution(simple("b", double("c")))))),
        ("a ~b/c", one_word("~b/c")),
        ("a [!b]*?", one_word("[!b]*?")),
        ("a \udcffé", one_word("\udcffé")),
    ],
)
def test_words(text: str, tree: Command) -> None:
    assert parsed(text) == tree


@pytest.mark.parametrize(
    ("text", "at", "message"),
    [
        (")", 0, ") cannot stand here"),
        ("a )", 2, ") cannot stand here"),
        ("a; }", 3, "} cannot stand here"),
        ("| a", 0, "| cannot stand here"),
        ("a | | b", 4, "| cannot stand here"),
        ("a && && b", 5, "&& cannot stand here"),
        ("a;; b", 1, ";; cannot stand here"),
        ("; a", 0, "; cannot stand here"),
        ("& a", 0, "& cannot stand here"),
        ("a & & b", 4, "& cannot stand here"),
        ("()", 1, ") cannot stand here"),
        ("{ }", 2, "} cannot stand here"),
        ("(a) b", 4, "b cannot stand here"),
        ("a (b)", 3, "b cannot stand here"),
        ("a > | b", 2, "> needs a file name after it"),
        ("a >\nb", 2, "> needs a file name after it"),
        ("! ! a", 2, "! cannot stand here"),
        ("if a; fi", 6, "fi cannot stand here"),
        ("a; while b; done", 12, "done cannot stand here"),
        ("for 1 in a; do b; done", 4, "for needs the name of a variable"),
        ("f() a", 4, "the body of a function starts with { or another compound command"),
        ("case a in b c) esac", 12, "c cannot stand here"),
        ("a ${}", 2, "${}: bad substitution"),
        ("a ${b c}", 2, "${b c}: bad substitution"),
        ("a ${b!c}", 2, "${b!c}: bad substitution"),
        ("a ${#b-c}", 2, "${#b-c}: bad substitution"),
        ("a ${1b}", 2, "${1b}: bad substitution"),
        ("a $(b; ;)", 7, "; cannot stand here"),
        ("a 1234567890>f", 2, "no descriptor has so large a number"),
        ("a b\0c", 3, "a NUL byte cannot be part of a command"),
        ("a 'b\0c'", 4, "a NUL byte cannot be part of a command"),
        ("a \\\0", 3, "a NUL byte cannot be part of a command"),
        ('a "\0"', 3, "a NUL byte cannot be part of a command"),
    ],
)
def test_what_cannot_be_parsed_is_told_where(text: str, at: int, message: str) -> None:
    with pytest.raises(SyntaxProblem) as caught:
        parsed(text)
    assert caught.value.message == message
    assert caught.value.span is not None
    assert caught.value.span.start == at
    assert (caught.value.status, caught.value.fatal) == (2, True)


def test_parts_of_literals_that_a_continuation_parted_are_one() -> None:
    assert parsed("a b\\\nc\\\nd") == simple("a", word(Literal("bcd")))
