"""Run a tree: one function for each kind of node.  POSIX.1-2024 XCU 2.9.

What runs in the shell itself is here; what takes processes of its own is in processes.py.
"""

from __future__ import annotations

from minishell.errors import ShellError, ShellExit
from minishell.run.signals import deliver
from minishell.run.simple import redirected, run_simple, tell
from minishell.syntax.tree import AndOr, Case, For, Function, Group, If, Loop, Pipeline, Sequence, Simple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from minishell.shell import Shell
    from minishell.syntax.tree import Command


def run(shell: Shell, command: Command, last: bool = False) -> int:
    """Run a command in this shell and return its status, which `$?` then has.

    `last`: this process has nothing to do afterwards, so a program may take its place without a fork.
    """
    if shell.pending:
        deliver(shell)
    if "noexec" in shell.options and not shell.interactive:
        return shell.status
    match command:
        case Simple():
            status = run_simple(shell, command, last)
        case AndOr():
            return run_and_or(shell, command, last)
        case Sequence():
            return run_sequence(shell, command, last)
        case Group():
            return run_group(shell, command)
        case Pipeline(_, negated=True):
            return run_negated(shell, command)
        case If() | Loop() | For() | Case() | Function():
            from minishell.run.compound import run_compound

            shell.status = run_compound(shell, command)
            return shell.status
        case _:
            from minishell.run.processes import run_in_processes

            status = run_in_processes(shell, command)
    shell.status = status
    if status != 0 and "errexit" in shell.options and not shell.tested:
        raise ShellExit(status)
    return status


def run_negated(shell: Shell, node: Pipeline) -> int:
    """`! a`: the contrary of its status, which `set -e` does not look at."""
    inner = node.commands[0] if len(node.commands) == 1 else Pipeline(node.commands, False, node.span)
    shell.status = int(tested(shell, inner) == 0)
    return shell.status


def run_and_or(shell: Shell, node: AndOr, last: bool) -> int:
    """`a && b || c`: each operator looks at the status so far.  A failure that is looked at is no failure."""
    status = tested(shell, node.first)
    for number, (operator, command) in enumerate(node.rest):
        if (status == 0) != (operator == "&&"):
            continue
        if number == len(node.rest) - 1:
            return run(shell, command, last)
        status = tested(shell, command)
    return status


def tested(shell: Shell, command: Command) -> int:
    """Run a command whose failure `set -e` does not count."""
    shell.tested += 1
    try:
        return run(shell, command)
    finally:
        shell.tested -= 1


def run_sequence(shell: Shell, node: Sequence, last: bool) -> int:
    for command in node.commands[:-1]:
        run(shell, command)
    return run(shell, node.commands[-1], last)


def run_group(shell: Shell, node: Group) -> int:
    """`{ …; }`: in this shell, with its descriptors changed for the time."""
    try:
        return redirected(shell, node.redirects, lambda: run(shell, node.body))
    except ShellError as problem:
        if problem.fatal:
            raise
        shell.status = tell(shell, problem)
        return shell.status
