"""How the shell takes the terminal when it starts, and gives it back when it ends (requirements 1 to 13)."""

from __future__ import annotations

import os
import re
import signal
import subprocess
from typing import TYPE_CHECKING

import pytest

from tests.pty import processes
from tests.pty.shell import PROMPT, clean_environment, start_of

if TYPE_CHECKING:
    from pathlib import Path

    from tests.pty.conftest import OpenTerminal
    from tests.pty.shell import Shell

INNER = "INNER> "
"""The prompt of a shell that runs inside another one."""


def start_inside(outer: Shell, minishell: str) -> int:
    """Start the shell under test as a job of another shell; its pid, once it shows its prompt."""
    job = outer.start(f"PS1='{INNER}' {minishell} -i")
    outer.expect_prompt(INNER)
    return job


@pytest.mark.requirement(1)
def test_started_in_the_background_it_waits_until_it_is_brought_forward(bash: Shell, minishell: str) -> None:
    """A shell that does not own the terminal stops itself instead of taking it."""
    pid = bash.background(f"PS1='{INNER}' {minishell} -i")
    bash.until_state(pid, "T")
    assert bash.foreground() == bash.pid
    bash.enter("fg")
    bash.expect_prompt(INNER)
    assert bash.foreground() == pid


@pytest.mark.requirement(2)
def test_the_session_leader_is_its_own_foreground_group(shell: Shell) -> None:
    """Where the shell leads its session, setpgid is refused (EPERM), which is fine."""
    process = processes.must_stat(shell.pid)
    assert process.pgrp == process.session == process.tpgid == shell.pid


@pytest.mark.requirement(2)
def test_it_makes_a_group_of_its_own_and_takes_the_terminal(open_terminal: OpenTerminal, minishell: str) -> None:
    """Started by a program without job control, it makes a group of its own and takes the terminal."""
    terminal = open_terminal(["sh", "-c", f"{minishell} -i; echo left"])
    terminal.expect_prompt(PROMPT)
    pid = processes.only_child(terminal.pid)
    assert pid is not None
    assert processes.must_stat(pid).pgrp == pid == terminal.foreground()


@pytest.mark.requirement(3)
def test_at_its_end_the_terminal_is_as_it_was(open_terminal: OpenTerminal, minishell: str) -> None:
    """The first owner has the terminal again, in the modes of entry, whatever was changed inside."""
    tell = "stty -g; cat /proc/$$/stat"
    terminal = open_terminal(["sh", "-c", f"stty -echoctl; {tell}; {minishell} -i; echo left; {tell}; read end"])
    terminal.expect_prompt(PROMPT)
    terminal.send("stty -ixon -echoe\rexit\r")
    terminal.until(lambda: terminal.screen().count(f"{terminal.pid} (sh)") == 2, "the second look")
    modes = re.findall(r"^[0-9a-f:]{20,}$", terminal.screen(), re.MULTILINE)
    assert modes[0] == modes[1]
    assert terminal.foreground() == terminal.pid


@pytest.mark.requirement(4)
def test_with_other_input_it_does_not_touch_the_terminal(open_terminal: OpenTerminal, minishell: str) -> None:
    """`minishell </dev/null` on a terminal reads an empty script: no prompt, no job control."""
    terminal = open_terminal(["sh", "-c", f"{minishell} </dev/null; echo status $?; read end"])
    terminal.expect("status 0")
    assert terminal.foreground() == terminal.pid
    assert PROMPT.strip() not in terminal.screen()


@pytest.mark.requirement(4)
def test_a_program_inherits_three_descriptors_and_no_more(shell: Shell) -> None:
    """The shell's own descriptor of the terminal is closed on exec, like all its others."""
    job = shell.start("sleep 99")
    shell.until_runs(job, "sleep")
    assert sorted(processes.descriptors(job)) == [0, 1, 2]


@pytest.mark.requirement(4)
@pytest.mark.parametrize("command", ["exec >out", "exec >&-", "exec 2>&-"])
def test_the_line_editor_stays_on_the_terminal(shell: Shell, home: Path, command: str) -> None:
    """What commands print goes elsewhere from now on; the prompt and the line being typed do not."""
    shell.run(command)
    shell.run("echo out''put")
    assert shell.run("echo Q''Q >/dev/tty") == "QQ"
    if command == "exec >out":
        assert (home / "out").read_text() == "output\n"


@pytest.mark.requirement(5)
def test_without_a_controlling_terminal_it_still_works(subject: str, home: Path) -> None:
    """Interactive by -i, but with no terminal: no job control, and everything else."""
    answer = subprocess.run(
        [*start_of(subject), "-i"],
        input="echo one; true &\nwait\n(exit 3)\necho status $?\n",
        capture_output=True,
        check=True,
        cwd=home,
        env=clean_environment(home),
        start_new_session=True,
        text=True,
        timeout=120,
    )
    assert "one" in answer.stdout
    assert "status 3" in answer.stdout


@pytest.mark.requirement(6)
def test_signals_meant_to_stop_a_program_do_not_stop_the_shell(shell: Shell) -> None:
    r"""^\ and ^Z at the prompt, and the stop signals from outside."""
    shell.keys("C-\\", "C-z")
    for number in (signal.SIGQUIT, signal.SIGTSTP, signal.SIGTTIN, signal.SIGTTOU):
        os.kill(shell.pid, number)
    shell.until(lambda: not processes.signals(shell.pid).pending, "the signals to be delivered")
    shell.drop_line()
    assert shell.run("echo al''ive") == "alive"
    shell.until_state(shell.pid, "S")
    assert signal.SIGCHLD not in processes.signals(shell.pid).ignored


@pytest.mark.requirement(7)
def test_exit_warns_once_of_stopped_jobs(shell: Shell) -> None:
    """The first `exit` warns; the second, if nothing came between, leaves."""
    job = stopped_sleep(shell)
    assert "There are stopped jobs." in shell.run("exit")
    assert "There are stopped jobs." not in shell.run("true")
    assert "There are stopped jobs." in shell.run("exit")
    shell.enter("exit")
    shell.until(shell.ended, "the end of the shell")
    shell.until_gone(job)


@pytest.mark.requirement(7)
def test_end_of_input_warns_like_exit(shell: Shell) -> None:
    """Ctrl-D goes the same way as `exit`, and the two count as one after the other."""
    stopped_sleep(shell)
    shell.keys("C-d")
    shell.expect("There are stopped jobs.")
    shell.prompt()
    assert shell.run("echo Q''Q") == "QQ"
    shell.keys("C-d")
    shell.until(lambda: shell.count("There are stopped jobs.") == 2, "the second warning")
    shell.prompt()
    shell.keys("C-d")
    shell.until(shell.ended, "the end of the shell")


@pytest.mark.requirement(7)
@pytest.mark.race(12)
def test_exit_looks_at_its_jobs_before_it_decides(shell: Shell) -> None:
    """A job that stopped a moment ago, on the same line, counts."""
    line = 'cat & wait_for_state.py "$!" T; exit'
    assert "There are stopped jobs." in shell.run(line)


@pytest.mark.requirement(8)
def test_stopped_jobs_do_not_outlive_the_shell(shell: Shell) -> None:
    """SIGHUP and SIGCONT end them: nobody could continue them any more."""
    job = shell.start("sleep 99 | sleep 98")
    shell.until(lambda: len(processes.in_group(job)) == 2, "both processes")
    members = [process.pid for process in processes.in_group(job)]
    shell.keys("C-z")
    shell.prompt()
    shell.run("exit")
    shell.enter("exit")
    shell.until(shell.ended, "the end of the shell")
    shell.until_gone(*members)


@pytest.mark.requirement(8)
def test_running_jobs_outlive_the_shell(bash: Shell, minishell: str) -> None:
    """As in bash without huponexit: `exit` ends neither `make &` nor the server under test."""
    start_inside(bash, minishell)
    bash.send("sleep 99 &\recho pid=$!\r")
    bash.expect(re.compile(r"^pid=\d+$", re.MULTILINE))
    pid = int(re.findall(r"^pid=(\d+)$", bash.screen(), re.MULTILINE)[0])
    bash.send("exit\r")
    bash.prompt()
    assert processes.alive(pid)


@pytest.mark.requirement(9)
@pytest.mark.race(14)
def test_when_the_window_closes_everybody_goes(shell: Shell) -> None:
    """SIGHUP reaches the shell, a running job and a stopped one."""
    running = shell.background("sleep 99")
    stopped = stopped_sleep(shell)
    shell.hang_up()
    shell.until(shell.ended, "the end of the shell")
    shell.until_gone(running, stopped)


@pytest.mark.requirement(9)
def test_when_the_window_closes_during_a_foreground_job_everybody_goes(shell: Shell) -> None:
    """The shell waits for the job, not for a key, when the terminal goes away."""
    running = shell.background("sleep 99")
    job = shell.start("sleep 98")
    shell.hang_up()
    shell.until(shell.ended, "the end of the shell")
    shell.until_gone(running, job)


@pytest.mark.requirement(9)
def test_sighup_from_elsewhere_is_passed_on_to_the_jobs(shell: Shell) -> None:
    """`kill -HUP shell`: the jobs hear of it too, the stopped ones are continued so that they can."""
    running = shell.background("sleep 99")
    stopped = stopped_sleep(shell)
    os.kill(shell.pid, signal.SIGHUP)
    shell.until(shell.ended, "the end of the shell")
    shell.until_gone(running, stopped)


@pytest.mark.requirement(10)
def test_sigterm_does_not_end_an_interactive_shell(shell: Shell) -> None:
    """Neither at the prompt nor during a foreground job, which goes on."""
    os.kill(shell.pid, signal.SIGTERM)
    assert shell.run("echo Q''Q") == "QQ"
    job = shell.start("sleep 99")
    shell.until_runs(job, "sleep")
    os.kill(shell.pid, signal.SIGTERM)
    shell.until(lambda: not processes.signals(shell.pid).pending, "the signal to be delivered")
    assert shell.foreground() == job
    shell.keys("C-c")
    shell.prompt()


@pytest.mark.requirement(11)
def test_exec_hands_over_a_clean_terminal_and_clean_signals(bash: Shell, minishell: str) -> None:
    """The program that replaces the shell can be stopped again, and the terminal is not raw."""
    pid = start_inside(bash, minishell)
    bash.send("exec cat\r")
    bash.until_runs(pid, "cat")
    assert processes.signals(pid).ignored == frozenset()
    assert processes.signals(pid).blocked == frozenset()
    assert {"ICANON", "ECHO", "ISIG", "ICRNL", "OPOST"} <= bash.modes().on()
    bash.keys("C-z")
    bash.prompt()
    assert processes.state(pid) == "T"
    bash.start("fg")
    bash.keys("C-d")
    bash.prompt()


@pytest.mark.requirement(12)
def test_the_terminal_has_the_right_owner_on_every_level(bash: Shell, minishell: str) -> None:
    """A raw program in minishell in bash: each level owns the terminal in turn, in its own modes."""
    at_bash = bash.modes()
    pid = start_inside(bash, minishell)
    bash.send("raw.py\r")
    bash.expect("STARTED: terminal mine, raw")
    assert bash.foreground() not in (pid, bash.pid)
    bash.keys("r")
    bash.expect_prompt(INNER)
    assert bash.foreground() == pid
    bash.send("exit\r")
    bash.prompt()
    assert bash.foreground() == bash.pid
    assert bash.modes() == at_bash


@pytest.mark.requirement(13)
def test_a_program_that_gave_the_terminal_away_does_not_lock_the_shell_out(shell: Shell) -> None:
    """The shell takes the terminal back from a group it never knew."""
    shell.run("steal.py")
    assert shell.foreground() == shell.pid
    assert shell.run("echo Q''Q") == "QQ"


def stopped_sleep(shell: Shell) -> int:
    """A stopped job; its process group."""
    job = shell.start("sleep 97")
    shell.keys("C-z")
    shell.prompt()
    assert processes.state(job) == "T"
    return job
