"""Traps of an interactive shell: at the prompt they run at once, and the line being typed comes back."""

from __future__ import annotations

import os
import re
import signal
from typing import TYPE_CHECKING

import pytest

from tests.pty.shell import PROMPT

if TYPE_CHECKING:
    from pathlib import Path

    from tests.pty.conftest import Door
    from tests.pty.shell import Shell


def test_a_trap_runs_while_a_line_is_typed(shell: Shell) -> None:
    """POSIX.1-2024 2.12: only a foreground command would have to end first. Text and cursor are as before."""
    shell.run("trap 'echo tra''pped' USR1")
    shell.type("echo abcdef")
    shell.keys("Left", "Left", "Left")
    for number in (1, 2, 3):
        shell.until(lambda: shell.before_cursor() == f"{PROMPT}echo abc", "the cursor in the middle of the word")
        os.kill(shell.pid, signal.SIGUSR1)
        shell.until(lambda: shell.count("trapped") == number, "the action's output")  # noqa: B023
    shell.until(lambda: shell.before_cursor() == f"{PROMPT}echo abc", "the cursor in the middle of the word")
    shell.keys("X", "Enter")
    shell.prompt()
    assert "\nabcXdef\n" in shell.screen()
    assert shell.count("echo abcdef") == 0


def test_the_action_may_be_a_program_that_uses_the_terminal(shell: Shell) -> None:
    shell.run("trap 'head -n 1' USR1")
    shell.type("echo half")
    os.kill(shell.pid, signal.SIGUSR1)
    shell.until(shell.foreground_job, "the program to own the terminal")
    shell.send("for the program\r")
    shell.until(lambda: shell.line() == "echo half", "the half-typed line")
    assert shell.count("for the program") == 2
    shell.keys("Enter")
    shell.prompt()
    assert "\nhalf\n" in shell.screen()


def test_the_action_may_end_the_shell(shell: Shell) -> None:
    shell.run("trap 'exit 7' TERM")
    os.kill(shell.pid, signal.SIGTERM)
    assert shell.status() == 7


def test_the_end_of_a_child_is_trapped_and_told(shell: Shell, door: Door) -> None:
    """The notice does not get lost over the trap, nor once there is none any more."""
    shell.run("trap 'echo chi''ld' CHLD")
    shell.run("cat door &")
    shell.until(door.lets_through, "the job at the door")
    shell.until(lambda: shell.count("child") == 1 and shell.count("Done  ") == 1, "the trap and the notice")
    shell.prompt()
    shell.run("trap - CHLD")
    shell.run("cat door &")
    shell.until(door.lets_through, "the second job at the door")
    shell.until(lambda: shell.count("Done  ") == 2, "the notice")
    shell.prompt()
    assert shell.count("child") == 1


@pytest.mark.requirement(44)
def test_a_trap_of_sigint_runs_when_ctrl_c_gives_up_a_line_or_a_wait(shell: Shell) -> None:
    shell.run("trap 'echo tra''pped' INT")
    shell.type("echo never")
    shell.keys("C-c")
    shell.until(lambda: shell.count("trapped") == 1, "the action's output")
    shell.prompt()
    shell.background("sleep 99")
    shell.enter("wait; echo status $?")
    shell.until(shell.waits, "the shell to wait")
    shell.keys("C-c")
    shell.expect("status 130")
    shell.prompt()
    assert shell.count("trapped") == 2
    assert not re.search("^never", shell.screen(), re.MULTILINE)


@pytest.mark.requirement(9)
def test_the_exit_trap_runs_when_the_terminal_is_gone(shell: Shell, home: Path) -> None:
    shell.run("trap 'echo bye >bye' EXIT")
    shell.hang_up()
    assert shell.status() == 128 + signal.SIGHUP
    assert (home / "bye").read_text() == "bye\n"
