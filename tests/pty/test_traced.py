"""Job control inside a traced line: keys, stops and the terminal do what they do without, and it is told.

`--traced` runs all other tests of this folder with the shell watched; these are about what is seen, and about what
happens when the observer does not live as long as its job.
"""

from __future__ import annotations

import os
import signal
from typing import TYPE_CHECKING

import pytest

from tests.pty import processes

if TYPE_CHECKING:
    from pathlib import Path

    from tests.pty.shell import Shell


def told(home: Path) -> str:
    """The story so far."""
    return (home / "told").read_text()


def tracer(pid: int) -> int:
    return int(processes.status(pid)["TracerPid"])


def modes(shell: Shell) -> str:
    """The terminal's modes while a program runs."""
    return shell.run("stty -g")


def test_ctrl_c_ends_a_traced_job(shell: Shell, home: Path) -> None:
    before = modes(shell)
    job = shell.start("trace -o told sleep 99 | cat")
    shell.until(lambda: len(processes.in_group(job)) == 2, "both processes")
    shell.keys("C-c")
    shell.prompt()
    assert shell.last_status() == 130
    assert told(home).count("is killed by SIGINT") == 2
    assert modes(shell) == before


def test_ctrl_z_bg_and_fg_reach_every_process_of_a_traced_job(shell: Shell, home: Path) -> None:
    job = shell.start("trace -o told sleep 99 | sleep 98")
    shell.until(lambda: len(processes.in_group(job)) == 2, "both processes")
    shell.keys("C-z")
    shell.prompt()
    assert [each.state for each in processes.in_group(job)] == ["T", "T"]
    assert "Stopped" in shell.run("jobs")
    assert told(home).count("is stopped by SIGTSTP") == 2
    assert "sleep 99 | sleep 98" in shell.run("bg")
    shell.until(lambda: [each.state for each in processes.in_group(job)] == ["S", "S"], "the job to run")
    shell.until(lambda: told(home).count("goes on") == 2, "the trace to tell of it")
    assert shell.start("fg") == job
    shell.keys("C-z")
    shell.prompt()
    assert shell.start("fg") == job
    shell.keys("C-c")
    shell.prompt()
    shell.until_gone(*[each.pid for each in processes.in_group(job)])
    assert told(home).count("is stopped by SIGTSTP") == 4
    assert told(home).count("is killed by SIGINT") == 2


def test_a_traced_reader_in_the_background_is_stopped_until_it_has_the_terminal(shell: Shell, home: Path) -> None:
    shell.run("trace -o told 'cat &'")
    (reader,) = processes.children(shell.pid)
    shell.until_state(reader, "T")
    shell.until(lambda: "is stopped by SIGTTIN" in told(home), "the trace to tell of it")
    assert shell.start("fg") == reader
    shell.send("hello\r")
    shell.until(lambda: shell.count("hello") == 2, "the echo and the copy")
    shell.keys("C-d")
    shell.prompt()
    assert 'reads 6 bytes from the terminal: "hello\\n"' in told(home)
    assert "exits with 0" in told(home).splitlines()[-1]


def test_each_typed_line_is_told_on_the_screen(shell: Shell) -> None:
    shell.run("set -o trace")
    said = shell.run("uname | cat")
    assert "B (uname)      exec" in said
    assert "Linux" in said
    shell.run("set +o trace")
    assert shell.run("uname") == "Linux"


def test_a_job_that_is_told_meanwhile_does_nothing_to_the_next_line(shell: Shell) -> None:
    """Its observer asks the shell by SIGWINCH to draw what is being typed again; a line that runs would tell that."""
    shell.run("mkfifo fifo; set -o trace")
    shell.run("cat fifo &")
    said = shell.run("echo hello >fifo; wait")
    assert "B (cat)" in said
    assert "SIGWINCH" not in said
    shell.run("set +o trace")


@pytest.mark.parametrize("line", ["sleep 99", "sleep 99 | cat", "(sleep 99; :)"])
def test_a_job_ends_with_its_observer_and_the_prompt_comes(line: str, shell: Shell) -> None:
    before = modes(shell)
    job = shell.start(f"trace -o told {line}")
    shell.until(lambda: any(each.name == "sleep" for each in processes.in_group(job)), "the job to run")
    os.kill(tracer(shell.pid), signal.SIGKILL)
    shell.prompt()
    assert "trace: the observer was killed by SIGKILL" in shell.screen()
    assert processes.in_group(job) == []
    assert modes(shell) == before
    assert tracer(shell.pid) == 0


def test_a_stopped_job_ends_with_its_observer(shell: Shell) -> None:
    job = shell.start("trace -o told sleep 99 | sleep 98")
    shell.until(lambda: len(processes.in_group(job)) == 2, "both processes")
    shell.keys("C-z")
    shell.prompt()
    os.kill(tracer(job), signal.SIGKILL)
    shell.until(lambda: processes.in_group(job) == [], "the end of the job")
    shell.until(lambda: "Killed" in shell.screen(), "the word of it")
    assert "sleep" not in shell.run("jobs")
    assert shell.screen().count("trace: the observer was killed by SIGKILL") == 1


def test_a_killed_shell_leaves_no_job_held_by_its_observer(shell: Shell) -> None:
    job = shell.start("trace -o told sleep 99")
    shell.until_runs(job, "sleep")
    observer = tracer(job)
    os.kill(shell.pid, signal.SIGKILL)
    shell.until(lambda: not processes.alive(job) or processes.state(job) == "S", "the job to be let alone")
    if processes.alive(job):
        os.kill(job, signal.SIGKILL)
    shell.until_gone(job, observer)
