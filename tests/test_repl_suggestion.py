"""Which command a mistyped name is taken for."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from minishell.repl.suggestion import distance, near_miss

KNOWN = ("cat", "cd", "cp", "echo", "export", "git", "grep", "ls", "mkdir", "mv", "pwd", "python3", "sg", "tar")


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("gti", "git"),
        ("sl", "ls"),  # the same letters come before `sg`, which is as near
        ("grpe", "grep"),
        ("LS", "ls"),
        ("mkdri", "mkdir"),
        ("exprto", "export"),
        ("pythn", "python3"),
        ("ehco", "echo"),
        ("catt", "cat"),
    ],
)
def test_a_slip_of_the_fingers_leads_to_the_command_meant(typed: str, meant: str) -> None:
    assert near_miss(typed, KNOWN) == meant


@pytest.mark.parametrize("typed", ["frobnicate", "x", "", "l", "tarball", "grxx", "echo"])
def test_what_is_near_nothing_else_has_no_suggestion(typed: str) -> None:
    assert near_miss(typed, KNOWN) is None


def test_a_long_name_may_have_two_slips_and_a_short_one_only_one() -> None:
    assert near_miss("pyhtno3", ["python3"]) == "python3"
    assert near_miss("atx", ["cat"]) is None


def test_the_order_in_which_names_are_known_does_not_matter() -> None:
    assert near_miss("cst", ["cut", "cat", "cot"]) == near_miss("cst", ["cot", "cut", "cat"]) == "cat"


@pytest.mark.parametrize(
    ("one", "other", "slips"),
    [
        ("ls", "ls", 0),
        ("ls", "l", 1),
        ("ls", "lsx", 1),
        ("ls", "sl", 1),
        ("ls", "lx", 1),
        ("abcd", "badc", 2),
        ("ca", "abc", 3),
    ],
)
def test_each_kind_of_slip_counts_one(one: str, other: str, slips: int) -> None:
    assert distance(one, other) == slips


WORDS = st.text(st.sampled_from("abcdef"), min_size=2, max_size=8)


@given(WORDS, st.lists(WORDS))
def test_a_suggestion_is_always_a_known_name_other_than_the_one_typed(typed: str, known: list[str]) -> None:
    found = near_miss(typed, known)
    assert found is None or (found in known and found != typed)


@given(WORDS, st.data())
def test_two_neighbours_swapped_are_always_forgiven(name: str, data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(name) - 2))
    swapped = name[:at] + name[at + 1] + name[at] + name[at + 2 :]
    assert near_miss(swapped, [name]) == (None if swapped == name else name)
