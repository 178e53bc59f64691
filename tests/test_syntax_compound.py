"""Trees of compound commands, aliases and dollar-single-quotes.  POSIX.1-2024 XCU 2.9.4, 2.9.5, 2.2.4."""

from __future__ import annotations

import pytest

from minishell.errors import SyntaxProblem
from minishell.syntax.parser import Unfinished
from minishell.syntax.tree import Case, CaseItem, Command, For, Function, If, Loop, Quoted
from minishell.syntax.unparse import unparse
from tests.trees import NOWHERE, and_or, background, group, parsed, redirect, sequence, simple, subshell, word

A, B, C = simple("a"), simple("b"), simple("c")
TO_F = (redirect(">", "f"),)


def case(*items: CaseItem) -> Case:
    return Case(word("x"), items, (), NOWHERE)


@pytest.mark.parametrize(
    ("text", "tree"),
    [
        ("if a; then b; fi", If(((A, B),), None, (), NOWHERE)),
        ("if a\nthen\nb\nelse\n\nc\nfi", If(((A, B),), C, (), NOWHERE)),
        ("if a; then b; elif b; then c; else a; fi", If(((A, B), (B, C)), A, (), NOWHERE)),
        ("if a; b; then c & fi >f", If(((sequence(A, B), background(C)),), None, TO_F, NOWHERE)),
        ("if (a) then { b; } fi", If(((subshell(A), group(B)),), None, (), NOWHERE)),
        ("while a; do b; done", Loop(False, A, B, (), NOWHERE)),
        ("until a && b\ndo c; done >f", Loop(True, and_or(A, ("&&", B)), C, TO_F, NOWHERE)),
        ("while a; do while b; do c; done; done", Loop(False, A, Loop(False, B, C, (), NOWHERE), (), NOWHERE)),
        ("for x in a b; do c; done", For("x", (word("a"), word("b")), C, (), NOWHERE)),
        ("for x\nin a\ndo c; done >f", For("x", (word("a"),), C, TO_F, NOWHERE)),
        ("for x in; do a; done", For("x", (), A, (), NOWHERE)),
        ("for x in\ndo a; done", For("x", (), A, (), NOWHERE)),
        ("for x do a; done", For("x", None, A, (), NOWHERE)),
        ("for x; do a; done", For("x", None, A, (), NOWHERE)),
        ("for x\ndo a; done", For("x", None, A, (), NOWHERE)),
        ("for in in in do; do a; done", For("in", (word("in"), word("do")), A, (), NOWHERE)),
        ("case x in esac", case()),
        ("case x\nin\na) b ;; esac", case(CaseItem((word("a"),), B, False))),
        ("case x in a) b\nesac", case(CaseItem((word("a"),), B, False))),
        (
            "case x in a | b) c ;& (c) esac",
            case(CaseItem((word("a"), word("b")), C, True), CaseItem((word("c"),), None, False)),
        ),
        ("case x in (esac) a ;; esac", case(CaseItem((word("esac"),), A, False))),
        ("case x in if) a; b ;; esac", case(CaseItem((word("if"),), sequence(A, B), False))),
        ("f() { a; }", Function("f", group(A), NOWHERE)),
        ("f ( )\n\n(a) >f", Function("f", subshell(A, *TO_F), NOWHERE)),
        ("f() if a; then b; fi", Function("f", If(((A, B),), None, (), NOWHERE), NOWHERE)),
        ("a if then fi", simple("a", "if", "then", "fi")),
        (r"$'a\tb\'\x41\101\n'", simple(Quoted("a\tb'AA\n", "$'"))),
        (r"$'\\\"\cA\e\q'", simple(Quoted('\\"\x01\x1b\\q', "$'"))),
        (r"$'\303\251'", simple(Quoted("é", "$'"))),
    ],
)
def test_trees(text: str, tree: Command) -> None:
    assert parsed(text) == tree
    assert parsed(unparse(tree)) == tree


@pytest.mark.parametrize(
    "text",
    [
        "then a",
        "if; then a; fi",
        "if a; then fi",
        "if a; fi",
        "if a; then b; else fi",
        "if a; then b; else c; elif a; then b; fi",
        "if a; then b; done",
        "while; do a; done",
        "while a; do done",
        "while a; done",
        "for 1 in a; do b; done",
        "for a-b in a; do b; done",
        "for $x in a; do b; done",
        "for x; in a; do b; done",
        "for x in a; b; done",
        "for x in a do b; done",
        "for x in a & do b; done",
        "case x in a b) c ;; esac",
        "case x in | a) b ;; esac",
        "case in a) b ;; esac",
        "case x in a) ;; ;; esac",
        "case x a) b ;; esac",
        "f() a",
        "f() ",
        "f( a ) { b; }",
        "f-g() { a; }",
        "'f'() { a; }",
        "if() { a; }",
        "a;; b",
        "fi",
        "{ a; } b",
        "(a) b",
        "if a; then b; fi c",
        r"$'a\0b'",
    ],
)
def test_what_cannot_be_parsed(text: str) -> None:
    with pytest.raises(SyntaxProblem):
        parsed(text + "\n}")


WHOLE = [
    "if a; then b; elif c d; then e; else f; fi",
    "while a b; do c; done",
    "until a && b; do c | d; done",
    "for x in a b; do c; done",
    "for x do c; done",
    "case x in (a | b) c ;; d) e ;& f) esac",
    "if a; then while b; do case x in y) for z do { c; } done ;; esac; done; fi",
]


@pytest.mark.parametrize("text", WHOLE)
def test_every_prefix_of_whole_words_is_unfinished(text: str) -> None:
    words = text.split()
    for count in range(1, len(words)):
        start = " ".join(words[:count])
        assert isinstance(parsed(start), Unfinished), start


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("if a", "the then that belongs to this if"),
        ("if a; then b", "the fi that belongs to this if"),
        ("if a; then b; elif c", "the then that belongs to this elif"),
        ("while a", "the do that belongs to this while"),
        ("until a; do b", "the done that belongs to this until"),
        ("for", "the name that belongs to this for"),
        ("for x in a; do b", "the done that belongs to this for"),
        ("case x in a) b ;;", "the esac that belongs to this case"),
        ("f()", "the body of the function"),
        ("$'a", "a closing '"),
    ],
)
def test_what_is_missing(text: str, expected: str) -> None:
    unfinished = parsed(text)
    assert isinstance(unfinished, Unfinished)
    assert unfinished.expected == expected
