"""Programs: from an expanded simple command to the plan for its process.  POSIX.1-2024 XCU 2.9.1.4 and 2.9.1.6."""

from __future__ import annotations

from minishell.errors import CommandNotFound, CommandNotRunnable, ShellError
from minishell.run.launch import become, default_signals
from minishell.run.lookup import find
from minishell.run.pipeline import Stage, finish, start
from minishell.run.plan import Program
from minishell.run.redirect import Redirected, actions, perform
from minishell.run.simple import assign, tell, trace
from minishell.source import Source, Span
from minishell.syntax.tree import Arithmetic, CommandSubstitution, DoubleQuoted, Parameter, Simple

TYPE_CHECKING = False
if TYPE_CHECKING:
    import signal as _signal
    from collections.abc import Mapping, Sequence
    from typing import NoReturn, TypeGuard

    from minishell.run.plan import Action
    from minishell.shell import Shell
    from minishell.source import Field
    from minishell.syntax.tree import Assignment, Part, Word
else:
    import _signal


def run_program(shell: Shell, node: Simple, words: Sequence[Field], last: bool) -> int:
    """Run a program as a job of its own, or in place of this process if that has nothing else to do."""
    stage = plan_program(shell, node, words)
    if stage.problem is not None:
        return run_missing(shell, stage.actions, stage.problem)
    assert stage.program is not None
    if last and not shell.traps and not shell.monitor:
        replace(shell, stage.actions, stage.program)
    return finish(shell, start(shell, node, (stage,), foreground=True))


def run_words(shell: Shell, words: Sequence[Field], search: str | None) -> int:
    """Run a program whose words are known already, as `command` does."""
    node = Simple((), (), (), words[0].span or NOWHERE)
    try:
        path = find(shell, words[0], search)
    except (CommandNotFound, CommandNotRunnable) as problem:
        return tell(shell, problem)
    program = Program(path, tuple(map(str, words)), shell.variables.environment(), words[0].span)
    return finish(shell, start(shell, node, (Stage(program=program),), foreground=True))


NOWHERE = Span(Source("nowhere", ""), 0, 0)


def plan_program(shell: Shell, node: Simple, words: Sequence[Field]) -> Stage:
    """The plan for a program.  If there is none of that name, the body says so, under the redirections."""
    planned = actions(shell, node.redirects)
    env, assigned = environment(shell, node.assignments)
    trace(shell, node.span, assigned, words)
    try:
        path = find(shell, words[0], env.get("PATH") if "PATH" in assigned else None)
    except (CommandNotFound, CommandNotRunnable) as problem:
        return Stage(planned, span=node.span, problem=problem)
    argv = tuple([str(word) for word in words])
    return Stage(planned, Program(path, argv, env, words[0].span), None, node.span)


def environment(shell: Shell, assignments: Sequence[Assignment]) -> tuple[Mapping[str, str], dict[str, str]]:
    """The variables exported to a program, with its own assignments; and these alone."""
    if not assignments:
        return shell.variables.environment(), {}
    with shell.variables.kept(assignments):
        assigned = assign(shell, assignments)
    return {**shell.variables.environment(), **assigned}, assigned


def run_missing(shell: Shell, planned: Sequence[Action], problem: ShellError) -> int:
    """Say that there is no such program, where the command's standard error goes."""
    try:
        with Redirected(shell, planned):
            return tell(shell, problem)
    except ShellError as refused:  # of a redirection
        return tell(shell, refused)


def replace(shell: Shell, planned: Sequence[Action], program: Program) -> NoReturn:
    """Become the program without a fork."""
    for signum in default_signals(shell):
        shell.kernel.sigaction(signum, _signal.SIG_DFL)
    perform(shell.kernel, planned)
    become(shell, program)


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
        case CommandSubstitution() | Arithmetic():  # an expression may assign
            return False
        case Parameter(_, operator, word):
            if operator in ("=", ":=", "?", ":?"):
                return False
            return word is None or all(map(part_expands_alone, word.parts))
        case DoubleQuoted(parts):
            return all(map(part_expands_alone, parts))
    return True
