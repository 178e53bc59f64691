"""What takes processes of its own: pipelines, background commands and subshells.

POSIX.1-2024 XCU 2.9.2, 2.9.3.1 and 2.9.4; what a subshell is: 2.13.
"""

from __future__ import annotations

from minishell.errors import ShellError
from minishell.expand.words import fields
from minishell.run.commands import run
from minishell.run.pipeline import Stage, finish, start
from minishell.run.programs import expands_alone, plan_program
from minishell.run.script import run_shell
from minishell.run.signals import reset_in_subshell
from minishell.run.simple import redirected
from minishell.syntax.tree import Background, Pipeline, Simple, Subshell

TYPE_CHECKING = False
if TYPE_CHECKING:
    from minishell.run.launch import Body
    from minishell.shell import Shell
    from minishell.syntax.tree import Command


def run_in_processes(shell: Shell, command: Command) -> int:
    """Run a pipeline or a subshell and wait for it; start a background command."""
    if isinstance(command, Background):
        return run_background(shell, command)
    commands = command.commands if isinstance(command, Pipeline) else (command,)
    stages = [stage(shell, each) for each in commands]
    return finish(shell, start(shell, command, stages, foreground=True))


def run_background(shell: Shell, node: Background) -> int:
    """`a &`: started, entered into the table, and not waited for."""
    inner = node.command
    commands = inner.commands if isinstance(inner, Pipeline) and not inner.negated else (inner,)
    shell.jobs.poll(shell.kernel)
    if not shell.interactive:
        shell.jobs.make_room()
    job = start(shell, inner, [stage(shell, command) for command in commands], foreground=False)
    shell.jobs.give_number(job)
    shell.last_background = job.processes[-1].pid
    if shell.interactive:
        shell.complain(f"[{job.number}] {shell.last_background}\n")
    return 0


def stage(shell: Shell, command: Command) -> Stage:
    """What one stage of a pipeline, a background command or a `$(…)` will do in its own process.

    A program whose words expand without side effect is planned here and now; all else is run by a copy of
    the shell, which is a subshell as POSIX.1-2024 XCU 2.13 defines it.
    """
    if isinstance(command, Simple) and expands_alone(command):
        try:
            words = fields(shell, command.words)
            if words and words[0] not in shell.functions and shell.find_builtin(words[0]) is None:
                return plan_program(shell, command, words)
        except ShellError as problem:
            return Stage(problem=problem, span=command.span)
    return Stage(body=subshell_body(shell, command), span=command.span)


def subshell_body(shell: Shell, command: Command) -> Body:
    def body() -> int:
        enter_subshell(shell)
        if isinstance(command, Subshell):
            if command.redirects:
                with redirected(shell, command.redirects):
                    return run_shell(shell, lambda: run(shell, command.body, last=True))
            return run_shell(shell, lambda: run(shell, command.body, last=True))
        return run_shell(shell, lambda: run(shell, command, last=True))

    return body


def enter_subshell(shell: Shell) -> None:
    """We are the copy: what belongs to the shell that was copied is not ours.

    The copy does not prompt, leaves the terminal to the shell, and has no children: `jobs` still lists what they
    were.
    """
    shell.subshell = True
    shell.controls_jobs = False
    if shell.terminal is not None:
        shell.in_group_of_shell = shell.kernel.getpgrp() == shell.terminal.group
    shell.terminal = None
    shell.jobs.inherit()
    shell.waits_for_foreground = False
    shell.captured = None
    reset_in_subshell(shell)
