"""trap."""

from __future__ import annotations

from minishell.builtins.registry import builtin
from minishell.errors import UsageProblem
from minishell.kernel.signals import NAMES, number
from minishell.run.signals import set_trap
from minishell.syntax.quoting import single_quoted

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from minishell.shell import Shell
    from minishell.source import Field

EXIT = 0
"""The condition EXIT is written as signal 0."""


@builtin("trap", usage="trap [action condition ...]   or   trap -p [condition ...]", special=True)
def trap(shell: Shell, words: Sequence[Field]) -> int:
    """Say what to run when a signal comes, or when the shell ends (EXIT); without words, list what was said.

    An empty action ignores the signal, `-` goes back to the default.  KILL and STOP cannot be caught.
    A builtin because each process decides about its own signals.  POSIX.1-2024 XCU trap.
    """
    operands = list(words[1:]) if words and words[0] in ("--", "-p") else list(words)
    if not operands or words[0] == "-p":
        for signum in [condition(word) for word in operands] or sorted(shell.traps):
            if signum in shell.traps:
                shell.write(f"trap -- {single_quoted(shell.traps[signum])} {NAMES.get(signum, 'EXIT')}\n")
        return 0
    action: str | None = None
    if not operands[0].isdigit():
        word = operands.pop(0)
        action = None if word == "-" else str(word)
        if not operands:
            raise UsageProblem("trap needs the name of a signal, or EXIT", word)
    for word in operands:
        set_trap(shell, condition(word), action)
    return 0


def condition(word: Field) -> int:
    signum = EXIT if word.upper() in ("EXIT", "0") else number(word)
    if signum is None:
        raise UsageProblem(f"there is no signal {word}", word, help="kill -l lists them")
    if NAMES.get(signum) in ("KILL", "STOP"):
        raise UsageProblem(f"{word} cannot be caught or ignored", word)
    return signum
