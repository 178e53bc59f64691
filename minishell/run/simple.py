"""Simple commands: expand, then find out what the first field names, then run it.  POSIX.1-2024 XCU 2.9.1."""

from __future__ import annotations

from minishell.builtins.registry import lookup
from minishell.errors import BuiltinProblem, CommandNotFound, CommandNotRunnable, ShellError, report
from minishell.expand.words import fields, text
from minishell.run.launch import become, default_signals
from minishell.run.lookup import find
from minishell.run.pipeline import Stage, finish, start
from minishell.run.plan import Program
from minishell.run.redirect import Redirected, actions, perform
from minishell.syntax.tree import CommandSubstitution, DoubleQuoted, Parameter

TYPE_CHECKING = False
if TYPE_CHECKING:
    import signal as _signal
    from collections.abc import Mapping, Sequence
    from typing import NoReturn, TypeGuard

    from minishell.builtins.registry import Builtin
    from minishell.run.launch import Body
    from minishell.run.plan import Action
    from minishell.shell import Shell
    from minishell.source import Field
    from minishell.syntax.tree import Assignment, Part, Simple, Word
else:
    import _signal


def run_simple(shell: Shell, node: Simple, last: bool) -> int:
    """Run the command; `last` tells that this process has nothing to do after it."""
    shell.substitution_status = None
    words = fields(shell, node.words)
    if not words:
        return assign_only(shell, node)
    builtin = lookup(words[0])
    if builtin is not None:
        return run_builtin(shell, builtin, node, words)
    return run_external(shell, node, words, last)


def assign_only(shell: Shell, node: Simple) -> int:
    """No command name: assignments stay, redirections do not; a `$(…)` in them gives the status."""
    with Redirected(shell, actions(shell, node.redirects)):
        trace(shell, assign(shell, node.assignments), ())
    return shell.substitution_status or 0


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


def trace(shell: Shell, assigned: Mapping[str, str], words: Sequence[str]) -> None:
    """`set -x`: show the command as it will be run."""
    if "xtrace" in shell.options:
        shown = [*(f"{name}={quoted(value)}" for name, value in assigned.items()), *map(quoted, words)]
        shell.complain(f"{shell.variables.get('PS4', '')}{' '.join(shown)}\n")


def quoted(word: str) -> str:
    """`word` so that the shell would read it back as it is."""
    if word and all(character.isalnum() or character in "_-./:=@%+,^" for character in word):
        return word
    return "'" + word.replace("'", "'\\''") + "'"


# Builtins


def run_builtin(shell: Shell, builtin: Builtin, node: Simple, words: Sequence[Field]) -> int:
    """Run a builtin in the shell itself.

    A problem in a special builtin is the caller's business, for it ends a script; any other is reported here.
    POSIX.1-2024 XCU 2.8.1 and 2.15.
    """
    before, exported = saved(shell, node.assignments)
    try:
        redirected = Redirected(shell, actions(shell, node.redirects))
        with redirected:
            trace(shell, assign_for(shell, builtin, node.assignments), words)
            status = builtin.run(shell, words[1:])
            if builtin.keeps_redirections:
                redirected.keep()
        return status
    except ShellError as problem:
        if builtin.special or problem.fatal:
            raise
        return tell(shell, problem)
    except OSError as refusal:
        return tell(shell, BuiltinProblem(f"{words[0]}: {refusal.strerror}", words[0]))
    finally:
        if not builtin.special:
            put_back(shell, node.assignments, before, exported)


def assign_for(shell: Shell, builtin: Builtin, assignments: Sequence[Assignment]) -> dict[str, str]:
    """Assignments before a special builtin stay (XCU 2.15); before another they are exported while it runs."""
    done = assign(shell, assignments)
    if not builtin.special:
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
    shell.complain(report(problem, shell.interactive))
    return problem.status


# Programs


def run_external(shell: Shell, node: Simple, words: Sequence[Field], last: bool) -> int:
    """Run a program as a job of its own, or in place of this process if that has nothing else to do."""
    stage = external(shell, node, words)
    if stage.program is None:
        return run_missing(shell, stage)
    if last and not shell.traps and not shell.monitor:
        replace(shell, stage.actions, stage.program)
    return finish(shell, start(shell, node, (stage,), foreground=True))


def external(shell: Shell, node: Simple, words: Sequence[Field]) -> Stage:
    """The plan for a program.  If there is none of that name, the body says so, under the redirections."""
    planned = actions(shell, node.redirects)
    env, assigned = environment(shell, node.assignments)
    trace(shell, assigned, words)
    try:
        path = find(shell, words[0], env.get("PATH") if "PATH" in assigned else None)
    except (CommandNotFound, CommandNotRunnable) as problem:
        return Stage(planned, None, raising(problem))
    argv = tuple([str(word) for word in words])
    return Stage(planned, Program(path, argv, env, words[0].span))


def environment(shell: Shell, assignments: Sequence[Assignment]) -> tuple[Mapping[str, str], dict[str, str]]:
    """The variables exported to a program, with its own assignments; and these alone."""
    if not assignments:
        return shell.variables.environment(), {}
    before, exported = saved(shell, assignments)
    try:
        assigned = assign(shell, assignments)
    finally:
        put_back(shell, assignments, before, exported)
    return {**shell.variables.environment(), **assigned}, assigned


def raising(problem: ShellError) -> Body:
    def body() -> int:
        raise problem

    return body


def run_missing(shell: Shell, stage: Stage) -> int:
    """Say that there is no such program, where the command's standard error goes."""
    assert stage.body is not None
    try:
        with Redirected(shell, stage.actions):
            try:
                return stage.body()
            except ShellError as problem:
                return tell(shell, problem)
    except ShellError as problem:  # of a redirection
        return tell(shell, problem)


def replace(shell: Shell, planned: Sequence[Action], program: Program) -> NoReturn:
    """Become the program without a fork."""
    for signum in default_signals(shell):
        shell.kernel.sigaction(signum, _signal.SIG_DFL)
    perform(shell.kernel, planned)
    become(shell, program)


# Where words are expanded


def expands_alone(node: Simple) -> bool:
    """Whether expanding the words has no effect and runs nothing.

    Then the shell itself can do it beforehand.  Else a stage's own process must: in `seq 3 | echo $(cat)`
    the `cat` reads the pipe.
    """
    words = [*node.words, *(assignment.value for assignment in node.assignments)]
    words += [redirect.target for redirect in node.redirects if is_word(redirect.target)]
    return all(part_expands_alone(part) for word in words for part in word.parts)


def is_word(target: object) -> TypeGuard[Word]:
    return hasattr(target, "parts")


def part_expands_alone(part: Part) -> bool:
    match part:
        case CommandSubstitution():
            return False
        case Parameter(_, operator, word):
            if operator in ("=", ":=", "?", ":?"):
                return False
            return word is None or all(map(part_expands_alone, word.parts))
        case DoubleQuoted(parts):
            return all(map(part_expands_alone, parts))
    return True
