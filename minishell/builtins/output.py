"""echo."""

from __future__ import annotations

from minishell.builtins.registry import builtin

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from minishell.shell import Shell
    from minishell.source import Field


@builtin("echo", usage="echo [-n] [word ...]")
def echo(shell: Shell, words: Sequence[Field]) -> int:
    r"""Print the words with a blank between them and a newline at the end; with -n, without it.

    There is a program of this name too; the builtin saves a process.  Backslashes are printed as they are:
    what POSIX leaves open, since shells differ.  `printf` has no such doubts.  POSIX.1-2024 XCU echo.
    """
    if words and words[0] == "-n":
        shell.write(" ".join(words[1:]))
    else:
        shell.write(" ".join(words) + "\n")
    return 0
