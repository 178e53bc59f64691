"""Keys and signals at the worst moment, many times over.

`--presses 1000` (or MINISHELL_PRESSES=1000) presses each key a thousand times; the suite's own number is small. The
moments are drawn from a fixed seed: they are the stimulus, nothing waits for anything by time.
"""

from __future__ import annotations

import os
import random
import re
import signal
from typing import TYPE_CHECKING

import pytest

from tests.pty import processes
from tests.pty.shell import PROMPT, start_of

if TYPE_CHECKING:
    from tests.pty.conftest import OpenTerminal
    from tests.pty.shell import Shell

SOON_S, LATEST_S = 0.002, 0.040
"""In the first the shell reads Enter and takes the line; in the second it starts the program."""


@pytest.mark.requirement(69, 22)
@pytest.mark.race(2)
def test_ctrl_c_right_after_enter_always_ends_the_command(shell: Shell, presses: int) -> None:
    """Between fork and exec too, where Python would swallow the signal."""
    moments = random.Random(69)
    for number in range(presses):
        shell.enter("sleep 99")
        shell.during(moments.uniform(0, moments.choice([SOON_S, LATEST_S])))
        shell.keys("C-c")
        shell.until(shell.at_prompt, f"Ctrl-C number {number} to end the command")
        assert processes.children(shell.pid) == []


@pytest.mark.requirement(70)
@pytest.mark.race(1, 2)
def test_ctrl_z_right_after_enter_always_stops_the_command(shell: Shell, presses: int) -> None:
    """A shell that uses vfork would hang where it stops before exec."""
    moments = random.Random(70)
    for number in range(presses):
        shell.enter("sleep 99")
        shell.during(moments.uniform(0, moments.choice([SOON_S, LATEST_S])))
        shell.keys("C-z")
        shell.until(shell.at_prompt, f"Ctrl-Z number {number} to stop the command")
        (job,) = processes.children(shell.pid)
        assert processes.state(job) == "T"
        os.killpg(job, signal.SIGKILL)
        shell.until(lambda: processes.children(shell.pid) == [], "the end of the job")
        shell.prompt()


@pytest.mark.requirement(69, 16)
def test_ctrl_c_right_after_enter_ends_every_stage(shell: Shell, presses: int) -> None:
    """In the middle of starting a pipeline: the stages that start after it end too."""
    moments = random.Random(691)
    for number in range(presses // 3):
        shell.enter("sleep 99 | sleep 98 | sleep 97")
        shell.during(moments.uniform(0, moments.choice([SOON_S, LATEST_S])))
        shell.keys("C-c")
        shell.until(shell.at_prompt, f"Ctrl-C number {number} to end the pipeline")
        assert processes.children(shell.pid) == []


@pytest.mark.requirement(70, 16)
def test_ctrl_z_right_after_enter_stops_every_stage(shell: Shell, presses: int) -> None:
    """In the middle of starting a pipeline: no stage may miss it, or start after it and run on."""
    moments = random.Random(701)
    for number in range(presses // 3):
        shell.enter("sleep 99 | sleep 98 | sleep 97")
        shell.during(moments.uniform(0, moments.choice([SOON_S, LATEST_S])))
        shell.keys("C-z")
        shell.until(shell.at_prompt, f"Ctrl-Z number {number} to stop the pipeline")
        stages = processes.children(shell.pid)
        assert [processes.state(stage) for stage in stages] == ["T"] * 3
        os.killpg(stages[0], signal.SIGKILL)
        shell.until(lambda: processes.children(shell.pid) == [], "the end of the job")
        shell.prompt()


@pytest.mark.requirement(70, 0.6)
@pytest.mark.race(1)
def test_ctrl_z_in_a_script_of_short_commands_never_hangs(bash: Shell, minishell: str, presses: int) -> None:
    """Wherever it hits, the script stops, all of it, and can be continued."""
    moments = random.Random(702)
    job = bash.start(f"yes /bin/true | {minishell}")
    for number in range(presses):
        bash.during(moments.uniform(0, LATEST_S))
        bash.keys("C-z")
        bash.until(bash.at_prompt, f"Ctrl-Z number {number} to stop the script")
        bash.until(lambda: {one.state for one in processes.in_group(job)} == {"T"}, "everybody to be stopped")
        assert bash.start("fg") == job
        bash.until(lambda: {one.state for one in processes.in_group(job)} != {"T"}, "the script to go on")


@pytest.mark.requirement(44)
@pytest.mark.race(11)
def test_ctrl_c_right_after_wait_ends_the_wait(shell: Shell, presses: int) -> None:
    """A signal just before the system call is not overlooked by it."""
    moments = random.Random(44)
    shell.background("sleep 99")
    for number in range(presses // 2):
        shell.enter("wait")
        shell.during(moments.uniform(0, LATEST_S / 2))
        shell.keys("C-c")
        shell.until(shell.at_prompt, f"Ctrl-C number {number} to end the wait")
    assert "Running" in shell.run("jobs")


@pytest.mark.requirement(74, 75, 0.4)
@pytest.mark.race(9)
def test_sigint_at_any_moment_between_prompts(shell: Shell, presses: int) -> None:
    """Commands come and go, and the signal hits anywhere between them."""
    moments = random.Random(74)
    for _ in range(presses):
        shell.send("true\r")
        shell.during(moments.uniform(0, 0.010))
        os.kill(shell.pid, signal.SIGINT)
    shell.settle()
    shell.drop_line()
    assert shell.run("echo Q''Q") == "QQ"
    assert shell.run("jobs") == ""


@pytest.mark.requirement(67, 74, 0.3)
def test_a_storm_of_keys_while_jobs_end(shell: Shell, presses: int) -> None:
    r"""Forty notices among Ctrl-C, Ctrl-Z and Ctrl-\: none is lost, and nobody dies."""
    moments = random.Random(67)
    shell.run("".join(f"sleep 0.{number:02} & " for number in range(10, 50)))
    for _ in range(2 * presses):
        shell.keys(moments.choice(["C-c", "C-z", "C-\\", "x", "y"]))
        shell.during(moments.uniform(0, 0.008))
    shell.until(lambda: len(told_ends(shell)) == 40, "forty notices")
    shell.settle()
    shell.drop_line()
    assert shell.run("echo Q''Q") == "QQ"
    assert shell.run("jobs") == ""
    assert len(told_ends(shell)) == 40


@pytest.mark.requirement(66, 39)
@pytest.mark.race(5, 7)
def test_typing_enter_and_notices_in_the_same_instant(shell: Shell, presses: int) -> None:
    """The job ends while its own command line is still being taken."""
    for number in range(presses // 3):
        shell.send(f"true & echo A{number}''B\recho C{number}''D\r")
        shell.until(lambda: f"C{number}D" in shell.screen(), "the second command's output")  # noqa: B023
        assert f"A{number}B" in shell.screen()
    shell.until(lambda: told_in_all(shell) == presses // 3, "a notice for each job")
    shell.prompt()


@pytest.mark.requirement(68, 39)
def test_what_is_typed_before_the_first_prompt_runs_once(open_terminal: OpenTerminal, subject: str) -> None:
    """While the shell is still being loaded the terminal keeps the keys."""
    terminal = open_terminal([*start_of(subject), "-i"])
    terminal.send("echo A''B\recho C''D\r")
    terminal.expect(re.compile(r"^CD$", re.MULTILINE))
    terminal.expect_prompt(PROMPT)
    assert len(re.findall(r"^AB$", terminal.screen(), re.MULTILINE)) == 1


@pytest.mark.requirement(0.4)
def test_ctrl_c_at_the_very_first_prompt(open_terminal: OpenTerminal, subject: str, presses: int) -> None:
    """The prompt is painted before everything is loaded: Ctrl-C may not hit the half that is missing."""
    moments = random.Random(4)
    for _ in range(presses // 10):
        terminal = open_terminal([*start_of(subject), "-i"])
        terminal.expect(PROMPT.strip())
        terminal.during(moments.uniform(0, 0.100))
        terminal.keys("C-c")
        terminal.settle()  # a Ctrl-C drops what is typed before its end
        terminal.send("echo Q''Q\r")
        terminal.expect("QQ")


def told_ends(shell: Shell) -> set[str]:
    """The numbers of the jobs whose end is on the screen."""
    return set(re.findall(r"\[(\d+)\].? +Done ", shell.screen()))  # a ^C may stand before it


def told_in_all(shell: Shell) -> int:
    """How many ends are on the screen; a number may come twice, for two jobs."""
    return len(re.findall(r"^\[\d+\].? +Done ", shell.screen(), re.MULTILINE))
