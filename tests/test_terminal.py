"""The terminal as the shell asks the kernel for it: what is asked, in which order, and what a refusal means."""

from __future__ import annotations

import errno
import os
import signal
import termios
from typing import TYPE_CHECKING

import pytest

from minishell.ids import Fd, Pid
from minishell.jobs.job import Job
from minishell.jobs.table import Table
from minishell.jobs.terminal import Terminal, open_terminal
from minishell.jobs.waiting import wait_in_foreground
from minishell.repl.session import prepare_prompt
from minishell.shell import Shell
from minishell.source import Source
from minishell.syntax.parser import Parser
from tests.scripted_kernel import ScriptedKernel

if TYPE_CHECKING:
    from minishell.kernel.calls import Modes

SHELL = Pid(1000)
RAW: Modes = [1, 0, 0, 0, 0, 0, []]
COOKED: Modes = [2, 0, 0, 0, 0, 0, []]
STOPPED = signal.SIGTSTP << 8 | 0x7F


def a_job(table: Table) -> Job:
    job = Job(Parser(Source("typed", "a")).next(), Pid(42))  # type: ignore[arg-type]
    table.track(job, Pid(42))
    return job


def orders(kernel: ScriptedKernel) -> list[tuple[object, ...]]:
    """What was asked of the terminal and of the job."""
    return [call for call in kernel.calls if call[0] in ("tcsetpgrp", "tcgetattr", "tcsetattr", "kill", "waitpid")]


@pytest.mark.requirement(54)
def test_a_job_that_stops_loses_the_terminal_before_its_modes_are_read_and_changed() -> None:
    kernel, table = ScriptedKernel(tcgetattr=[COOKED, RAW], waitpid=[(Pid(42), STOPPED)]), Table()
    terminal, job = Terminal(kernel, Fd(10)), a_job(table)
    kernel.calls.clear()
    wait_in_foreground(kernel, table, terminal, job, [])
    assert orders(kernel) == [
        ("tcsetpgrp", 10, 42),
        ("waitpid", -1, os.WUNTRACED | os.WCONTINUED),
        ("tcsetpgrp", 10, SHELL),
        ("tcgetattr", 10),
        ("tcsetattr", 10, COOKED),
    ]
    assert job.modes == RAW


@pytest.mark.requirement(54)
def test_fg_gives_the_terminal_then_the_modes_then_continues() -> None:
    kernel, table = ScriptedKernel(tcgetattr=[COOKED, COOKED], waitpid=[(Pid(42), 0)]), Table()
    terminal, job = Terminal(kernel, Fd(10)), a_job(table)
    table.changed(Pid(42), STOPPED)
    job.modes = RAW
    kernel.calls.clear()
    wait_in_foreground(kernel, table, terminal, job, [], resume=True)
    assert orders(kernel)[:3] == [("tcsetpgrp", 10, 42), ("tcsetattr", 10, RAW), ("kill", -42, signal.SIGCONT)]


@pytest.mark.requirement(4)
def test_the_terminal_is_reached_by_a_descriptor_above_those_of_the_user() -> None:
    kernel = ScriptedKernel(open=[Fd(3)])
    terminal = open_terminal(kernel)
    assert terminal is not None
    assert kernel.calls[:3] == [("open", "/dev/tty", os.O_RDWR), ("dup", 3), ("close", 3)]
    assert terminal.fd >= 10


@pytest.mark.requirement(5)
@pytest.mark.parametrize("number", [errno.EPERM, errno.ENOTTY, errno.EACCES])
@pytest.mark.parametrize("call", ["tcsetpgrp", "tcgetpgrp"])
def test_a_terminal_that_is_refused_is_done_without(call: str, number: int) -> None:
    refusal = OSError(number, os.strerror(number))
    answers = {call: [refusal], "tcgetpgrp": [refusal] if call == "tcgetpgrp" else [SHELL, SHELL, Pid(7)]}
    kernel = ScriptedKernel(open=[Fd(3)], dup=[Fd(10)], **answers)
    assert open_terminal(kernel) is None
    assert kernel.calls[-1] == ("close", 10)


@pytest.mark.requirement(5)
@pytest.mark.parametrize("number", [errno.ENXIO, errno.ENOENT, errno.EACCES])
def test_without_a_terminal_nothing_else_is_asked(number: int) -> None:
    kernel = ScriptedKernel(open=[OSError(number, os.strerror(number))])
    assert open_terminal(kernel) is None
    assert kernel.names() == ["open"]


@pytest.mark.requirement(2)
@pytest.mark.parametrize(("session", "setpgid"), [(Pid(1000), 0), (Pid(999), 1)])
def test_only_the_leader_of_a_session_keeps_its_group(session: Pid, setpgid: int) -> None:
    """setpgid would be refused (EPERM), and is not needed: its group is its own."""
    kernel = ScriptedKernel(open=[Fd(3)], getsid=[session])
    assert open_terminal(kernel) is not None
    assert kernel.names().count("setpgid") == setpgid


def test_before_a_prompt_the_echo_is_off_when_the_line_is_started() -> None:
    """A key pressed in between would be echoed behind the notices and in front of the prompt."""
    modes: Modes = [0, 0, 0, termios.ECHO | termios.ICANON, 0, 0, [b"\0"] * 32]
    kernel = ScriptedKernel(tcgetattr=[modes], tcgetwinsize=[(24, 20)])
    shell = Shell(kernel, {"TERM": "xterm"})
    shell.terminal = Terminal(kernel, Fd(10))
    kernel.calls.clear()
    prepare_prompt(shell, edits=True)
    (_, fd, set_first), (_, _, written) = (call for call in kernel.calls if call[0] in ("tcsetattr", "write"))
    assert fd == 10
    assert set_first[3] & (termios.ECHO | termios.ICANON) == 0
    assert written == b"\x1b[7m%\x1b[0m                   \r\x1b[K"
