"""Start the stages of a pipeline as one job, connected by pipes, and wait for it.  POSIX.1-2024 XCU 2.9.2."""

from __future__ import annotations

import errno
import os

from minishell.errors import Interrupted, NoMoreDescriptors, NoMoreProcesses, ShellError
from minishell.ids import STDERR, STDIN, STDOUT, Fd
from minishell.jobs.job import Job, words_for
from minishell.jobs.waiting import send, wait_for, wait_in_foreground
from minishell.kernel.signals import NUMBERS
from minishell.kernel.status import Killed, Stopped
from minishell.record import record
from minishell.run.launch import default_signals, joins_group, launch
from minishell.run.plan import OWN_GROUP, ChildPlan, Close, Duplicate, Open
from minishell.run.signals import die_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from minishell.run.launch import Body
    from minishell.run.plan import Action, Program
    from minishell.shell import Shell
    from minishell.source import Span
    from minishell.syntax.tree import Command

NOT_TOLD = (NUMBERS["INT"], NUMBERS["PIPE"])
"""Deaths that need no words: the user pressed the key, or a reader such as `head` had enough."""


@record
class Stage:
    """What is known of one stage before its pipes are: its redirections, and a program or a body to run.

    `problem`: there is no such program, or its words cannot be expanded; the stage's process says so.  `span` is
    where it stands in the line.
    """

    actions: tuple[Action, ...] = ()
    program: Program | None = None
    body: Body | None = None
    span: Span | None = None
    problem: ShellError | None = None


def start(shell: Shell, command: Command, stages: Sequence[Stage], *, foreground: bool) -> Job:
    """Start all stages as one job, each reading what the one before writes.

    Raises ShellError if the system has no more processes or descriptors; then nothing is left behind.
    """
    keys = foreground and shell.subshell  # Ctrl-C is for it, and a subshell has no terminal to give
    group = OWN_GROUP if shell.monitor and not keys else None
    job = Job(command, group, "pipefail" in shell.options)
    start_stages(shell, job, stages, foreground=foreground, captured=False)
    return job


def start_captured(shell: Shell, command: Command, stage: Stage) -> tuple[Job, Fd]:
    """Start a stage whose output the shell reads; also returns the descriptor to read it from."""
    job = Job(command, None, "pipefail" in shell.options)
    read = start_stages(shell, job, (stage,), foreground=True, captured=True)
    assert read is not None
    return job, read


def start_stages(shell: Shell, job: Job, stages: Sequence[Stage], *, foreground: bool, captured: bool) -> Fd | None:
    """Start one stage after another; returns the read end behind the last one, if its output is captured.

    Nothing is reaped meanwhile: a first stage that has ended keeps its group in being, so that the others can
    join it.
    """
    upstream: Fd | None = None
    ends: list[Fd] = []
    try:
        for number, stage in enumerate(stages):
            if shell.sidecar is not None and stage.span is not None:
                shell.sidecar.because(stage.span)
            read, write = pipe(shell) if captured or number < len(stages) - 1 else (None, None)
            ends = [end for end in (upstream, write, read) if end is not None]
            actions = wiring(shell, upstream, read, write, first=number == 0, foreground=foreground) + stage.actions
            takes_terminal = foreground and job.group == OWN_GROUP and len(stages) == 1
            start_stage(shell, job, child_plan(shell, job, stage, actions, foreground, takes_terminal), stage)
            while ends and ends[0] != read:
                shell.kernel.close(ends.pop(0))
            upstream = read
    except OSError as refusal:
        for end in ends:
            shell.kernel.close(end)
        abandon(shell, job)
        raise problem(refusal, job.command) from None
    return upstream


def child_plan(
    shell: Shell, job: Job, stage: Stage, actions: tuple[Action, ...], foreground: bool, takes_terminal: bool
) -> ChildPlan:
    """The whole plan for one stage.

    A command that is a whole job takes the terminal itself, before it can read from it.
    """
    in_group_of_shell = job.group is None and (shell.terminal is not None or shell.in_group_of_shell)
    ignores = [] if foreground or shell.monitor else [NUMBERS["INT"], NUMBERS["QUIT"]]  # XCU 2.12
    ignores += [signum for signum in shell.handlers if signum in shell.ignored_at_start]
    if in_group_of_shell:
        ignores.append(NUMBERS["TSTP"])  # nobody could continue it
    if stage.program is not None and shell.traps.get(NUMBERS["CHLD"]) == "":
        ignores.append(NUMBERS["CHLD"])  # which no shell can ignore itself
    return ChildPlan(
        group=job.group,
        terminal=shell.terminal.fd if takes_terminal and shell.terminal else None,
        default_signals=default_signals(shell, in_group_of_shell=in_group_of_shell),
        ignored_signals=tuple(ignores),
        actions=actions,
        program=stage.program,
    )


def wiring(
    shell: Shell, upstream: Fd | None, read: Fd | None, write: Fd | None, *, first: bool, foreground: bool
) -> tuple[Action, ...]:
    """Connect a stage to its pipes, and close their ends: one left open keeps the reader from its end of file."""
    actions: list[Action] = []
    if upstream is not None:
        actions.append(Duplicate(upstream, STDIN))
    elif first and not foreground and not shell.monitor:
        actions.append(Open(STDIN, "/dev/null", os.O_RDONLY, None))  # XCU 2.9.3.1: it must not eat our input
    if write is not None:
        actions.append(Duplicate(write, STDOUT))
    actions += [Close(end) for end in (upstream, read, write) if end is not None]
    return tuple(actions)


def pipe(shell: Shell) -> tuple[Fd, Fd]:
    """A pipe with neither end at 0, 1 or 2: with a closed standard input it would get in the way of the wiring."""
    read, write = shell.kernel.pipe()
    if min(read, write) > STDERR:
        return read, write
    higher: list[Fd] = []
    try:
        higher.append(shell.kernel.dup(read))
        higher.append(shell.kernel.dup(write))
    except OSError:
        for end in higher:
            shell.kernel.close(end)
        raise
    finally:
        shell.kernel.close(read)
        shell.kernel.close(write)
    return higher[0], higher[1]


def start_stage(shell: Shell, job: Job, plan: ChildPlan, stage: Stage) -> None:
    body = raising(stage.problem) if stage.problem else stage.body
    pid = None
    while pid is None:
        try:
            pid = launch(shell, plan, body)
        except BlockingIOError:  # EAGAIN: too many processes.  Some of ours may only wait to be reaped
            if not shell.jobs.poll(shell.kernel):
                raise
            if job.group and job.ended:  # so have been all in the group: it is gone, and this stage starts another
                job.group = OWN_GROUP
                plan = leading(plan)
    shell.jobs.track(job, pid)
    if job.group is not None:
        joins_group(shell, pid, job.group)
        job.group = job.group or pid


def raising(problem: ShellError) -> Body:
    def body() -> int:
        raise problem

    return body


def leading(plan: ChildPlan) -> ChildPlan:
    """The same plan in a new group."""
    return ChildPlan(OWN_GROUP, plan.terminal, plan.default_signals, plan.ignored_signals, plan.actions, plan.program)


def abandon(shell: Shell, job: Job) -> None:
    """End the stages of a pipeline that could not be started as a whole."""
    if job.processes:
        try:
            send(shell.kernel, job, NUMBERS["KILL"])
        except PermissionError:  # a set-user-ID program; it ends when its pipe does
            pass
        wait_for(shell.kernel, shell.jobs, job)
    if shell.terminal is not None:
        shell.terminal.take_back()


def problem(refusal: OSError, command: Command) -> ShellError:
    if refusal.errno in (errno.EAGAIN, errno.ENOMEM):
        return NoMoreProcesses(
            "the system refuses another process",
            command.span,
            help="end some first: jobs, kill, or ulimit -u",
        )
    if refusal.errno in (errno.EMFILE, errno.ENFILE):
        return NoMoreDescriptors("there are too many open descriptors for another pipe", command.span)
    return ShellError(f"this cannot be started: {refusal.strerror}", command.span)


def finish(shell: Shell, job: Job) -> int:
    """Wait for a foreground job; returns its status.  Raises Interrupted if the rest of the line must not run."""
    if shell.sidecar is not None:
        shell.sidecar.because(job.command.span)
    if shell.monitor and shell.terminal is not None:
        wait_in_foreground(shell.kernel, shell.jobs, shell.terminal, job, shell.pending)
    else:
        shell.waits_for_foreground = True
        try:
            wait_for(shell.kernel, shell.jobs, job, stops=job.group is not None)
        finally:
            shell.waits_for_foreground = False
    return outcome(shell, job)


def outcome(shell: Shell, job: Job) -> int:
    """What a foreground job's end, or its stop, means to the shell."""
    state, status = job.state, job.status()
    if isinstance(state, Stopped):
        shell.jobs.give_number(job)
        job.told = state
        if shell.interactive:
            shell.complain(f"\n{shell.jobs.line(job)}\n")
            raise Interrupted(status)
        return status
    shell.jobs.forget(job)
    if isinstance(state, Killed):
        if state.signal not in NOT_TOLD:
            shell.complain(f"{words_for(state)}\n")
        if state.signal == NUMBERS["INT"]:
            interrupted(shell, status)
    elif not shell.interactive and not shell.traps.get(NUMBERS["INT"]):
        shell.pending = [signum for signum in shell.pending if signum != NUMBERS["INT"]]  # the job has dealt with it
    return status


def interrupted(shell: Shell, status: int) -> None:
    """A foreground job has died of Ctrl-C: the line is over, or with it the script that got the same signal."""
    if shell.interactive:
        shell.complain("\n")
        raise Interrupted(status)
    action = shell.traps.get(NUMBERS["INT"])
    if shell.monitor and shell.terminal is not None and NUMBERS["INT"] not in shell.ignored_at_start and action != "":
        shell.pending.append(NUMBERS["INT"])  # the key was for the job's group alone, and the user meant the script
    if NUMBERS["INT"] in shell.pending and not action:
        die_of(shell, NUMBERS["INT"])
