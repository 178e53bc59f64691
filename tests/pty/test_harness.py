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

    from tests.pty.conftest import Door, OpenTerminal
    from tests.pty.shell import Shell


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


def test_what_a_command_printed_is_found_where_a_notice_has_moved_it(
    shell: Shell, door: Door, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The job ends when the line has been typed, but before Enter."""
    press = shell.keys

    def press_after_the_notice(*names: str) -> None:
        end_job(shell, door)
        press(*names)

    shell.run("cat door &")
    monkeypatch.setattr(shell, "keys", press_after_the_notice)
    assert shell.run("echo one; echo two") == "one\ntwo"


def test_the_status_is_found_among_notices(shell: Shell, door: Door, monkeypatch: pytest.MonkeyPatch) -> None:
    """The job ends when the status has been printed, before anybody has seen the prompt behind it."""
    prompt = shell.prompt

    def prompt_after_the_notice() -> None:
        prompt()
        end_job(shell, door)
        prompt()

    shell.run("cat door &")
    shell.run("(exit 3)")
    monkeypatch.setattr(shell, "prompt", prompt_after_the_notice)
    assert shell.last_status() == 3


def end_job(shell: Shell, door: Door) -> None:
    """Let the job at the door end, and wait until it has been told."""
    shell.until(door.lets_through, "the job at the door")
    shell.expect(re.compile(r"^\[1\]\+  Done +cat door$", re.MULTILINE))


def test_what_the_terminal_echoes_is_not_the_line(shell: Shell, door: Door) -> None:
    """It has not been read by the shell yet."""
    shell.start("cat door")
    shell.send("typed ahead")
    shell.until(lambda: shell.before_cursor() == "typed ahead", "the echo")
    assert shell.line() == ""
    shell.until(door.lets_through, "the program at the door")
    shell.until(lambda: shell.line() == "typed ahead", "the line")


def test_a_prompt_that_is_being_drawn_is_none_yet(open_terminal: OpenTerminal) -> None:
    draw = r"printf '\033[?25lready> '; read go; printf '\033[?25h\rready> '; read end"
    terminal = open_terminal(["sh", "-c", draw])
    terminal.until(lambda: terminal.before_cursor() == "ready> ", "the unfinished prompt")
    assert not terminal.shows("ready> ")
    terminal.keys("Enter")
    terminal.expect_prompt("ready> ")


def test_keys_that_nobody_has_read_are_unread(open_terminal: OpenTerminal) -> None:
    terminal = open_terminal(["sh", "-c", "stty -icanon; echo raw; read go </dev/tty; sleep 99"])
    terminal.expect("raw")
    assert terminal.nothing_unread()
    terminal.keys("Enter")
    terminal.until(lambda: processes.descendant(terminal.pid, "sleep"), "the program that does not read")
    assert terminal.nothing_unread()
    terminal.keys("x")
    assert not terminal.nothing_unread()


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
