"""`env name=value … program`: what the builtin starts, and `explain` foretells."""

from __future__ import annotations

from typing import TYPE_CHECKING

from minishell.errors import UsageProblem
from minishell.run.lookup import find
from minishell.run.pipeline import Stage
from minishell.run.plan import Program
from minishell.source import Field, Source, Span
from minishell.syntax.names import is_name
from minishell.syntax.tree import Literal, Quoted, Simple, Word

if TYPE_CHECKING:
    from collections.abc import Sequence

    from minishell.shell import Shell


def read_environment(shell: Shell, words: list[Field]) -> tuple[dict[str, str], list[Field]]:
    """The environment that the options and assignments make, and the command that is left."""
    environment = dict(shell.variables.environment())
    while words and words[0].startswith("-"):
        option = words.pop(0)
        if option == "--":
            break
        if option in ("-i", "-"):
            environment.clear()
        elif option == "-u" and words:
            environment.pop(words.pop(0), None)
        else:
            raise UsageProblem(f"{option} is not an option of env, or lacks a name", option)
    while words and "=" in words[0]:
        name, _, value = words.pop(0).partition("=")
        environment[name] = value
    return environment, words


def stage_of(shell: Shell, environment: dict[str, str], command: list[Field]) -> Stage:
    """The program that `env` starts.  CommandNotFound, CommandNotRunnable: there is none that it can start."""
    path = find(shell, command[0], environment.get("PATH"))
    return Stage(program=Program(path, tuple(map(str, command)), environment, command[0].span))


def spelled(command: Sequence[Field]) -> Simple:
    """The command as a tree of its own: the name of the job that runs it."""
    nowhere = Span(Source("env", " ".join(command)), 0, 0)
    words = []
    for word in command:
        part = Literal(word) if is_name(word) else Quoted(word, "$'" if "'" in word else "'")
        words.append(Word((part,), word.span or nowhere))
    return Simple((), tuple(words), (), command[0].span or nowhere)
