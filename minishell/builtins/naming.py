"""alias, unalias, command and hash: what a name means."""

from __future__ import annotations

from minishell.builtins.options import split_options
from minishell.builtins.registry import builtin
from minishell.errors import (
    AssignmentProblem,
    BuiltinProblem,
    CommandNotFound,
    CommandNotRunnable,
    ShellError,
    UsageProblem,
)
from minishell.run.lookup import DEFAULT_PATH, find
from minishell.run.simple import tell
from minishell.source import Field
from minishell.syntax.lexer import NOT_PLAIN
from minishell.syntax.quoting import assignment
from minishell.syntax.tokens import RESERVED

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from minishell.shell import Shell


@builtin("alias", usage="alias [name[=value] ...]", no_options=True)
def alias(shell: Shell, words: Sequence[Field]) -> int:
    """Let a name stand for a text where a command can stand; without `=`, show what names stand for.

    A builtin because the shell replaces the name while it reads.  POSIX.1-2024 XCU alias, 2.3.1.
    """
    status = 0
    for word in words or [Field(name) for name in sorted(shell.aliases)]:
        name, equals, value = word.partition("=")
        if equals and name and NOT_PLAIN.isdisjoint(name):
            shell.aliases[name] = value
        elif equals:
            status = tell(shell, BuiltinProblem(f"{name or 'nothing'} is not a name an alias can have", word))
        elif name in shell.aliases:
            shell.write(f"{assignment(name, shell.aliases[name])}\n")
        else:
            status = tell(shell, BuiltinProblem(f"{word}: there is no such alias", word))
    return status


@builtin("unalias", usage="unalias -a | name ...")
def unalias(shell: Shell, words: Sequence[Field]) -> int:
    """Forget aliases, or all of them with -a.

    A builtin because aliases are the shell's own.  POSIX.1-2024 XCU unalias.
    """
    given, names = split_options(words, "a")
    if given:
        shell.aliases.clear()
    elif not names:
        raise UsageProblem("unalias needs a name, or -a")
    status = 0
    for name in names:
        if shell.aliases.pop(name, None) is None:
            status = tell(shell, BuiltinProblem(f"{name}: there is no such alias", name))
    return status


@builtin("command", usage="command [-p] [-v | -V] name [argument ...]")
def command(shell: Shell, words: Sequence[Field]) -> int:
    """Run a command even if there is a function of that name; -v says what would be run, -V in words.

    -p looks for programs where the system's own are.  A special builtin run so does not end a script.
    A builtin because functions and builtins are the shell's own.  POSIX.1-2024 XCU command.
    """
    given, operands = split_options(words, "pvV")
    search = DEFAULT_PATH if "p" in given else None
    if not operands:
        return 0
    if "v" in given or "V" in given:
        return describe(shell, operands[0], search, in_words="V" in given)
    found = shell.find_builtin(operands[0])
    if found is not None:
        try:
            return found.run(shell, operands[1:])
        except AssignmentProblem as problem:  # of `command readonly x=1`, which ends no script: XCU 2.8.1
            raise BuiltinProblem(problem.message, problem.span) from None
    from minishell.run.programs import run_words

    return run_words(shell, operands, search)


def describe(shell: Shell, name: Field, search: str | None, in_words: bool) -> int:
    """What `name` would run: a path, or the name itself for what the shell runs."""
    from minishell.builtins.about import meaning

    if name in shell.aliases:
        shell.write(f"alias {assignment(name, shell.aliases[name])}\n")
        return 0
    try:
        if in_words:
            shell.write(f"{name} is {meaning(shell, name)}\n")
        elif name in RESERVED or name in shell.functions or shell.find_builtin(name):
            shell.write(f"{name}\n")
        else:
            shell.write(f"{find(shell, name, search)}\n")
    except (CommandNotFound, CommandNotRunnable) as problem:
        if in_words:
            tell(shell, problem)
        return 127
    return 0


@builtin("hash", usage="hash [-r] [name ...]")
def hash(shell: Shell, words: Sequence[Field]) -> int:
    """Remember where programs are, or show what is remembered; -r forgets it.

    A builtin because the shell's own memory saves it a search.  POSIX.1-2024 XCU hash.
    """
    given, names = split_options(words, "r")
    if given:
        shell.variables.found = {}
    for name in names:
        if shell.find_builtin(name) is None and name not in shell.functions:
            try:
                find(shell, name)
            except ShellError as problem:
                raise BuiltinProblem(problem.message, name) from None
    if not given and not names:
        for path in shell.variables.found.values():
            shell.write(f"{path}\n")
    return 0
