"""Loops, choices and functions.  POSIX.1-2024 XCU 2.9.4 and 2.9.5."""

from __future__ import annotations

from minishell.errors import LoopControl, Return, ShellError
from minishell.expand.words import fields, text
from minishell.run.commands import run, tested
from minishell.run.signals import deliver
from minishell.run.simple import redirected, tell
from minishell.syntax.tree import Case, For, Function, If, Loop

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from minishell.shell import Shell
    from minishell.source import Field
    from minishell.syntax.tree import CaseItem, Command

DEEPEST_CALL = 1000
"""How deep functions may call each other: each call takes some of Python's own stack."""


def run_compound(shell: Shell, node: Command) -> int:
    """Run a compound command, or define a function."""
    match node:
        case If():
            return with_redirections(shell, node, lambda: run_if(shell, node))
        case Loop():
            return with_redirections(shell, node, lambda: run_loop(shell, node))
        case For():
            return with_redirections(shell, node, lambda: run_for(shell, node))
        case Case():
            return with_redirections(shell, node, lambda: run_case(shell, node))
        case Function():
            shell.functions[node.name] = node
            return 0
    raise AssertionError(node)


def with_redirections(shell: Shell, node: If | Loop | For | Case, body: Callable[[], int]) -> int:
    """A redirection that fails is reported; only a problem of expansion ends a script."""
    if not node.redirects:
        return body()
    try:
        return redirected(shell, node.redirects, body)
    except ShellError as problem:
        if problem.fatal:
            raise
        return tell(shell, problem)


def run_if(shell: Shell, node: If) -> int:
    for condition, body in node.branches:
        if tested(shell, condition) == 0:
            return run(shell, body)
    return run(shell, node.otherwise) if node.otherwise else 0


def run_loop(shell: Shell, node: Loop) -> int:
    """`while` and `until`; the status is that of the last body, 0 if there was none."""
    status = 0
    shell.loops += 1
    try:
        while True:
            try:
                if (tested(shell, node.condition) == 0) == node.until:
                    return status
                status = run(shell, node.body)
            except LoopControl as control:
                status = 0
                if not goes_on(control):
                    return status
    finally:
        shell.loops -= 1


def run_for(shell: Shell, node: For) -> int:
    values = shell.arguments if node.words is None else fields(shell, node.words)
    status = 0
    shell.loops += 1
    try:
        for value in list(values):
            if shell.pending:  # of the round before: its trap sees the variable as it was
                deliver(shell)
            shell.variables.set(node.name, str(value), node.span, export="allexport" in shell.options)
            try:
                status = run(shell, node.body)
            except LoopControl as control:
                status = 0
                if not goes_on(control):
                    return status
    finally:
        shell.loops -= 1
    return status


def goes_on(control: LoopControl) -> bool:
    """Whether this loop makes its next round; if the control is meant for one further out, it is passed on."""
    if control.levels > 1:
        raise LoopControl(control.levels - 1, control.goes_on)
    return control.goes_on


def run_case(shell: Shell, node: Case) -> int:
    """The first item with a pattern that matches is run, and after `;&` those behind it up to a `;;`."""
    from minishell.expand.expansion import pattern
    from minishell.expand.patterns import matches

    subject = str(text(shell, node.word))
    for number, item in enumerate(node.items):
        if any(matches(pattern(shell, word), subject) for word in item.patterns):
            return run_items(shell, node.items[number:])
    return 0


def run_items(shell: Shell, items: Sequence[CaseItem]) -> int:
    status = 0
    for item in items:
        if item.body:
            status = run(shell, item.body)
        if not item.falls_through:
            break
    return status


# Functions


def call(shell: Shell, function: Function, words: Sequence[Field]) -> int:
    """Run a function with arguments of its own."""
    if shell.calls >= DEEPEST_CALL:
        raise ShellError(f"functions call each other more than {DEEPEST_CALL} deep", words[0])
    before = shell.arguments, shell.loops
    shell.arguments, shell.loops = [str(word) for word in words[1:]], 0
    shell.calls += 1
    try:
        return run(shell, function.body)
    except Return as leaving:
        return leaving.status
    finally:
        shell.calls -= 1
        shell.arguments, shell.loops = before
