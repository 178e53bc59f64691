"""The modes of the terminal, its picture, and its size (requirements 50 to 58)."""

from __future__ import annotations

import os
import signal
from typing import TYPE_CHECKING

import pytest

from tests.pty.picture import Size

if TYPE_CHECKING:
    from tests.pty.shell import Shell

SANE = {"ICANON", "ECHO", "ISIG", "IEXTEN", "ICRNL", "OPOST", "ONLCR"}
"""What a program may expect of a terminal that was not changed for it."""


@pytest.mark.requirement(50, 54)
@pytest.mark.race(10)
def test_a_stopped_raw_program_leaves_a_usable_shell_and_finds_its_modes_again(shell: Shell) -> None:
    """Its modes are kept with the job and set before SIGCONT, its terminal given."""
    before = shell.modes()
    raw_program(shell)
    shell.keys("s")
    shell.prompt()
    assert shell.modes() == before
    assert saved_modes(shell) >= SANE
    for number in (1, 2):
        shell.enter("fg")
        shell.until(lambda: shell.count("CONTINUED: terminal mine, raw") == number, "the program")  # noqa: B023
        shell.keys("s")
        shell.prompt()
    shell.enter("fg")
    shell.until(lambda: shell.count("CONTINUED: terminal mine, raw") == 3, "the program")
    shell.keys("r")
    shell.prompt()
    assert shell.modes() == before


@pytest.mark.requirement(50, 52)
def test_a_program_killed_by_a_signal_leaves_no_modes_behind(shell: Shell) -> None:
    """Killed while the terminal was raw: the prompt works, and the next program sees sane modes."""
    before = shell.run("stty -g")
    job = raw_program(shell)
    os.kill(job, signal.SIGKILL)
    shell.prompt()
    assert "Killed" in shell.screen()
    assert shell.run("stty -g") == before


@pytest.mark.requirement(51)
def test_what_stty_sets_stays_set(shell: Shell) -> None:
    """A program that ends well meant it."""
    shell.run("stty intr ^G -echoctl tostop")
    settings = shell.run("stty -a")
    assert "intr = ^G" in settings
    assert "-echoctl" in settings
    assert "-tostop" not in settings
    shell.start("sleep 99")
    shell.keys("C-g")
    shell.prompt()
    assert shell.last_status() == 130


@pytest.mark.requirement(51)
@pytest.mark.parametrize("command", ["stty raw -echo", "stty -icanon -echo -isig", "stty -opost", "stty -icrnl"])
def test_modes_nobody_could_work_in_are_repaired(shell: Shell, command: str) -> None:
    """Whether by stty or by a program that exited 0 without tidying up."""
    shell.run(command)
    assert saved_modes(shell) >= SANE
    assert shell.run("echo one; echo two") == "one\ntwo"


@pytest.mark.requirement(51, 52)
def test_a_program_that_exits_without_tidying_up_is_repaired_too(shell: Shell) -> None:
    """It ended with status 0, and raw."""
    raw_program(shell)
    shell.keys("q")
    shell.prompt()
    assert saved_modes(shell) >= SANE


@pytest.mark.requirement(53)
def test_the_picture_that_a_dead_program_left_is_repaired(shell: Shell) -> None:
    """The cursor is visible, long lines wrap, and the mouse does not type."""
    job = shell.start("full_screen.py")
    shell.expect("FULL SCREEN")
    os.kill(job, signal.SIGKILL)
    shell.prompt()
    shell.until(lambda: not shell.picture.cursor.hidden, "a visible cursor")
    assert shell.picture.has_mode(7), "long lines must wrap"
    for number, what in ((1000, "mouse"), (1006, "mouse"), (1, "application cursor keys")):
        assert not shell.picture.has_mode(number), f"the {what} mode is still on"
    assert shell.run("echo Q''Q") == "QQ"


@pytest.mark.requirement(55)
def test_programs_find_the_usual_keys(shell: Shell) -> None:
    """Whatever the line editor does with the terminal while one types."""
    settings = shell.run("stty -a")
    for key in ("intr = ^C", "quit = ^\\", "susp = ^Z", "eof = ^D", "start = ^Q", "stop = ^S"):
        assert key in settings
    assert saved_modes(shell) >= SANE | {"IXON"}
    assert "NOFLSH" not in saved_modes(shell)


@pytest.mark.requirement(56)
def test_output_stopped_by_the_user_does_not_lock_the_shell(shell: Shell) -> None:
    """After ^S modes are set at once (TCSANOW), not when all output has been read."""
    job = shell.start("sleep 99")
    shell.until_runs(job, "sleep")
    shell.keys("C-s")
    shell.until(shell.nothing_unread, "the output to be stopped")  # and the key not to come to the editor
    os.kill(job, signal.SIGTERM)
    shell.until(lambda: shell.foreground() == shell.pid, "the shell to take the terminal back")
    shell.keys("C-q")
    shell.prompt()
    assert shell.run("echo Q''Q") == "QQ"


@pytest.mark.requirement(57)
@pytest.mark.parametrize("text", ["abc", "p" * 60, "w" * 130])
def test_a_last_line_without_newline_stays_and_the_prompt_starts_a_new_one(shell: Shell, text: str) -> None:
    """Also when a line is then typed that is drawn again and again."""
    said = shell.run(f"printf {text}")
    assert text in said.replace("\n", "")
    typed = "echo " + "y" * 50
    shell.type(typed)
    assert shell.before_cursor().endswith(typed)
    assert text in shell.screen().replace("\n", "").replace(f"printf {text}", "")
    shell.keys("Enter")
    shell.prompt()


@pytest.mark.requirement(58)
def test_a_new_size_reaches_the_prompt_and_the_next_program(shell: Shell) -> None:
    """During a program only that one gets SIGWINCH: the shell has to ask before the prompt."""
    job = shell.start("sleep 99")
    shell.until_runs(job, "sleep")
    shell.resize(Size(rows=30, columns=50))
    shell.keys("C-c")
    shell.prompt()
    assert shell.run("stty size") == "30 50"
    assert shell.run('echo "$LINES $COLUMNS"') == "30 50"
    long = "echo " + "z" * 70
    shell.type(long)
    shell.keys("Enter")
    shell.prompt()
    assert "z" * 50 + "\n" + "z" * 20 in shell.screen()


@pytest.mark.requirement(58)
def test_a_new_size_at_the_prompt_keeps_the_half_typed_line(shell: Shell) -> None:
    """The line is drawn again for the new width."""
    shell.type("echo half")
    shell.resize(Size(rows=30, columns=60))
    shell.during(0.1)
    shell.type(" and half")
    shell.keys("Enter")
    shell.prompt()
    assert "\nhalf and half\n" in shell.screen()
    assert shell.run("stty size") == "30 60"


def raw_program(shell: Shell) -> int:
    """Start the program that turns the terminal raw; its pid."""
    job = shell.start("raw.py")
    shell.expect("STARTED: terminal mine, raw")
    shell.until_state(job, "S")  # it waits for a key
    return job


def saved_modes(shell: Shell) -> set[str]:
    """The modes that a program finds, not those of the line editor."""
    job = shell.start("cat")
    shell.until_runs(job, "cat")
    modes = shell.modes().on()
    shell.keys("C-c")
    shell.prompt()
    return modes
