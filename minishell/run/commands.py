"""Run a tree: one function for each kind of node.  POSIX.1-2024 XCU 2.9.

A node is prepared once: what it will do becomes a function, which holds those of the nodes inside it.  Loops and
functions call it again and again.  What runs in the shell itself is here, in simple.py and compound.py; what takes
processes of its own is in processes.py.
"""

from __future__ import annotations

from minishell.errors import RedirectionProblem
from minishell.run.signals import deliver
from minishell.run.simple import ended, prepare_simple, redirected, tell
from minishell.source import Span
from minishell.syntax.tree import AndOr, Background, Group, Pipeline, Sequence, Simple, Subshell

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from collections.abc import Sequence as Several
    from typing import TypeAlias

    from minishell.shell import Shell
    from minishell.syntax.tree import Command, Redirect

    Run: TypeAlias = "Callable[[Shell, bool], int]"


def run(shell: Shell, command: Command, last: bool = False) -> int:
    """Run a command in this shell and return its status, which `$?` then has.

    `last`: this process has nothing to do afterwards, so a program may take its place without a fork.
    """
    return prepare(command)(shell, last)


def prepare(command: Command) -> Run:
    """The function that runs `command`; it takes the shell and `last`.  It is made once, and kept with the node."""
    prepared: Run | None = command.__dict__.get("prepared")
    if prepared is None:
        command.__dict__["prepared"] = prepared = make(command)
    return prepared


def make(command: Command) -> Run:
    match command:
        case Simple():
            return prepare_simple(command, run)
        case AndOr():
            return prepare_and_or(command)
        case Sequence():
            return prepare_sequence(command)
        case Group():
            return with_redirections(prepare(command.body), command.redirects)
        case Pipeline(_, negated=True):
            return prepare_negated(command)
        case Pipeline() | Subshell() | Background():
            return prepare_processes(command)
    from minishell.run.compound import prepare_compound

    return prepare_compound(command)


def prepare_processes(command: Pipeline | Subshell | Background) -> Run:
    from minishell.run.processes import run_in_processes

    def in_processes(shell: Shell, last: bool) -> int:
        if shell.pending:
            deliver(shell)
        return ended(shell, run_in_processes(shell, command))

    return in_processes


def prepare_negated(node: Pipeline) -> Run:
    """`! a`: the contrary of its status, which `set -e` does not look at."""
    inner = node.commands[0] if len(node.commands) == 1 else Pipeline(node.commands, False, node.span)
    status_of = tested(prepare(inner))

    def negated(shell: Shell, last: bool) -> int:
        shell.status = int(status_of(shell) == 0)
        return shell.status

    return negated


def prepare_and_or(node: AndOr) -> Run:
    """`a && b || c`: each operator looks at the status so far.  A failure that is looked at is no failure."""
    first = tested(prepare(node.first))
    *middle, (operator, final) = [(operator == "&&", prepare(command)) for operator, command in node.rest]
    between = [(wanted, tested(command)) for wanted, command in middle]

    def and_or(shell: Shell, last: bool) -> int:
        status = first(shell)
        for wanted, command in between:
            if (status == 0) == wanted:
                status = command(shell)
        return final(shell, last) if (status == 0) == operator else status

    return and_or


def tested(command: Run) -> Callable[[Shell], int]:
    """A command whose failure `set -e` does not count."""

    def run_tested(shell: Shell) -> int:
        shell.tested += 1
        try:
            return command(shell, False)
        finally:
            shell.tested -= 1

    return run_tested


def prepare_sequence(node: Sequence) -> Run:
    *before, final = [prepare(command) for command in node.commands]

    def sequence(shell: Shell, last: bool) -> int:
        for command in before:
            command(shell, False)
        return final(shell, last)

    return sequence


def with_redirections(body: Run, redirects: Several[Redirect]) -> Run:
    """A compound command, with the shell's descriptors changed for the time."""
    if not redirects:
        return body
    first, final = redirects[0].span, redirects[-1].span
    span = Span(first.source, first.start, final.end)

    def run_redirected(shell: Shell, last: bool) -> int:
        if shell.sidecar is not None:
            shell.sidecar.because(span)
        try:
            changes = redirected(shell, redirects)
        except RedirectionProblem as problem:
            return ended(shell, tell(shell, problem))
        with changes:
            try:
                return body(shell, False)
            finally:
                if shell.sidecar is not None:  # what follows puts the descriptors back
                    shell.sidecar.because(span)

    return run_redirected
