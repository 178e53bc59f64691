"""How the shell waits for jobs and what it makes of their ends (requirements 34 to 49)."""

from __future__ import annotations

import os
import re
import signal
from typing import TYPE_CHECKING

import pytest

from minishell.ids import Pid
from minishell.jobs.job import Job
from minishell.jobs.table import Table
from minishell.jobs.waiting import send
from minishell.kernel.status import RUNNING, Exited
from minishell.source import Source
from minishell.syntax.parser import End, Unfinished, parse
from tests.pty import processes
from tests.pty.picture import Size
from tests.pty.shell import PROMPT, start_of
from tests.scripted_kernel import ScriptedKernel

if TYPE_CHECKING:
    from tests.pty.conftest import Door, OpenTerminal
    from tests.pty.shell import Shell

TSTP_STATUS = 128 + signal.SIGTSTP  # 148


# -- until when a job is waited for


@pytest.mark.requirement(34)
def test_a_job_is_stopped_when_no_stage_runs_and_one_is_stopped(shell: Shell) -> None:
    """While one stage ignores Ctrl-Z the job stays in the foreground."""
    job = shell.start("""sleep 99 | sh -c "trap '' TSTP; read x </dev/tty; echo got \\$x" """)
    shell.until(lambda: len(processes.in_group(job)) == 2, "both stages")
    first = processes.children(shell.pid)[0]
    shell.until_runs(first, "sleep")
    reader = processes.children(shell.pid)[1]
    shell.until(lambda: signal.SIGTSTP in processes.signals(reader).ignored, "the trap")
    shell.keys("C-z")
    shell.until_state(first, "T")
    assert shell.foreground() == job
    shell.send("it\r")
    shell.expect("got it")
    shell.prompt()
    assert "Stopped" in shell.screen()


@pytest.mark.requirement(35)
@pytest.mark.race(15)
def test_a_stage_that_leaves_the_group_is_waited_for(shell: Shell, door: Door) -> None:
    """By its pid, not by the group it once had."""
    shell.enter("true | own_group.py")
    shell.expect("IN A GROUP OF ITS OWN")
    shell.until(lambda: len(processes.children(shell.pid)) == 1, "the first stage to be waited for")
    shell.until(door.lets_through, "the stage at the door")
    shell.prompt()
    assert shell.last_status() == 7


@pytest.mark.requirement(35)
def test_a_shell_at_the_end_of_a_pipeline(shell: Shell) -> None:
    """`true | bash -i`: the inner shell makes a group of its own, reads the end of its input, and leaves."""
    shell.run("true | bash --norc --noprofile -i")
    assert shell.run("echo Q''Q") == "QQ"
    assert shell.foreground() == shell.pid


@pytest.mark.requirement(36)
def test_a_child_of_somebody_else_is_reaped(open_terminal: OpenTerminal, door: Door, minishell: str) -> None:
    """Whoever became the shell by `exec` may have had children already."""
    terminal = open_terminal(["sh", "-c", f"cat door & exec {minishell} -i"])
    terminal.expect_prompt(PROMPT)
    assert len(processes.children(terminal.pid)) == 1
    terminal.until(door.lets_through, "the stranger at the door")
    terminal.until(lambda: not processes.children(terminal.pid), "the stranger to be reaped")
    terminal.send("sh -c 'exit 3'; echo status $?\r")
    terminal.expect("status 3")


@pytest.mark.requirement(37)
@pytest.mark.race(6)
def test_as_many_ends_as_jobs_however_many_end_at_once(shell: Shell, door: Door) -> None:
    """The kernel merges SIGCHLDs, so each is taken for any number of children."""
    count = 300
    for _ in range(count // 30):
        shell.run("cat door& " * 30)
    shell.until(lambda: len(waiting_at_door(shell.pid)) == count, f"{count} jobs at the door")
    door.open()
    shell.until(lambda: ends(shell) == count, f"{count} notices")
    shell.prompt()
    assert processes.children(shell.pid) == []
    assert shell.run("jobs") == ""


@pytest.mark.requirement(38)
@pytest.mark.race(11)
def test_wait_does_not_wait_for_stopped_jobs(shell: Shell) -> None:
    """Nobody could ever continue them."""
    shell.start("sleep 99")
    shell.keys("C-z")
    shell.prompt()
    shell.run("wait")
    assert "Stopped" in shell.run("jobs")


@pytest.mark.requirement(39, 0.2)
@pytest.mark.race(7)
@pytest.mark.parametrize("seconds", ["0", "0.001", "0.003", "0.01", "0.03"])
def test_a_job_that_ends_as_the_prompt_appears_is_not_missed(shell: Shell, seconds: str) -> None:
    """Hands off the keyboard, its end is told by itself."""
    for number in range(1, 6):
        shell.enter(f"sleep {seconds} &")
        shell.until(lambda: shell.count("Done  ") == number, f"notice number {number}")  # noqa: B023
        shell.prompt()


@pytest.mark.requirement(40)
def test_changes_made_from_outside_are_seen(shell: Shell) -> None:
    """SIGSTOP, SIGCONT and SIGKILL sent by somebody else."""
    job = shell.background("sleep 99")
    os.kill(job, signal.SIGSTOP)
    shell.expect(re.compile(r"^\[1\]\+  Stopped", re.MULTILINE))
    shell.prompt()
    os.kill(job, signal.SIGCONT)
    shell.until_state(job, "S")
    assert "Running" in shell.run("jobs")
    os.kill(job, signal.SIGKILL)
    shell.expect(re.compile(r"^\[1\]\+  Killed", re.MULTILINE))
    shell.prompt()
    assert shell.run("jobs") == ""


@pytest.mark.requirement(40)
def test_the_toolbar_follows_the_jobs(shell: Shell) -> None:
    """Below the line, at once, whoever it was that stopped or continued the job."""
    job = shell.background("sleep 99")
    shell.expect("[1]+ running sleep 99")
    os.kill(job, signal.SIGSTOP)
    shell.expect("[1]+ stopped sleep 99")
    os.kill(job, signal.SIGCONT)
    shell.expect("[1]+ running sleep 99")
    os.kill(job, signal.SIGKILL)
    shell.until(lambda: "[1]+ running" not in shell.screen(), "an empty toolbar")
    shell.prompt()


@pytest.mark.requirement(41)
@pytest.mark.parametrize("number", [signal.SIGTTIN, signal.SIGTTOU])
def test_a_job_stopped_for_the_terminal_it_owns_goes_on(shell: Shell, number: signal.Signals) -> None:
    """It read or wrote just before the terminal was handed over: continue it, as if nothing had been."""
    job = shell.start("cat")
    shell.until_runs(job, "cat")
    for _ in range(5):
        os.killpg(job, number)
        shell.until(lambda: number not in processes.signals(job).pending, "the signal to be delivered")
        shell.until_state(job, "S")
        assert shell.foreground() == job
    shell.send("hello\r")
    shell.until(lambda: shell.count("hello") == 2, "the echo and the copy")
    shell.keys("C-d")
    shell.prompt()
    assert "Stopped" not in shell.screen()


# -- statuses


@pytest.mark.requirement(42)
@pytest.mark.parametrize(
    ("command", "status"),
    [
        ("sh -c 'exit 7'", 7),
        ("sh -c 'kill -TERM $$'", 143),
        ("false | true", 0),
        ("true | sh -c 'exit 5'", 5),
        ("! true", 1),
        ("! false", 0),
        ("! sh -c 'exit 5' | sh -c 'exit 6'", 0),
        ("(exit 9)", 9),
        ("set -o pipefail; sh -c 'exit 4' | true", 4),
        ("no-such-program", 127),
    ],
)
def test_the_status_of_a_command(shell: Shell, command: str, status: int) -> None:
    """POSIX 2.8.2, 2.9.2."""
    shell.run(command)
    assert shell.last_status() == status


@pytest.mark.requirement(42)
def test_the_status_of_a_stopped_job(shell: Shell) -> None:
    """128 and the number of the signal that stopped it."""
    shell.start("sleep 99")
    shell.keys("C-z")
    shell.prompt()
    assert shell.last_status() == TSTP_STATUS


@pytest.mark.requirement(43)
@pytest.mark.parametrize(
    ("name", "words"),
    [("SEGV", "Segmentation fault"), ("TERM", "Terminated"), ("KILL", "Killed"), ("INT", ""), ("PIPE", "")],
)
def test_a_death_by_signal_is_told(shell: Shell, name: str, words: str) -> None:
    """Except for the two that happen every day: Ctrl-C, and a reader that has read enough."""
    said = shell.run(f"sh -c 'ulimit -c 0; kill -{name} $$'")
    assert words in said
    assert bool(words) == bool(said.strip())


@pytest.mark.requirement(43)
def test_after_ctrl_c_the_prompt_stands_on_a_line_of_its_own(shell: Shell) -> None:
    """^C is echoed where the cursor stands; the prompt may not follow it on that line."""
    shell.start("sh -c 'printf par%s tial; exec sleep 99'")
    shell.expect("partial")
    shell.keys("C-c")
    shell.prompt()
    assert shell.last_status() == 130
    assert "partial^C\n" in shell.screen()


# -- the builtin wait


@pytest.mark.requirement(44)
def test_ctrl_c_ends_the_wait_and_not_the_job(shell: Shell) -> None:
    """The job is in the background: Ctrl-C is not for it."""
    job = shell.background("sleep 99")
    shell.until_runs(job, "sleep")
    shell.enter("wait")
    shell.until(shell.waits, "the shell to wait")
    shell.keys("C-c")
    shell.prompt()
    assert shell.last_status() == 130
    assert "Running" in shell.run("jobs")
    assert processes.alive(job)


@pytest.mark.requirement(44)
def test_a_trapped_signal_ends_the_wait(shell: Shell) -> None:
    """At once, with 128 and its number; then the trap runs. POSIX, XCU wait."""
    shell.run("trap 'echo trap''ped' USR1")
    shell.background("sleep 99")
    shell.enter("wait; echo status $?")
    shell.until(shell.waits, "the shell to wait")
    os.kill(shell.pid, signal.SIGUSR1)
    shell.prompt()
    assert "trapped" in shell.screen()
    assert f"status {128 + signal.SIGUSR1}" in shell.screen()


@pytest.mark.requirement(45)
def test_a_finished_job_is_remembered_until_it_is_asked_for(shell: Shell) -> None:
    """`wait` gives the status of a job that is long over, once; then it knows no such process: 127."""
    job = shell.background("(exit 3)")
    shell.until_gone(job)
    shell.run(f"wait {job}")
    assert shell.last_status() == 3
    shell.run(f"wait {job}")
    assert shell.last_status() == 127


@pytest.mark.requirement(46)
def test_a_finished_job_cannot_be_killed(shell: Shell) -> None:
    """Its pid may be somebody else's by now: the shell signals only what it has not reaped."""
    job = shell.background("true")
    shell.until(lambda: not processes.state(job), "the job to be reaped")
    shell.run("true")
    assert "no such job" in shell.run("kill %1")
    assert shell.last_status() != 0


@pytest.mark.requirement(46)
def test_a_pid_that_comes_again_belongs_to_the_new_process_only() -> None:
    """The status of its former owner is forgotten, and the new one's end changes only the new job."""
    table = Table()
    old, new = a_job(table, 4711), a_job(table, 4712)
    table.changed(Pid(4711), wait_word(exit_status=3))
    table.notices()
    assert table.remembered == {4711: 3}
    newest = a_job(table, 4711)
    assert table.remembered == {}
    table.changed(Pid(4711), wait_word(exit_status=5))
    assert [job.state for job in (old, new, newest)] == [Exited(3), RUNNING, Exited(5)]


@pytest.mark.requirement(46)
def test_what_has_been_reaped_is_not_signalled() -> None:
    """Neither the process nor its group: both numbers may be somebody else's."""
    table, kernel = Table(), ScriptedKernel()
    job = a_job(table, 4711, 4712)
    table.changed(Pid(4711), wait_word(exit_status=0))
    send(kernel, job, signal.SIGTERM)
    assert kernel.calls == [("kill", 4712, signal.SIGTERM)]
    table.changed(Pid(4712), wait_word(exit_status=0))
    send(kernel, job, signal.SIGTERM)
    assert len(kernel.calls) == 1
    leader = a_job(table, 4713, group=4713)
    table.changed(Pid(4713), wait_word(exit_status=0))
    send(kernel, leader, signal.SIGTERM)
    assert len(kernel.calls) == 1


# -- Ctrl-C and what follows it


@pytest.mark.requirement(47)
def test_ctrl_c_ends_the_whole_line_when_the_program_dies_of_it(shell: Shell) -> None:
    """The user meant the line, not its current command."""
    job = shell.start("sleep 99; echo la''ter")
    shell.until_runs(job, "sleep")
    shell.keys("C-c")
    shell.prompt()
    assert "later" not in shell.screen()
    assert shell.last_status() == 130


@pytest.mark.requirement(47)
def test_a_program_that_handles_ctrl_c_does_not_end_the_line(shell: Shell) -> None:
    """An editor uses Ctrl-C for itself, and what comes after it still has to happen."""
    job = shell.start("sh -c 'trap \"exit 0\" INT; sleep 99'; echo la''ter")
    shell.until(lambda: running_child(job, "sleep"), "the program's own child")
    shell.keys("C-c")
    shell.prompt()
    assert "later" in shell.screen()


@pytest.mark.requirement(48)
def test_a_script_dies_of_sigint_when_its_program_does(open_terminal: OpenTerminal, subject: str) -> None:
    """So that *its* parent can tell that the user pressed Ctrl-C."""
    terminal = open_terminal([*start_of(subject), "-c", "sleep 99; echo la''ter"])
    terminal.until(lambda: running_child(terminal.pid, "sleep"), "the program")
    terminal.keys("C-c")
    assert terminal.status() == -signal.SIGINT
    assert "later" not in terminal.screen()


@pytest.mark.requirement(48)
def test_a_script_goes_on_when_its_program_handles_sigint(open_terminal: OpenTerminal, subject: str) -> None:
    """The script got the signal too, but waits to see what the program makes of it."""
    terminal = open_terminal(
        [*start_of(subject), "-c", "sh -c 'trap \"exit 0\" INT; echo ready; sleep 99'; echo la''ter"]
    )
    terminal.expect("ready")
    terminal.until(lambda: has_grandchild(terminal.pid, "sleep"), "the program's own child")
    terminal.keys("C-c")
    assert terminal.status() == 0
    assert "later" in terminal.screen()


@pytest.mark.requirement(48)
def test_a_parent_sees_that_a_script_was_interrupted(open_terminal: OpenTerminal, minishell: str) -> None:
    """130, in a parent that itself goes on."""
    terminal = open_terminal(["bash", "-c", f"trap : INT; {minishell} -c 'sleep 99; echo no'; echo status $?"])
    terminal.until(lambda: has_grandchild(terminal.pid, "sleep"), "the program")
    terminal.keys("C-c")
    terminal.expect("status 130")


@pytest.mark.requirement(49)
def test_signals_do_not_disturb_the_shell_while_it_waits(shell: Shell) -> None:
    """A resized window, a continued shell: system calls that were interrupted are made again."""
    job = shell.start("cat")
    for columns in (100, 90, 80):
        shell.resize(Size(24, columns))
        os.kill(shell.pid, signal.SIGWINCH)
        os.kill(shell.pid, signal.SIGCONT)
        shell.until(lambda: not processes.signals(shell.pid).pending, "the signals to be delivered")
    assert shell.foreground() == job
    shell.keys("C-d")
    shell.prompt()
    assert shell.last_status() == 0


# -- helpers


def a_job(table: Table, *pids: int, group: int | None = None) -> Job:
    """A job of processes that do not exist."""
    command = parse(Source("test", "sleep 9"))
    assert not isinstance(command, End | Unfinished)
    job = Job(command, None if group is None else Pid(group))
    for pid in pids:
        table.track(job, Pid(pid))
    table.give_number(job)
    return job


def wait_word(exit_status: int) -> int:
    """What waitpid tells of a process that has exited: wait(2)."""
    return exit_status << 8


def waiting_at_door(pid: int) -> list[int]:
    """The children that sleep in cat: each of them at the door, which is all that it reads."""
    found = [processes.must_stat(child) for child in processes.children(pid)]
    return [process.pid for process in found if process.name == "cat" and process.state == "S"]


def ends(shell: Shell) -> int:
    """How many different jobs the screen tells the end of."""
    told = re.findall(r"^\[(\d+)\].? +Done ", shell.screen(), re.MULTILINE)
    assert len(told) == len(set(told)), "a job's end was told twice"
    return len(told)


def running_child(pid: int, program: str) -> bool:
    return any(processes.name(child) == program for child in processes.children(pid))


def has_grandchild(pid: int, program: str) -> bool:
    return any(running_child(child, program) for child in processes.children(pid))
