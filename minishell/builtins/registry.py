"""How a builtin is declared, and found."""

from __future__ import annotations

from minishell.record import record

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from typing import TypeAlias

    from minishell.shell import Shell
    from minishell.source import Field
    from minishell.syntax.tree import Word

    Run: TypeAlias = "Callable[[Shell, Sequence[Field]], int]"
    Prepare: TypeAlias = "Callable[[Sequence[Word]], Callable[[Shell], int | None]]"

FAMILIES = {
    "control": (":", "true", "false", "exit", "exec", "."),
    "directory": ("cd", "pwd"),
    "output": ("echo",),
    "flow": ("break", "continue", "return", "eval"),
    "arguments": ("shift", "getopts"),
    "testing": ("test", "["),
    "formatting": ("printf",),
    "reading": ("read",),
    "history": ("fc",),
    "naming": ("alias", "unalias", "command", "hash"),
    "limits": ("ulimit", "times"),
    "environment": ("export", "readonly", "unset", "env"),
    "settings": ("set", "umask"),
    "job_control": ("jobs", "fg", "bg", "disown", "suspend"),
    "waiting": ("wait", "kill"),
    "trapping": ("trap",),
    "about": ("type", "help"),
    "seeing": ("trace", "picture"),
    "explaining": ("explain",),
    "learning": ("lesson",),
}
"""The file of each builtin: it is imported when the builtin is first used, not at every start."""

HOMES = {name: family for family, names in FAMILIES.items() for name in names}


@record
class Builtin:
    """`run` takes the shell and the fields after the name, and returns the status; `help` is its docstring.

    `special`: a special built-in utility, whose problems end a script, and whose assignments stay.
    POSIX.1-2024 XCU 2.15.  `prepare` makes, of the words of one command, a faster way to run it: a function that
    gives the status, or None, having done nothing, where the usual way is to be taken.
    """

    name: str
    usage: str
    run: Run
    help: str
    special: bool = False
    keeps_redirections: bool = False
    prepare: Prepare | None = None


BUILTINS: dict[str, Builtin] = {}


def builtin(
    name: str,
    *,
    usage: str,
    special: bool = False,
    keeps_redirections: bool = False,
    no_options: bool = False,
    prepare: Prepare | None = None,
) -> Callable[[Run], Run]:
    """Declare a function to be the builtin `name`.  Its docstring is what `help name` shows.

    `no_options`: it has none, but a `--` in front of its operands is dropped all the same.  POSIX.1-2024 XCU 1.4.
    """

    def declare(run: Run) -> Run:
        called = without_dashes(run) if no_options else run
        BUILTINS[name] = Builtin(name, usage, called, run.__doc__ or "", special, keeps_redirections, prepare)
        return run

    return declare


def without_dashes(run: Run) -> Run:
    return lambda shell, words: run(shell, words[1:] if words and words[0] == "--" else words)


def lookup(name: str) -> Builtin | None:
    """The builtin called `name`; None: there is none."""
    found = BUILTINS.get(name)
    if found is None and name in HOMES:
        __import__(f"minishell.builtins.{HOMES[name]}")
        return BUILTINS[name]
    return found


def catalogue() -> dict[str, Builtin]:
    """All builtins by name, in alphabetical order."""
    return {name: found for name in sorted(HOMES) if (found := lookup(name))}
