"""The harness itself: a harness that sees nothing would find nothing."""

from __future__ import annotations

import os
import re
import signal
import subprocess
from typing import TYPE_CHECKING

import pytest

from tests import conftest
from tests.pty import processes
from tests.pty.picture import Size
from tests.pty.terminal import NotSeen

if TYPE_CHECKING:
    from pathlib import Path

    from tests.pty.conftest import OpenTerminal


def test_the_screen_is_what_a_person_sees(open_terminal: OpenTerminal) -> None:
    terminal = open_terminal(
        ["sh", "-c", r"printf 'wrong\rright\n'; printf '%s\n' 1 2 3 4 5; read end"], size=Size(3, 20)
    )
    terminal.expect("5")
    assert terminal.screen().split("\n") == ["right", "1", "2", "3", "4", "5"]  # those that scrolled away too


def test_what_does_not_happen_is_reported_with_the_screen(open_terminal: OpenTerminal) -> None:
    terminal = open_terminal(["sh", "-c", "echo here; read end"])
    terminal.expect("here")
    with pytest.raises(NotSeen, match=r"(?s)waited 0\.05 s for 'there' on the screen.*here.*sh"):
        terminal.expect("there", deadline_s=0.05)


@pytest.mark.parametrize(("late_s", "answer"), [(0.0, r"^[[2;4R"), (0.2, r"^[[2;4R"), (None, "")])
def test_the_terminal_tells_where_the_cursor_is(
    open_terminal: OpenTerminal, late_s: float | None, answer: str
) -> None:
    ask = r"stty -icanon -echo min 0 time 5; printf 'one\ntwo\033[6n'; head -c 6 | cat -v; echo '<'"
    terminal = open_terminal(["sh", "-c", ask], answer_after_s=late_s)
    terminal.expect(f"two{answer}<")


def test_the_size_is_there_from_the_first_moment(open_terminal: OpenTerminal) -> None:
    terminal = open_terminal(["stty", "size"], size=Size(10, 33))
    assert terminal.status() == 0
    terminal.expect("10 33")


def test_hanging_up_sends_sighup(open_terminal: OpenTerminal) -> None:
    terminal = open_terminal(["sleep", "99"])
    terminal.until(lambda: processes.name(terminal.pid) == "sleep", "the program")
    terminal.hang_up()
    assert terminal.status() == -signal.SIGHUP


def test_closing_ends_every_process_of_the_session(open_terminal: OpenTerminal) -> None:
    terminal = open_terminal(
        ["bash", "-ic", "trap '' HUP TERM; set -m; sleep 98 & sleep 97 & kill -STOP %2; sleep 96"]
    )
    terminal.until(lambda: len(processes.in_session(terminal.pid)) == 3, "the program and two jobs")
    terminal.kill_everybody()
    terminal.until(terminal.kill_everybody, "the end of all")
    assert [process.pid for process in processes.in_session(terminal.pid) if process.state != "Z"] == []


def test_a_program_starts_with_nothing_of_ours(open_terminal: OpenTerminal) -> None:
    read, write = os.pipe()
    os.set_inheritable(write, True)
    try:
        terminal = open_terminal(["sleep", "99"])
        terminal.until(lambda: processes.is_settled(terminal.pid, "sleep"), "the program")
        assert sorted(processes.descriptors(terminal.pid)) == [0, 1, 2]
        assert processes.signals(terminal.pid).ignored == processes.signals(terminal.pid).blocked == frozenset()
    finally:
        os.close(read)
        os.close(write)


def test_litter_is_named_and_removed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MINISHELL_LITTER", "old")
    before = conftest.look_around()
    child = subprocess.Popen(["sleep", "99"])
    descriptor = os.open("/dev/null", os.O_RDONLY)
    os.chdir(tmp_path)
    os.environ["MINISHELL_LITTER"] = "new"
    signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGUSR1])
    after = conftest.look_around()
    litter = sorted(conftest.differences(before, after))
    conftest.tidy_up(before, after)
    child.returncode = -signal.SIGKILL  # it has been waited for
    assert [re.sub(r" \(.*\)$", "", line) for line in litter] == [
        "changed the environment variable MINISHELL_LITTER from 'old' to 'new'",
        f"changed the working directory from {before.directory} to {tmp_path}",
        f"changed which signals are blocked: [{signal.SIGUSR1!r}]",
        f"left a child process behind: {child.pid}",
        f"left descriptor {descriptor} open: /dev/null",
    ]
    assert conftest.look_around() == before
