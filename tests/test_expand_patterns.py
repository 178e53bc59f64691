"""Pattern matching: which texts a pattern describes.  POSIX.1-2024 XCU 2.14."""

from __future__ import annotations

import fnmatch
import re
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from minishell.expand.patterns import matches, matching_lengths, quote


@pytest.mark.parametrize(
    ("pattern", "yes", "no"),
    [
        ("", [""], ["a"]),
        ("a", ["a"], ["", "b", "aa", "A"]),
        ("?", ["a", "*", "é", "\n", "\udcff"], ["", "ab"]),
        ("*", ["", "a", "a/b", ".x", "\n"], []),
        ("a*", ["a", "ab", "a*"], ["", "ba"]),
        ("*a", ["a", "ba", "aa"], ["ab"]),
        ("*a*", ["a", "bab"], ["", "b"]),
        ("a*b*c", ["abc", "aXbYc", "abcbc"], ["ab", "acb"]),
        ("**", ["", "a"], []),
        ("a?*", ["ab", "abc"], ["a"]),
        ("\\*", ["*"], ["a", "\\*"]),
        ("\\a\\\\", ["a\\"], ["a"]),
        ("a\\", ["a\\"], ["a"]),
        ("[abc]", ["a", "b", "c"], ["d", "", "ab", "[abc]"]),
        ("[a-c]", ["a", "b", "c"], ["d", "-", "B"]),
        ("[a-cx-z0]", ["b", "y", "0"], ["d", "1"]),
        ("[!abc]", ["d", "!"], ["a", "", "de"]),
        ("[]a]", ["]", "a"], ["[", "b"]),
        ("[!]a]", ["b"], ["]", "a"]),
        ("[a-]", ["a", "-"], ["b"]),
        ("[-a]", ["a", "-"], ["b"]),
        ("[a", ["[a"], ["a"]),
        ("[", ["["], ["a"]),
        ("[]", ["[]"], ["", "]"]),
        ("[!]", ["[!]"], ["!"]),
        ("x[ab]y", ["xay", "xby"], ["xy", "xcy"]),
        ("[\\]a]", ["]", "a"], ["\\", "b"]),
        ("[\\!a]", ["!", "a"], ["b"]),
        ("[a\\-c]", ["a", "-", "c"], ["b"]),
        ("[*?]", ["*", "?"], ["a"]),
        ("[[]", ["["], ["a"]),
        ("[[:digit:]]", ["0", "9"], ["a", ":", "d"]),
        ("[![:digit:]]", ["a"], ["0"]),
        ("[[:alpha:][:digit:]_]", ["a", "é", "0", "_"], ["-", " "]),
        ("[[:space:]]", [" ", "\t", "\n"], ["a"]),
        ("[[:blank:]]", [" ", "\t"], ["\n"]),
        ("[[:upper:]][[:lower:]]", ["Aa"], ["aA"]),
        ("[[:xdigit:]]", ["f", "F", "0"], ["g"]),
        ("[[:punct:]]", ["-", "]", "~"], ["a", "1", " "]),
        ("[[:cntrl:]]", ["\x01", "\x7f"], ["a"]),
        ("[[:nonsense:]]", [], ["n", "[", ":"]),
        ("[[.-.]a]", ["-", "a"], ["."]),
        ("[[=a=]b]", ["a", "b"], ["="]),
    ],
)
def test_what_a_pattern_describes(pattern: str, yes: list[str], no: list[str]) -> None:
    assert [text for text in yes if not matches(pattern, text)] == []
    assert [text for text in no if matches(pattern, text)] == []


@given(st.text(max_size=8))
def test_a_quoted_text_describes_only_itself(text: str) -> None:
    assert matches(quote(text), text)
    assert not matches(quote(text), text + "x")


@settings(max_examples=500)
@given(st.text("ab*?", max_size=8), st.text("ab", max_size=8))
def test_stars_and_question_marks_as_in_the_fnmatch_module(pattern: str, text: str) -> None:
    assert matches(pattern, text) == bool(re.match(fnmatch.translate(pattern), text))


@given(st.text("[]!^-a:.=\\*d", max_size=12), st.text("[]!^-a:.=\\*d", max_size=3))
def test_any_pattern_is_a_pattern(pattern: str, text: str) -> None:
    assert matches(pattern, text) in (True, False)


def test_many_stars_take_no_time() -> None:
    before_s = time.process_time()
    assert not matches("*a" * 50 + "b", "a" * 2000)
    assert time.process_time() - before_s < 5


@settings(max_examples=500)
@given(st.text("ab*?[]!\\-", max_size=8), st.text("ab]\\", max_size=6))
def test_the_beginnings_and_ends_that_match(pattern: str, text: str) -> None:
    sizes = range(len(text) + 1)
    assert [*matching_lengths(pattern, text)] == [size for size in sizes if matches(pattern, text[:size])]
    ends = [size for size in sizes if matches(pattern, text[len(text) - size :])]
    assert [*matching_lengths(pattern, text, at_end=True)] == ends


def test_long_texts_are_read_once() -> None:
    before_s = time.process_time()
    assert max(matching_lengths("*/", "a" * 100_000 + "/"), default=0) == 100_001
    assert [*matching_lengths("*/*", "a" * 100_000, at_end=True)] == []
    assert time.process_time() - before_s < 5
