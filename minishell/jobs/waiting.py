"""Waiting for jobs: in the foreground with the terminal handed over, or until something changes."""

from __future__ import annotations

import os

from minishell.ids import Pid
from minishell.kernel.signals import NUMBERS
from minishell.kernel.status import RUNNING, Killed, Stopped, ended

TYPE_CHECKING = False
if TYPE_CHECKING:
    import signal as _signal
    from collections.abc import Collection

    from minishell.jobs.job import Job
    from minishell.jobs.table import Table
    from minishell.jobs.terminal import Terminal
    from minishell.kernel.calls import Kernel
else:
    import _signal

TOO_EARLY = (NUMBERS["TTIN"], NUMBERS["TTOU"])


def wait_in_foreground(
    kernel: Kernel, table: Table, terminal: Terminal, job: Job, typed: list[int], *, resume: bool = False
) -> None:
    """Give the job the terminal, wait until it has ended or stopped, and take the terminal back.

    `typed` holds signals of keys pressed before the job had the terminal: they were meant for it.
    With `resume` a stopped job is continued, in the terminal modes that it had.

    A pipeline is given the terminal only when all its stages have joined the group: a Ctrl-Z in between would
    stop those that are there, and not the later ones.  A stage that has tried to read too early is continued.
    """
    assert job.group is not None
    terminal.give(job.group)
    if resume:
        if job.modes is not None:
            terminal.set_modes(job.modes)
        if any(isinstance(process.state, Stopped) for process in job.processes):  # else it would undo a Ctrl-Z of now
            continue_job(kernel, job)
    for signum in typed:
        send(kernel, job, signum)
    typed.clear()
    while job.state == RUNNING:
        try:
            pid, word = kernel.waitpid(Pid(-1), os.WUNTRACED | os.WCONTINUED)
        except ChildProcessError:  # somebody else has reaped them
            break
        table.changed(pid, word)
        continue_early_reader(kernel, terminal, job, pid)
    terminal.take_back()
    if isinstance(job.state, Stopped):
        job.modes = terminal.read_modes()
        terminal.set_modes(terminal.modes)
    elif any(isinstance(process.state, Killed) for process in job.processes):
        terminal.set_modes(terminal.modes)
    else:
        terminal.adopt_modes()


def wait_for(kernel: Kernel, table: Table, job: Job, *, stops: bool = False) -> None:
    """Wait, without a terminal, until the job has ended, or with `stops` until no process of it runs any more."""
    options = os.WUNTRACED | os.WCONTINUED if stops else 0
    while job.state == RUNNING or (not stops and not job.ended):
        try:
            pid, word = kernel.waitpid(Pid(-1), options)
        except ChildProcessError:  # somebody else has reaped them
            return
        table.changed(pid, word)


def wait_for_change(kernel: Kernel, table: Table, breakers: Collection[int]) -> int | None:
    """Sleep until a child changes state; returns the signal of `breakers` that came first, if one did.

    Signals are blocked and then taken by sigwaitinfo, so none can slip in between looking and sleeping, as it
    could before a plain waitpid: Python runs handlers only between its own instructions.
    """
    awaited = {NUMBERS["CHLD"], *breakers}
    took_child = False
    before = kernel.sigprocmask(_signal.SIG_BLOCK, awaited)
    try:
        while not table.poll(kernel):
            signum = kernel.sigwaitinfo(awaited)
            if signum != NUMBERS["CHLD"]:
                return signum
            took_child = True
    finally:
        kernel.sigprocmask(_signal.SIG_SETMASK, before)
    return NUMBERS["CHLD"] if took_child and NUMBERS["CHLD"] in breakers else None


def send(kernel: Kernel, job: Job, signum: int) -> None:
    """Signal the whole job; a job without a group of its own process by process."""
    alive = [process.pid for process in job.processes if not ended(process.state)]
    targets = [Pid(-job.group)] if job.group is not None and alive else alive
    for target in targets:
        try:
            kernel.kill(target, signum)
        except ProcessLookupError:  # it has ended in this very moment
            pass


def continue_job(kernel: Kernel, job: Job) -> None:
    job.continued()
    job.told = RUNNING
    send(kernel, job, NUMBERS["CONT"])


def continue_early_reader(kernel: Kernel, terminal: Terminal, job: Job, pid: Pid) -> None:
    """Continue a process that was stopped because it used the terminal just before it was the job's."""
    for process in job.processes:
        state = process.state
        if process.pid == pid and isinstance(state, Stopped) and state.signal in TOO_EARLY:
            try:
                if kernel.tcgetpgrp(terminal.fd) == job.group == kernel.getpgid(pid):
                    process.state = RUNNING
                    kernel.kill(pid, NUMBERS["CONT"])
            except OSError:  # it has been killed meanwhile, or the terminal is gone
                pass
