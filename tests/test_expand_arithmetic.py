"""Arithmetic: values, assignments, and what is said when an expression has no value.  POSIX.1-2024 XCU 2.6.4."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from minishell.expand.arithmetic import NoValue, compile
from minishell.kernel.calls import Kernel
from minishell.shell import Shell
from minishell.source import Source, Span
from minishell.syntax.lexer import DEEPEST

LONG = st.integers(-(1 << 63), (1 << 63) - 1)
HERE = Span(Source("test", ""), 0, 0)


def value(text: str, **variables: str) -> int:
    return compile(text, HERE)(Shell(Kernel(), variables))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", 0),
        (" \t\n", 0),
        ("7", 7),
        ("010", 8),
        ("0x1F", 31),
        ("- 5", -5),
        ("- -5", 5),
        ("~5", -6),
        ("!5", 0),
        ("7 / -2", -3),
        ("-7 % 2", -1),
        ("7 % -2", 1),
        ("2 + 3 * 4", 14),
        ("(2 + 3) * 4", 20),
        ("10 - 4 - 3", 3),
        ("1 << 2 + 1", 8),
        ("1 < 2 == 1", 1),
        ("5 & 6 ^ 3 | 8", 15),
        ("1 || 0 && 0", 1),
        ("0 ? 1 : 0 ? 2 : 3", 3),
        ("9223372036854775807 + 1", -9223372036854775808),
        ("-9223372036854775808 / -1", -9223372036854775808),
        ("1 << 63", -9223372036854775808),
        ("-8 >> 1", -4),
        ("18446744073709551616", 0),
    ],
)
def test_values(text: str, expected: int) -> None:
    assert value(text) == expected


@pytest.mark.parametrize(
    ("text", "expected", "after"),
    [
        ("x = 3", 3, "3"),
        ("x += 2", 12, "12"),
        ("x -= 3", 7, "7"),
        ("x *= 2", 20, "20"),
        ("x /= 3", 3, "3"),
        ("x %= 3", 1, "1"),
        ("x <<= 1", 20, "20"),
        ("x >>= 1", 5, "5"),
        ("x &= 6", 2, "2"),
        ("x ^= 3", 9, "9"),
        ("x |= 5", 15, "15"),
        ("(x = 1) + x", 2, "1"),
        ("x == 10", 1, "10"),
        ("0 && (x = 1)", 0, "10"),
        ("1 || (x = 1)", 1, "10"),
        ("1 ? 2 : (x = 1)", 2, "10"),
        ("y = x = 4", 4, "4"),
    ],
)
def test_assignments(text: str, expected: int, after: str) -> None:
    shell = Shell(Kernel(), {"x": "10"})
    assert compile(text, HERE)(shell) == expected
    assert shell.variables.get("x") == after


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("1 / 0", "division by zero"),
        ("1 % 0", "division by zero"),
        ("1 +", "the expression ends too early"),
        ("1 2", "2 cannot stand here"),
        ("* 2", "* cannot stand here"),
        ("++x", "there is no operator ++"),
        ("x--", "there is no operator --"),
        ("(1", "a ) is missing"),
        ("1 ? 2", "? needs a : after it"),
        ("1 = 2", "= cannot stand here"),
        ("(x) = 2", "= cannot stand here"),
        ("08", "08 is not a number"),
        ("0x", "0x is not a number"),
        ("1a", "1a is not a number"),
        ("1_0", "1_0 is not a number"),
        ("²", "² is not a number"),
        ("é", "é cannot stand here"),
        ("bad", "bad is 1+1, which is not a number"),
        ("9" * 5000, "9" * 5000 + " is too long for a number"),
        ("(" * 1000, f"the expression is nested more than {DEEPEST} deep"),
        ("- " * 1000 + "1", f"the expression is nested more than {DEEPEST} deep"),
    ],
)
def test_what_has_no_value(text: str, message: str) -> None:
    with pytest.raises(NoValue) as problem:
        value(text, bad="1+1")
    assert str(problem.value) == message


@pytest.mark.parametrize(
    ("text", "expected"), [("", 0), ("5", 5), ("-5", -5), ("+5", 5), ("010", 8), ("-0x10", -16), (" 7\n", 7)]
)
def test_a_variable_counts_as_the_number_in_it(text: str, expected: int) -> None:
    assert value("x", x=text) == expected


def test_a_variable_that_is_unset_counts_as_0() -> None:
    assert value("none + 1") == 1


def test_a_variable_that_is_unset_is_a_mistake_with_nounset() -> None:
    shell = Shell(Kernel(), {}, options={"nounset"})
    with pytest.raises(NoValue, match="none is not set"):
        compile("1 + none", HERE)(shell)


def test_an_expression_is_evaluated_anew_each_time() -> None:
    shell = Shell(Kernel(), {"i": "0"})
    counted = compile("i = i + 1", HERE)
    assert [counted(shell) for _ in range(3)] == [1, 2, 3]


@given(LONG, LONG)
def test_division_and_remainder_belong_together_as_in_c(left: int, right: int) -> None:
    if right == 0 or (left, right) == (-(1 << 63), -1):
        return
    quotient, remainder = value(f"({left}) / ({right})"), value(f"({left}) % ({right})")
    assert quotient * right + remainder == left
    assert abs(remainder) < abs(right)
    assert remainder == 0 or (remainder < 0) == (left < 0)


@given(LONG, LONG, st.sampled_from("+-*"))
def test_results_wrap_around_to_64_bits(left: int, right: int, operator: str) -> None:
    exact = {"+": left + right, "-": left - right, "*": left * right}[operator]
    result = value(f"({left}) {operator} ({right})")
    assert -(1 << 63) <= result < 1 << 63
    assert (result - exact) % (1 << 64) == 0


@given(st.text("0123456789xab+-*/%&|^~!<>=?:() \n$#é", max_size=12))
def test_any_text_has_a_value_or_a_reason_why_not(text: str) -> None:
    try:
        result = value(text, x="1", a="2", b="3")
    except NoValue:
        return
    assert -(1 << 63) <= result < 1 << 63
