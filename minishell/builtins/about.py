"""type and help: what a word would run, and what a builtin does."""

from __future__ import annotations

from minishell.builtins.registry import builtin, catalogue, lookup
from minishell.errors import BuiltinProblem, CommandNotFound, CommandNotRunnable
from minishell.run.lookup import find
from minishell.run.simple import tell
from minishell.syntax.tokens import RESERVED

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from minishell.shell import Shell
    from minishell.source import Field


@builtin("type", usage="type name ...", no_options=True)
def type(shell: Shell, words: Sequence[Field]) -> int:
    """Say what each name would run: an alias, a function, a builtin, or which file that PATH leads to.

    A builtin because only the shell knows its own builtins.  POSIX.1-2024 XCU type.
    """
    status = 0
    for word in words:
        try:
            shell.write(f"{word} is {meaning(shell, word)}\n")
        except (CommandNotFound, CommandNotRunnable) as problem:
            tell(shell, problem)
            status = 1
    return status


def meaning(shell: Shell, word: Field) -> str:
    if word in RESERVED:
        return "a reserved word of the shell"
    if word in shell.aliases:
        return f"an alias for {shell.aliases[word]}"
    found = lookup(word)
    if word in shell.functions:
        return "a function"
    if found is not None:
        return "a special shell builtin" if found.special else "a shell builtin"
    return find(shell, word)


@builtin("help", usage="help [builtin ...]")
def help(shell: Shell, words: Sequence[Field]) -> int:
    """Explain a builtin; without a name, list all of them.

    A builtin because it reads what the shell's own source says.
    """
    columns = shell.terminal.size()[0] if shell.terminal else WIDEST
    for word in words:
        found = lookup(word)
        if found is None:
            raise BuiltinProblem(f"{word} is not a builtin", word, help=f"man {word} explains programs")
        shell.write(f"{found.usage}\n\n{indented(found.help, columns)}\n")
    if not words:
        import textwrap  # too slow for `type`

        for name, found in catalogue().items():
            first = found.help.strip().splitlines()[0]
            lines = textwrap.wrap(first, columns, initial_indent=f"{name:<8} ", subsequent_indent=" " * 9)
            shell.write("\n".join(lines) + "\n")
    return 0


WIDEST = 120
"""Columns that a help text takes at most."""


def indented(text: str, columns: int) -> str:
    """A docstring with two blanks before each line, filled again where the screen is narrower than its lines."""
    lines = [line.removeprefix("    ") for line in text.strip().splitlines()]
    if max(map(len, lines)) + 2 <= columns:
        return "".join(f"  {line}".rstrip() + "\n" for line in lines)
    import textwrap

    paragraphs = "\n".join(lines).split("\n\n")
    filled = [textwrap.fill(each, columns, initial_indent="  ", subsequent_indent="  ") for each in paragraphs]
    return "\n\n".join(filled) + "\n"
