"""Simple commands: expand, then find out what the first field names.  POSIX.1-2024 XCU 2.9.1.

Builtins and assignments are run here; programs.py runs programs.
"""

from __future__ import annotations

from minishell.errors import (
    AssignmentProblem,
    BuiltinProblem,
    NoSuchOption,
    RedirectionProblem,
    Return,
    ShellError,
    ShellExit,
    report,
)
from minishell.expand.words import prepare, prepare_text, text
from minishell.run.signals import deliver
from minishell.source import Field, Source, Span
from minishell.syntax.parser import as_assignment

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from minishell.builtins.registry import Builtin
    from minishell.expand.words import Fields
    from minishell.run.commands import Run
    from minishell.run.redirect import Redirected
    from minishell.shell import Shell
    from minishell.syntax.tree import Assignment, Command, Function, Redirect, Simple, Word

FREQUENT = frozenset(("[", "test", ":", "true"))
"""Builtins that stand in every loop, and that may know a faster way for some words: `Builtin.prepare`."""


def prepare_simple(node: Simple, run: Callable[[Shell, Command], int]) -> Run:
    """The function that runs the command; its `last` tells that this process has nothing to do after it.

    `run` runs the body of a function: that of commands.py, which knows this file.
    """
    if not node.words:
        return prepare_assignments(node)
    plain = not node.redirects and not node.assignments
    expand = prepare_declaration(node.words) if declares(node.words) else prepare(node.words)

    def simple(shell: Shell, last: bool) -> int:
        if shell.pending:
            deliver(shell)
        if shell.sidecar is not None:
            shell.sidecar.because(node.span)
        shell.substitution_status = 0
        words = expand(shell)
        if not words:
            return assign_only(shell, node)
        name = words[0]
        if name in shell.functions:
            status = run_function(shell, node, words, run)
        elif (builtin := shell.find_builtin(name)) is None:
            from minishell.run.programs import run_program

            status = run_program(shell, node, words, last)
        elif plain:
            status = run_alone(shell, builtin, words)
        else:
            status = run_builtin(shell, builtin, node, words)
        shell.status = status
        return status if status == 0 else failed(shell, status)

    return quickly(simple, node.words) if plain and node.words[0].plain() in FREQUENT else simple


def ended(shell: Shell, status: int) -> int:
    """A command that `set -e` looks at has ended with `status`."""
    shell.status = status
    return status if status == 0 else failed(shell, status)


def failed(shell: Shell, status: int) -> int:
    if "errexit" in shell.options and not shell.tested:
        raise ShellExit(status)
    return status


def quickly(usual: Run, words: Sequence[Word]) -> Run:
    """The builtin's own faster way, where it has one and nothing is in its way; else the usual one."""
    name, *operands = words
    command = name.plain()
    assert command is not None
    faster: Callable[[Shell], int | None] | None = None

    def quick(shell: Shell, last: bool) -> int:
        nonlocal faster
        if shell.pending or command in shell.functions or "xtrace" in shell.options:
            return usual(shell, last)
        if faster is None:
            builtin = shell.find_builtin(command)
            assert builtin is not None
            assert builtin.prepare is not None
            faster = builtin.prepare(operands)
        status = faster(shell)
        if status is None:
            return usual(shell, last)
        shell.status = status
        return status if status == 0 else failed(shell, status)

    return quick


def declares(words: Sequence[Word]) -> bool:
    """Whether the command is a declaration utility, which takes assignments as its operands.  XCU 2.9.1.1."""
    while words and words[0].unquoted() == "command":
        words = words[1:]
    return bool(words) and words[0].unquoted() in ("export", "readonly")


def prepare_declaration(words: Sequence[Word]) -> Fields:
    """`export x=$y`: what looks like an assignment is expanded like one, and not split."""
    expanders: list[Fields] = []
    for word in words:
        assigned = as_assignment(word)
        expanders.append(prepare_operand(assigned) if assigned else prepare((word,)))
    return lambda shell: [field for expand in expanders for field in expand(shell)]


def prepare_operand(node: Assignment) -> Fields:
    value = prepare_text(node.value, assignment=True)
    return lambda shell: (Field(f"{node.name}={value(shell)}", node.span),)


def prepare_assignments(node: Simple) -> Run:
    """No command name: assignments stay, redirections do not."""
    if node.redirects or len(node.assignments) != 1:
        return prepare_several(node)
    name, span = node.assignments[0].name, node.assignments[0].span
    value = prepare_text(node.assignments[0].value, assignment=True)

    def assign_one(shell: Shell, last: bool) -> int:
        if shell.pending:
            deliver(shell)
        shell.substitution_status = 0
        text = value(shell)
        shell.variables.set(name, text, span, export="allexport" in shell.options)
        if "xtrace" in shell.options:
            trace(shell, span, {name: text}, ())
        status = shell.status = shell.substitution_status
        return status if status == 0 else failed(shell, status)

    return assign_one


def prepare_several(node: Simple) -> Run:
    def assign_several(shell: Shell, last: bool) -> int:
        if shell.pending:
            deliver(shell)
        if shell.sidecar is not None:
            shell.sidecar.because(node.span)
        shell.substitution_status = 0
        return assign_only(shell, node)

    return assign_several


def assign_only(shell: Shell, node: Simple) -> int:
    """Words and redirections that came to nothing: a `$(…)` in the assignments gives the status."""
    try:
        if node.redirects:
            with redirected(shell, node.redirects):
                trace(shell, node.span, assign(shell, node.assignments), ())
        else:
            trace(shell, node.span, assign(shell, node.assignments), ())
        status = shell.substitution_status
    except RedirectionProblem as problem:
        status = tell(shell, problem)
    return ended(shell, status)


def redirected(shell: Shell, redirects: Sequence[Redirect]) -> Redirected:
    """The shell's own descriptors, changed for a `with` block.  Raises RedirectionProblem."""
    from minishell.run.redirect import Redirected, actions

    try:
        return Redirected(shell, actions(shell, redirects))
    except RedirectionProblem as problem:
        problem.span = problem.span or redirects[0].span
        raise


def assign(shell: Shell, assignments: Sequence[Assignment]) -> dict[str, str]:
    """Set variables from left to right; returns what was set."""
    done: dict[str, str] = {}
    for assignment in assignments:
        value = str(text(shell, assignment.value, assignment=True))
        shell.variables.set(assignment.name, value, assignment.span, export="allexport" in shell.options)
        done[assignment.name] = value
    return done


def trace(shell: Shell, span: Span | None, assigned: Mapping[str, str], words: Sequence[str]) -> int:
    """`set -x`: show the command as it will be run; LINENO in PS4 is the line of `span`."""
    if "xtrace" in shell.options:
        from minishell.syntax.quoting import quoted

        shown = [*(f"{name}={quoted(value)}" for name, value in assigned.items()), *map(quoted, words)]
        prompt = expanded_variable(shell, "PS4", span.line_number if span else 1)
        shell.complain(f"{prompt}{' '.join(shown)}\n")
    return 0


def expanded_variable(shell: Shell, name: str, line: int = 1) -> str:
    """The value of PS1, PS4 or ENV, with parameters and commands in it expanded; as it is if that cannot be done."""
    value = shell.variables.get(name, "")
    if "$" not in value and "`" not in value:
        return value
    from minishell.syntax.lexer import Incomplete
    from minishell.syntax.parser import parse_expandable

    options, shell.options = shell.options, shell.options - {"xtrace", "nounset", "errexit"}
    status = shell.status
    try:
        return str(text(shell, parse_expandable(Source(name, value, line))))
    except (ShellError, Incomplete):
        return value
    finally:
        shell.options, shell.status = options, status


# Builtins

COMMAND_EXEC = (["command", "exec"], ["command", "-p", "exec"])
"""With redirections these are still `exec`: they change the shell's own."""


def run_builtin(shell: Shell, builtin: Builtin, node: Simple, words: Sequence[Field]) -> int:
    """Run a builtin in the shell itself, with its redirections and assignments.  POSIX.1-2024 XCU 2.8.1 and 2.15."""
    try:
        changes = redirected(shell, node.redirects)
    except RedirectionProblem as problem:
        if builtin.special:
            raise
        return tell(shell, problem)
    with changes, shell.variables.kept([] if builtin.special else node.assignments):
        assigned = assign(shell, node.assignments)
        if assigned and (not builtin.special or (builtin.name == "exec" and len(words) > 1)):
            shell.variables.export(*assigned)
        status = run_alone(shell, builtin, words, assigned)
        if builtin.keeps_redirections or [*words] in COMMAND_EXEC:
            changes.keep()
    return status


def run_alone(
    shell: Shell, builtin: Builtin, words: Sequence[Field], assigned: Mapping[str, str] | None = None
) -> int:
    """Run a builtin when all around it is done.

    A problem in a special builtin is the caller's business, for it ends a script; any other is told here, where the
    builtin's standard error leads.
    """
    if "xtrace" in shell.options:
        trace(shell, words[0].span, assigned or {}, words)
    try:
        return builtin.run(shell, words[1:])
    except OSError as refusal:
        return tell(shell, BuiltinProblem(f"{words[0]}: {refusal.strerror}", words[0]))
    except ShellError as problem:
        problem.span = problem.span or words[0].span
        if isinstance(problem, NoSuchOption):
            problem.help = f"help {words[0]}"
        if builtin.special or (problem.fatal and not isinstance(problem, AssignmentProblem)):
            raise
        return tell(shell, problem)


# Functions

DEEPEST_CALL = 1000
"""How deep functions may call each other: each call takes some of Python's own stack."""


def run_function(shell: Shell, node: Simple, words: Sequence[Field], run: Callable[[Shell, Command], int]) -> int:
    """Call a function; assignments before it are exported while it runs, as for a builtin."""
    function = shell.functions[words[0]]
    if not node.redirects and not node.assignments:
        if "xtrace" in shell.options:
            trace(shell, node.span, {}, words)
        return call(shell, function, words, run)
    try:
        changes = redirected(shell, node.redirects)
    except RedirectionProblem as problem:
        return tell(shell, problem)
    with changes, shell.variables.kept(node.assignments):
        assigned = assign(shell, node.assignments)
        shell.variables.export(*assigned)
        trace(shell, node.span, assigned, words)
        return call(shell, function, words, run)


def call(shell: Shell, function: Function, words: Sequence[Field], run: Callable[[Shell, Command], int]) -> int:
    """Run a function with arguments of its own."""
    if shell.calls >= DEEPEST_CALL:
        raise ShellError(f"functions call each other more than {DEEPEST_CALL} deep", words[0])
    before = shell.arguments, shell.loops
    shell.arguments, shell.loops = [str(word) for word in words[1:]], 0
    shell.calls += 1
    try:
        status = run(shell, function.body)
        if shell.pending:  # a trap that is due sees the arguments, and may return
            deliver(shell)
        return status
    except Return as leaving:
        return leaving.status
    finally:
        shell.calls -= 1
        shell.arguments, shell.loops = before


def tell(shell: Shell, problem: ShellError) -> int:
    """Report a problem after which the shell goes on; returns its status."""
    shell.complain(report(problem, shell.typed))
    return problem.status
