"""Simple commands, foretold: `run/simple.py` and `run/programs.py`, with the same questions in the same order."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from minishell.errors import RedirectionProblem, Return, ShellError, shown
from minishell.expand.words import fields
from minishell.explain.foretell import foretell_command, whole_text
from minishell.explain.prediction import Known, Unknown
from minishell.explain.processes import ANY_CHILD, foreground
from minishell.explain.signals import deliver, kill
from minishell.explain.telling import is_unknown, process_number, unknown
from minishell.run.environment import read_environment, spelled, stage_of
from minishell.run.programs import plan_program, replace, run_missing
from minishell.run.script import file_to_run
from minishell.run.simple import (
    DEEPEST_CALL,
    assign,
    assign_only,
    declares,
    prepare_declaration,
    redirected,
    run_alone,
    run_builtin,
    tell,
)
from minishell.source import Source
from minishell.syntax.tree import Simple
from minishell.trace.event import Wait

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from minishell.builtins.registry import Builtin
    from minishell.explain.prediction import Status
    from minishell.explain.telling import Telling
    from minishell.source import Field

REHEARSED = frozenset(
    (
        *(":", "true", "false", "echo", "printf", "pwd", "cd", "test", "[", "export", "readonly", "unset", "set"),
        *("shift", "alias", "unalias", "umask", "getopts", "trap", "type", "hash", "break", "continue", "return"),
        *("exit", "exec"),
    )
)
"""Builtins that change nothing but the shell's memory, its directory, its descriptors: the copy's may be changed."""

PRINTS = frozenset(("echo", "printf", ":", "true", "false", "exit"))
"""Builtins whose status does not depend on what their words are."""


def simple(telling: Telling, node: Simple, last: bool) -> Status:
    """Expand, then find out what the first field names."""
    shell = telling.shell
    deliver(telling)
    telling.substitution = Known(0)
    shell.substitution_status = 0
    with telling.part(node.span):
        words = prepare_declaration(node.words)(shell) if declares(node.words) else fields(shell, node.words)
        telling.tell_expansions(node.words, words)
        if not words:
            for assignment in node.assignments:
                telling.says(f"sets {assignment.name}, a variable of this shell")
            status = Known(assign_only(shell, node))
            return telling.substitution if telling.substitution != Known(0) else status
        return named(telling, node, words, last)


def named(telling: Telling, node: Simple, words: Sequence[Field], last: bool) -> Status:
    shell, name = telling.shell, words[0]
    if is_unknown([name]):
        return Unknown(f"which command {name} names")
    builtin = shell.find_builtin(name)
    if name in shell.functions:
        return function(telling, node, words)
    if builtin is None:
        return program(telling, node, words, last)
    because = reason(builtin)
    telling.says(f"runs {name} in this process{f': {because}' if because else ''}")
    special = SPECIAL_CASES.get(name)
    if special is None and name in REHEARSED and not (is_unknown(words) and name not in PRINTS):
        if not node.redirects and not node.assignments:
            return Known(run_alone(shell, builtin, words))
        return Known(run_builtin(shell, builtin, node, words))
    body = partial(special or nobody_knows, telling, words)
    if not builtin.special:
        body = partial(told_of_problems, telling, body)
    return surrounded(telling, node, body, lasting=builtin.special)


def reason(builtin: Builtin) -> str:
    """Why it is a builtin, in the words of its help."""
    _, found, rest = " ".join(builtin.help.split()).partition("A builtin because ")
    return rest.partition(".")[0] if found else ""


def surrounded(telling: Telling, node: Simple, body: Callable[[], Status], *, lasting: bool = False) -> Status:
    """With the command's redirections and assignments, for the time; assignments before a special builtin last."""
    shell = telling.shell
    try:
        changes = redirected(shell, node.redirects)
    except RedirectionProblem as problem:
        if lasting:
            raise
        return Known(tell(shell, problem))
    with changes, shell.variables.kept(() if lasting else node.assignments):
        shell.variables.export(*assign(shell, node.assignments))
        return body()


def told_of_problems(telling: Telling, body: Callable[[], Status]) -> Status:
    """A problem in a builtin is told, and the shell goes on; in a special builtin it ends a script: `run_alone`."""
    try:
        return body()
    except ShellError as problem:
        if problem.fatal:
            raise
        return Known(tell(telling.shell, problem))


def nobody_knows(telling: Telling, words: Sequence[Field]) -> Status:
    telling.says("what comes of it cannot be known beforehand")
    return Unknown(f"what {words[0]} finds")


def program(telling: Telling, node: Simple, words: Sequence[Field], last: bool) -> Status:
    """`run_program` of `run/programs.py`, foretold."""
    shell = telling.shell
    planned = plan_program(shell, node, words)
    if planned.problem is not None:
        telling.says(f"finds no program {shown(words[0])} that could be run")
        return Known(run_missing(shell, planned.actions, planned.problem))
    assert planned.program is not None
    if last and not shell.traps and not shell.monitor:
        telling.says("needs no fork: this process has nothing else to do")
        replace(shell, planned.actions, planned.program)
    return foreground(telling, node, [(planned, node)])


def function(telling: Telling, node: Simple, words: Sequence[Field]) -> Status:
    """Its body runs in this process, with arguments of its own."""
    shell = telling.shell
    called = shell.functions[words[0]]
    telling.says(f"{words[0]} is a function: its commands run in this process")

    def body() -> Status:
        if shell.calls >= DEEPEST_CALL:
            raise ShellError(f"functions call each other more than {DEEPEST_CALL} deep", words[0])
        before = shell.arguments, shell.loops
        shell.arguments, shell.loops = [str(word) for word in words[1:]], 0
        shell.calls += 1
        try:
            return foretell_command(telling, called.body)
        except Return as leaving:
            return Known(leaving.status)
        finally:
            shell.calls -= 1
            shell.arguments, shell.loops = before

    return surrounded(telling, node, body)


# Builtins that run commands, or wait for them


def evaluate(telling: Telling, words: Sequence[Field]) -> Status:
    return whole_text(telling, Source("eval", " ".join(words[1:])))


def dot(telling: Telling, words: Sequence[Field]) -> Status:
    """`. file`: its commands, as they stand in it now, run in this process."""
    if len(words) != 2:
        return nobody_knows(telling, words)
    source = file_to_run(telling.shell, words[1])
    if telling.kernel.was_made(source.name):
        telling.says("runs what the line itself has put there")
        return nobody_knows(telling, words)
    telling.says(f"runs the commands of {shown(source.name)} in this process")
    telling.shell.calls += 1
    try:
        return whole_text(telling, source)
    except Return as leaving:
        return Known(leaving.status)
    finally:
        telling.shell.calls -= 1


def command(telling: Telling, words: Sequence[Field]) -> Status:
    """`command name …`: a builtin or a program, functions apart."""
    if len(words) < 2 or words[1].startswith("-"):
        return nobody_knows(telling, words)
    node = Simple((), (), (), words[1].span)  # type: ignore[arg-type]
    with_functions, telling.shell.functions = telling.shell.functions, {}
    try:
        return named(telling, node, words[1:], last=False)
    finally:
        telling.shell.functions = with_functions


def environment(telling: Telling, words: Sequence[Field]) -> Status:
    """`env … name …` starts a program; what `env` prints alone is no secret."""
    shell = telling.shell
    variables, command = read_environment(shell, list(words[1:]))
    builtin = shell.find_builtin(words[0])
    if builtin and not command:
        return Known(run_alone(shell, builtin, words))
    return foreground(telling, spelled(command), [(stage_of(shell, variables, command), spelled(command))])


def wait(telling: Telling, words: Sequence[Field]) -> Status:
    """For all in the background, or for some of them by their process numbers."""
    asked = {word: pid for pid in telling.background for word in words[1:] if str(word) == process_number(pid)}
    if len(asked) < len(words) - 1:
        return nobody_knows(telling, words)
    pids = list(asked.values()) if asked else telling.background
    for pid in pids:
        telling.kernel.note(Wait(pid=telling.kernel.pid, target=ANY_CHILD, child=pid))
    telling.background = [pid for pid in telling.background if pid not in pids]
    return telling.ends[pids[-1]] if asked else Known(0)


def read(telling: Telling, words: Sequence[Field]) -> Status:
    """What it reads comes from outside; its variables then hold what nobody knows."""
    for name in [str(word) for word in words[1:] if word.isidentifier()]:
        telling.shell.variables.set(name, unknown(f"what read puts into {name}"))
    return nobody_knows(telling, words)


SPECIAL_CASES: dict[str, Callable[[Telling, Sequence[Field]], Status]] = {
    "eval": evaluate,
    ".": dot,
    "kill": kill,
    "command": command,
    "env": environment,
    "wait": wait,
    "read": read,
}
