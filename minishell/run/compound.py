"""Loops, choices and functions.  POSIX.1-2024 XCU 2.9.4 and 2.9.5."""

from __future__ import annotations

from minishell.errors import LoopControl, ShellError, SyntaxProblem
from minishell.expand.words import prepare as prepare_words
from minishell.expand.words import prepare_text
from minishell.run.commands import prepare, tested, with_redirections
from minishell.run.signals import deliver
from minishell.source import Field
from minishell.syntax.tree import Case, For, Function, If, Loop, Simple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from minishell.run.commands import Run
    from minishell.shell import Shell
    from minishell.syntax.tree import CaseItem, Command


def prepare_compound(node: Command) -> Run:
    """The function that runs a compound command, or defines a function."""
    match node:
        case If():
            return with_redirections(prepare_if(node), node.redirects)
        case Loop():
            return with_redirections(prepare_loop(node), node.redirects)
        case For():
            return with_redirections(prepare_for(node), node.redirects)
        case Case():
            return with_redirections(prepare_case(node), node.redirects)
        case Function():
            return prepare_definition(node)
    raise AssertionError(node)


def prepare_definition(node: Function) -> Run:
    def define(shell: Shell, last: bool) -> int:
        builtin = shell.find_builtin(node.name)
        if builtin is not None and builtin.special:  # XCU 2.9.5: no function can have its name
            raise SyntaxProblem(f"{node.name} is a special builtin, which a function cannot replace", node.span)
        shell.functions[node.name] = node
        if "hashall" in shell.options:
            look_up_programs(shell, node)
        shell.status = 0
        return 0

    return define


def look_up_programs(shell: Shell, node: object) -> None:
    """`set -h`: find the programs that a function names when it is defined.  XCU set."""
    from minishell.run.lookup import find

    match node:
        case tuple():
            for each in node:
                look_up_programs(shell, each)
        case Simple(_, (first, *_)):
            name = first.plain()
            if name and name not in shell.functions and shell.find_builtin(name) is None:
                try:
                    find(shell, Field(name))
                except ShellError:
                    pass  # it is told when it is called
        case _ if hasattr(node, "__match_args__"):
            look_up_programs(shell, tuple(vars(node).values()))


def prepare_if(node: If) -> Run:
    branches = [(tested(prepare(condition)), prepare(body)) for condition, body in node.branches]
    otherwise = prepare(node.otherwise) if node.otherwise else None

    def run_if(shell: Shell, last: bool) -> int:
        for condition, body in branches:
            if condition(shell) == 0:
                return body(shell, False)
        if otherwise:
            return otherwise(shell, False)
        shell.status = 0
        return 0

    return run_if


def prepare_loop(node: Loop) -> Run:
    """`while` and `until`; the status is that of the last body, 0 if there was none."""
    condition, body, until = prepare(node.condition), prepare(node.body), node.until

    def run_loop(shell: Shell, last: bool) -> int:
        status = 0
        shell.loops += 1
        try:
            while True:
                try:
                    while True:
                        shell.tested += 1
                        try:
                            holds = condition(shell, False) == 0
                        finally:
                            shell.tested -= 1
                        if holds is until:
                            break
                        status = body(shell, False)
                    break
                except LoopControl as control:
                    status = 0
                    if not goes_on(control):
                        break
        finally:
            shell.loops -= 1
        shell.status = status
        return status

    return run_loop


def prepare_for(node: For) -> Run:
    words = prepare_words(node.words) if node.words is not None else None
    body = prepare(node.body)

    def run_for(shell: Shell, last: bool) -> int:
        values = list(shell.arguments if words is None else words(shell))
        status = 0
        shell.loops += 1
        try:
            for value in values:
                if shell.pending:  # of the round before: its trap sees the variable as it was
                    deliver(shell)
                shell.variables.set(node.name, str(value), node.span, export="allexport" in shell.options)
                try:
                    status = body(shell, False)
                except LoopControl as control:
                    status = 0
                    if not goes_on(control):
                        break
        finally:
            shell.loops -= 1
        shell.status = status
        return status

    return run_for


def goes_on(control: LoopControl) -> bool:
    """Whether this loop makes its next round; if the control is meant for one further out, it is passed on."""
    if control.levels > 1:
        raise LoopControl(control.levels - 1, control.goes_on)
    return control.goes_on


def prepare_case(node: Case) -> Run:
    """The first item with a pattern that matches is run, and after `;&` those behind it up to a `;;`."""
    from minishell.expand.expansion import pattern
    from minishell.expand.patterns import matches

    subject_of = prepare_text(node.word)
    bodies = [prepare(item.body) if item.body else None for item in node.items]

    def run_case(shell: Shell, last: bool) -> int:
        subject = subject_of(shell)
        for number, item in enumerate(node.items):
            if any(matches(pattern(shell, word), subject) for word in item.patterns):
                return run_items(shell, node.items[number:], bodies[number:])
        shell.status = 0
        return 0

    return run_case


def run_items(shell: Shell, items: Sequence[CaseItem], bodies: Sequence[Run | None]) -> int:
    status = 0
    for item, body in zip(items, bodies, strict=True):
        if body:
            status = body(shell, False)
        if not item.falls_through:
            break
    shell.status = status
    return status
