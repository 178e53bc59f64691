"""What the arguments of each command can be completed to."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from minishell.repl import sources

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from prompt_toolkit.completion import Completion

    from minishell.repl.place import Place

    Complete = Callable[[Place], Iterable[Completion]]

RUN_ANOTHER = frozenset(("env", "exec", "nice", "nohup", "strace", "sudo", "time", "timeout", "xargs"))
"""Commands whose first operand names a command again."""


def arguments(place: Place) -> Iterable[Completion]:
    """Completions for a word behind the name of a command."""
    name = place.words[0]
    builtin = sources.builtins().get(name)
    if name in TAKE:
        return TAKE[name](place)
    if name in RUN_ANOTHER and not place.value.startswith("-"):
        return another_command(place)
    if builtin is not None and place.value.startswith("-"):
        return sources.option_letters(place, builtin)
    return OPERANDS.get(name, sources.files)(place)


def another_command(place: Place) -> Iterable[Completion]:
    """The command that `exec` or `sudo` is to run, or its arguments."""
    for index, word in enumerate(place.words[1:], 1):
        if not word.startswith("-") and "=" not in word:
            return arguments(replace(place, words=place.words[index:]))
    return command(place)


def command(place: Place) -> Iterable[Completion]:
    """A command: by its path if that has begun, else by its name."""
    if "/" in place.value or place.has_tilde:
        return sources.runnable(place)
    return sources.commands(place) if place.word.known else ()


def nothing(place: Place) -> Iterable[Completion]:
    return ()


def kill(place: Place) -> Iterable[Completion]:
    if place.words[-1] == "-s":
        return sources.signals(place)
    if place.value.startswith("-") and len(place.words) == 1:
        return (*sources.option_letters(place, sources.builtins()["kill"]), *sources.signals(place, before="-"))
    return sources.jobs(place)


def trap(place: Place) -> Iterable[Completion]:
    return sources.signals(place, more=("EXIT",)) if len(place.words) > 1 else ()


def set_(place: Place) -> Iterable[Completion]:
    if place.words[-1] in ("-o", "+o"):
        return sources.option_names(place)
    if place.value[:1] in ("-", "+") and place.value:
        return sources.option_letters(place, sources.builtins()["set"])
    return sources.files(place)


TAKE: dict[str, Complete] = {"kill": kill, "trap": trap, "set": set_}
"""Builtins whose options are part of the question."""

OPERANDS: dict[str, Complete] = {
    **dict.fromkeys(("bg", "disown", "fg", "jobs", "wait"), sources.jobs),
    **dict.fromkeys(("exit", "false", "pwd", "true", "umask"), nothing),
    **dict.fromkeys(("export", "unset"), sources.variables),
    "cd": sources.directories,
    "help": sources.builtin_names,
    "lesson": sources.lessons,
    "type": sources.commands,
}
"""What comes after the options of a builtin, if not files."""
