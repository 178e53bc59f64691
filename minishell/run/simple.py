"""Simple commands: expand, then find out what the first field names.  POSIX.1-2024 XCU 2.9.1.

Builtins and assignments are run here; programs.py runs programs.
"""

from __future__ import annotations

from minishell.errors import BuiltinProblem, RedirectionProblem, ShellError, report
from minishell.expand.words import fields, text
from minishell.source import Field, Source
from minishell.syntax.parser import as_assignment

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from minishell.builtins.registry import Builtin
    from minishell.shell import Shell
    from minishell.syntax.tree import Assignment, Redirect, Simple, Word


def run_simple(shell: Shell, node: Simple, last: bool) -> int:
    """Run the command; `last` tells that this process has nothing to do after it."""
    shell.substitution_status = None
    words = declaration(shell, node.words) if declares(node.words) else fields(shell, node.words)
    if not words:
        return assign_only(shell, node)
    name = words[0]
    builtin = shell.find_builtin(name)
    if name in shell.functions and not (builtin and builtin.special):
        return run_function(shell, node, words)
    if builtin is not None:
        return run_builtin(shell, builtin, node, words)
    from minishell.run.programs import run_program

    return run_program(shell, node, words, last)


def declares(words: Sequence[Word]) -> bool:
    """Whether the command is a declaration utility, which takes assignments as its operands.  XCU 2.9.1.1."""
    return bool(words) and words[0].unquoted() in ("export", "readonly")


def declaration(shell: Shell, words: Sequence[Word]) -> list[Field]:
    """`export x=$y`: what looks like an assignment is expanded like one, and not split."""
    result: list[Field] = []
    for word in words:
        assigned = as_assignment(word)
        if assigned is None:
            result += fields(shell, (word,))
        else:
            result.append(Field(f"{assigned.name}={text(shell, assigned.value, assignment=True)}", word.span))
    return result


def assign_only(shell: Shell, node: Simple) -> int:
    """No command name: assignments stay, redirections do not; a `$(…)` in them gives the status."""
    if not node.redirects:
        trace(shell, assign(shell, node.assignments), ())
        return shell.substitution_status or 0
    try:
        redirected(shell, node.redirects, lambda: trace(shell, assign(shell, node.assignments), ()))
    except ShellError as problem:
        if problem.fatal:
            raise
        return tell(shell, problem)
    return shell.substitution_status or 0


def redirected(shell: Shell, redirects: Sequence[Redirect], body: Callable[[], int], keep: bool = False) -> int:
    """Run `body` with the shell's own descriptors changed; with `keep` they stay so, as `exec >file` asks."""
    if not redirects:
        return body()
    from minishell.run.redirect import Redirected, actions

    changes = Redirected(shell, actions(shell, redirects))
    with changes:
        status = body()
        if keep:
            changes.keep()
    return status


def assign(shell: Shell, assignments: Sequence[Assignment]) -> dict[str, str]:
    """Set variables from left to right; returns what was set."""
    done: dict[str, str] = {}
    for assignment in assignments:
        value = str(text(shell, assignment.value, assignment=True))
        shell.variables.set(assignment.name, value, assignment.span, export="allexport" in shell.options)
        done[assignment.name] = value
        if assignment.name == "PATH":
            shell.hashed.clear()
    return done


def trace(shell: Shell, assigned: Mapping[str, str], words: Sequence[str]) -> int:
    """`set -x`: show the command as it will be run."""
    if "xtrace" in shell.options:
        shown = [*(f"{name}={quoted(value)}" for name, value in assigned.items()), *map(quoted, words)]
        shell.complain(f"{expanded_variable(shell, 'PS4')}{' '.join(shown)}\n")
    return 0


def expanded_variable(shell: Shell, name: str) -> str:
    """The value of PS1, PS4 or ENV, with parameters and commands in it expanded; as it is if that cannot be done."""
    value = shell.variables.get(name, "")
    if "$" not in value and "`" not in value:
        return value
    from minishell.syntax.lexer import Incomplete
    from minishell.syntax.parser import parse_expandable

    options, shell.options = shell.options, shell.options - {"xtrace", "nounset", "errexit"}
    status = shell.status
    try:
        return str(text(shell, parse_expandable(Source(name, value))))
    except (ShellError, Incomplete):
        return value
    finally:
        shell.options, shell.status = options, status


def quoted(word: str) -> str:
    """`word` so that the shell would read it back as it is."""
    if word and all(character.isalnum() or character in "_-./:=@%+,^" for character in word):
        return word
    return "'" + word.replace("'", "'\\''") + "'"


# Builtins


def run_builtin(shell: Shell, builtin: Builtin, node: Simple, words: Sequence[Field]) -> int:
    """Run a builtin in the shell itself, with its redirections and assignments.  POSIX.1-2024 XCU 2.8.1 and 2.15."""
    if not node.redirects and not node.assignments:
        return run_alone(shell, builtin, words)

    def body() -> int:
        assigned = assign_for(shell, builtin, node.assignments, words)
        return run_alone(shell, builtin, words, assigned)

    before, exported = saved(shell, node.assignments)
    try:
        return redirected(shell, node.redirects, body, keep=builtin.keeps_redirections)
    except RedirectionProblem as problem:
        if builtin.special:
            raise
        return tell(shell, problem)
    finally:
        if not builtin.special:
            put_back(shell, node.assignments, before, exported)


def run_alone(
    shell: Shell, builtin: Builtin, words: Sequence[Field], assigned: Mapping[str, str] | None = None
) -> int:
    """Run a builtin when all around it is done.

    A problem in a special builtin is the caller's business, for it ends a script; any other is told here, where the
    builtin's standard error leads.
    """
    if "xtrace" in shell.options:
        trace(shell, assigned or {}, words)
    try:
        return builtin.run(shell, words[1:])
    except OSError as refusal:
        return tell(shell, BuiltinProblem(f"{words[0]}: {refusal.strerror}", words[0]))
    except ShellError as problem:
        if builtin.special or problem.fatal:
            raise
        return tell(shell, problem)


def run_function(shell: Shell, node: Simple, words: Sequence[Field]) -> int:
    """Call a function; assignments before it are exported while it runs, as for a builtin."""
    from minishell.run.compound import call

    def body() -> int:
        done = assign(shell, node.assignments)
        for name in done:
            shell.variables.export(name)
        trace(shell, done, words)
        return call(shell, shell.functions[words[0]], words)

    before, exported = saved(shell, node.assignments)
    try:
        return redirected(shell, node.redirects, body)
    except RedirectionProblem as problem:
        return tell(shell, problem)
    finally:
        put_back(shell, node.assignments, before, exported)


def assign_for(
    shell: Shell, builtin: Builtin, assignments: Sequence[Assignment], words: Sequence[Field]
) -> dict[str, str]:
    """Assignments before a special builtin stay (XCU 2.15); before another they are exported while it runs.

    So they are before `exec` with a command: that gets them as any command does.
    """
    done = assign(shell, assignments)
    if not builtin.special or (builtin.name == "exec" and len(words) > 1):
        for name in done:
            shell.variables.export(name)
    return done


def saved(shell: Shell, assignments: Sequence[Assignment]) -> tuple[dict[str, str], set[str]]:
    """The values of the variables that will be assigned, and which of them are exported."""
    names = {assignment.name for assignment in assignments}
    values = {name: shell.variables.values[name] for name in names if name in shell.variables}
    return values, names & shell.variables.exported


def put_back(shell: Shell, assignments: Sequence[Assignment], before: Mapping[str, str], exported: set[str]) -> None:
    """Undo assignments that were meant for one command only."""
    variables = shell.variables
    for name in [assignment.name for assignment in assignments]:
        if name in before:
            variables.values[name] = before[name]
        else:
            variables.values.pop(name, None)
        if name not in exported:
            variables.exported.discard(name)
        variables.made = None


def tell(shell: Shell, problem: ShellError) -> int:
    """Report a problem after which the shell goes on; returns its status."""
    shell.complain(report(problem, shell.typed))
    return problem.status
