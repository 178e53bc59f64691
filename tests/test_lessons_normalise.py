"""What is taken out of an output, and what must stay."""

import socket
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from minishell.lessons.normalise import rename_pids, residue, tidy
from minishell.lessons.stage import Room

ROOM = Room(Path("/tmp/lesson-ab12/home"), Path("/tmp/lesson-ab12/home/lessons/01-x"), Path("/tmp/lesson-ab12/tmp"))


@pytest.mark.parametrize(
    ("text", "renamed"),
    [
        ("pid 4123 ended", "pid 17000 ended"),
        ("4123", "17000"),
        ("(4123, 0)", "(17000, 0)"),
        ("4123 4124", "17000 17001"),
        ("4123,4124", "17000,17001"),
        ("4123\n4124\n", "17000\n17001\n"),
        ("-4123", "-17000"),
        ("pid=4123.", "pid=17000."),
        ("41234 bytes", "41234 bytes"),
        ("14123", "14123"),
        ("0.4123", "0.4123"),
        ("4123.5", "4123.5"),
        ("a4123", "a4123"),
        ("4123a", "4123a"),
        ("0x4123", "0x4123"),
        ("file_4123", "file_4123"),
    ],
)
def test_pids_are_renamed_by_whole_word_only(text: str, renamed: str) -> None:
    assert rename_pids(text, [4123, 4124], 17000) == renamed


def test_pids_of_different_widths_get_the_same_names() -> None:
    assert rename_pids("999 and 1000", [999, 1000], 17000) == "17000 and 17001"
    assert rename_pids("9999 and 10000", [9999, 10000], 17000) == "17000 and 17001"


@given(st.text())
def test_without_known_pids_no_text_changes(text: str) -> None:
    assert rename_pids(text, [], 17000) == text


def test_paths_of_the_room_are_those_of_a_learner() -> None:
    text = tidy(b"/tmp/lesson-ab12/home/lessons/01-x/a.py\n/tmp/lesson-ab12/tmp/f\n", ROOM)
    assert text == "/home/learner/lessons/01-x/a.py\n/tmp/f"


def test_temporary_names_are_numbered_as_they_appear() -> None:
    assert residue("/tmp/tmpk3x9_q2a /tmp/tmp00aabbcc /tmp/tmpk3x9_q2a") == (
        "/tmp/tmp00000001 /tmp/tmp00000002 /tmp/tmp00000001"
    )


def test_the_host_has_no_name(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(socket, "gethostname", lambda: "build-7")
    assert residue("Linux build-7 6.18; build-77") == "Linux classroom 6.18; build-77"


def test_addresses_are_all_alike() -> None:
    assert residue("<object at 0x7f21deadbeef>") == "<object at 0x7f0000000000>"


def test_control_characters_are_spelt() -> None:
    assert tidy(b"\x1b[31mred\x07\r\n\n", ROOM) == "^[[31mred^G"


def test_bytes_that_are_no_text_are_shown_as_bytes() -> None:
    assert tidy(b"\xff ok", ROOM) == "\\xff ok"
