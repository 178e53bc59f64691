"""What will happen in processes of their own: pipelines, subshells, background commands and `$(…)`.

The plans are those that `run/pipeline.py` would carry out, made by the same functions, with the numbers that a
`Rehearsal` hands out.
"""

from __future__ import annotations

from contextlib import nullcontext
from typing import TYPE_CHECKING

from minishell.errors import LoopControl, Return, ShellError, ShellExit
from minishell.expand.words import fields
from minishell.explain.foretell import exit_trap, foretell_command
from minishell.explain.prediction import Known, LastFailure, Of, decided
from minishell.explain.rehearsal import SHELL, Became, undone
from minishell.explain.telling import Foretold, unknown
from minishell.jobs.job import Job
from minishell.run.launch import become, joins_group, set_up
from minishell.run.pipeline import child_plan, wiring
from minishell.run.plan import OWN_GROUP
from minishell.run.processes import enter_subshell, stage
from minishell.run.programs import expands_alone
from minishell.run.simple import redirected, tell
from minishell.syntax.tree import Background, Pipeline, Simple, Subshell
from minishell.syntax.unparse import unparse
from minishell.trace.event import Exit, Wait
from minishell.trace.names import letter

if TYPE_CHECKING:
    from collections.abc import Sequence

    from minishell.explain.prediction import Status
    from minishell.explain.telling import Telling
    from minishell.ids import Fd, Pid
    from minishell.run.pipeline import Stage
    from minishell.run.plan import ChildPlan
    from minishell.syntax.tree import Command

ANY_CHILD = -1


def pipeline(telling: Telling, node: Pipeline | Subshell) -> Status:
    """`a | b`, or `( … )`, in the foreground."""
    commands = node.commands if isinstance(node, Pipeline) else (node,)
    with telling.part(node.span):
        stages = [planned(telling, command) for command in commands]
        return foreground(telling, node, stages)


def planned(telling: Telling, command: Command) -> tuple[Stage, Command]:
    """The stage, as the shell plans it, and what its words become where the shell itself expands them."""
    if isinstance(command, Simple) and expands_alone(command):
        try:
            telling.tell_expansions(command.words, fields(telling.shell, command.words))
        except ShellError:
            pass  # its process will say so
    return stage(telling.shell, command), command


def foreground(telling: Telling, node: Command, stages: Sequence[tuple[Stage, Command]]) -> Status:
    """Start a job, wait for it, and say whose status counts."""
    shell, kernel = telling.shell, telling.kernel
    job = Job(node, OWN_GROUP if shell.monitor else None, "pipefail" in shell.options)
    pids, _ = start(telling, job, stages, foreground=True, captured=False)
    if shell.monitor and shell.terminal is not None and job.group is not None:
        shell.terminal.give(job.group)
    wait_for(telling, pids)
    if shell.monitor and shell.terminal is not None:
        shell.terminal.give(kernel.getpgrp())
    statuses = tuple(telling.ends[pid] for pid in pids)
    return LastFailure(statuses) if job.pipefail and len(statuses) > 1 else statuses[-1]


def background(telling: Telling, node: Background) -> Status:
    """`a &`: `run_background`, foretold."""
    shell, inner = telling.shell, node.command
    commands = inner.commands if isinstance(inner, Pipeline) and not inner.negated else (inner,)
    with telling.part(node.span):
        job = Job(inner, OWN_GROUP if shell.monitor else None)
        stages = [planned(telling, command) for command in commands]
        pids, _ = start(telling, job, stages, foreground=False, captured=False)
        shell.last_background = Foretold(pids[-1], f"process number of {letter(pids[-1])}")  # type: ignore[assignment]
        telling.background += pids
        telling.says(f"does not wait: $? is 0 at once, and $! the process number of {letter(pids[-1])}")
    return Known(0)


def capture(telling: Telling, body: Command) -> bytes:
    """`$(…)`: what it will write, if the shell itself writes it; else words for it."""
    shell, kernel = telling.shell, telling.kernel
    job = Job(body, None, "pipefail" in shell.options)
    (pid,), read = start(telling, job, [planned(telling, body)], foreground=True, captured=True)
    assert read is not None
    pipe = kernel.table[read].object
    telling.says(f"reads from {pipe} what will be put in the place of $(…), up to end of file")
    wait_for(telling, [pid])
    kernel.close(read)
    telling.substitution = telling.ends[pid]
    telling.ended(telling.substitution)
    if pipe in kernel.programs_write:
        return unknown(f"the output of {unparse(body)}").encode()
    return kernel.written.get(pipe, b"")


def wait_for(telling: Telling, pids: Sequence[int]) -> None:
    names = [letter(pid) for pid in pids]
    telling.says(f"waits until {' and '.join(names)} {'has' if len(names) == 1 else 'have'} ended")
    for pid in pids:
        telling.kernel.note(Wait(pid=telling.kernel.pid, target=ANY_CHILD, child=pid))


def start(
    telling: Telling, job: Job, stages: Sequence[tuple[Stage, Command]], *, foreground: bool, captured: bool
) -> tuple[list[int], Fd | None]:
    """`start_stages` of `run/pipeline.py`, foretold: the shell's own calls first, then what each process does."""
    shell, kernel = telling.shell, telling.kernel
    upstream: Fd | None = None
    children: list[tuple[Pid, ChildPlan, Stage, Command]] = []
    for number, (each, command) in enumerate(stages):
        read, write = kernel.pipe() if captured or number < len(stages) - 1 else (None, None)
        actions = wiring(shell, upstream, read, write, first=number == 0, foreground=foreground) + each.actions
        takes_terminal = foreground and job.group == OWN_GROUP and len(stages) == 1
        plan = child_plan(shell, job, each, actions, foreground, takes_terminal)
        pid = kernel.fork()
        children.append((pid, plan, each, command))
        if job.group is not None:
            joins_group(shell, pid, job.group)
            job.group = job.group or pid
        for end in (upstream, write):
            if end is not None:
                kernel.close(end)
        upstream = read
    if kernel.pid == SHELL:
        telling.shells_traps = shell.traps
    runs_beside = not foreground or len(stages) > 1
    telling.beside += runs_beside
    for pid, plan, each, command in children:
        with kernel.being(pid):
            telling.ends[pid] = child(telling, plan, each, command, many=len(stages) > 1)
    telling.beside -= runs_beside
    if telling.died and kernel.pid == SHELL:
        raise telling.died
    return [pid for pid, *_ in children], upstream


def child(telling: Telling, plan: ChildPlan, planned: Stage, command: Command, *, many: bool) -> Status:
    """The child's half: `child` of `run/launch.py`, foretold.  How it will end, as far as anybody knows."""
    shell, kernel = telling.shell, telling.kernel
    pid = kernel.pid
    before, telling.background = telling.background, []  # the shell's children are not this one's
    try:
        with undone(shell), telling.part(planned.span or command.span) if many else nullcontext():
            status = child_body(telling, plan, planned, command)
            if isinstance(status, Known):
                kernel.note(Exit(pid=pid, code=status.status))
            else:
                telling.says(f"exits; its status is {decided(status)}")
    except Became:
        status = Of(pid)
    finally:
        telling.background = before
    return status


def child_body(telling: Telling, plan: ChildPlan, planned: Stage, command: Command) -> Status:
    shell, kernel = telling.shell, telling.kernel
    try:
        set_up(kernel, plan)
        if plan.program is not None:
            become(shell, plan.program)
        if planned.problem is not None:
            raise planned.problem
        telling.says(f"is a copy of the shell, and goes on as one: it runs {unparse(command)}")
        enter_subshell(shell)
        if isinstance(command, Subshell):
            with redirected(shell, command.redirects):
                return subshell(telling, command.body)
        return subshell(telling, command)
    except ShellError as problem:
        return Known(tell(shell, problem))
    except ShellExit as leaving:
        return Known(leaving.status)


def subshell(telling: Telling, body: Command) -> Status:
    """`run_shell` of `run/script.py`, foretold: the commands, then the EXIT trap."""
    shell = telling.shell
    try:
        status = foretell_command(telling, body, last=True)
    except (ShellExit, Return) as leaving:
        status = telling.ended(Known(leaving.status))
    except LoopControl:
        status = telling.ended(Known(0))
    except ShellError as problem:
        status = telling.ended(Known(tell(shell, problem)))
    exit_trap(telling)
    return status
