"""trap."""

from __future__ import annotations

from minishell.builtins.registry import builtin
from minishell.errors import BuiltinProblem, UsageProblem
from minishell.kernel.signals import NAMES, NUMBERS, number
from minishell.run.signals import set_trap
from minishell.run.simple import tell
from minishell.syntax.quoting import single_quoted

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from minishell.shell import Shell
    from minishell.source import Field

EXIT = 0
"""The condition EXIT is written as signal 0."""
UNCATCHABLE = {NUMBERS["KILL"], NUMBERS["STOP"]}


@builtin("trap", usage="trap [action condition ...]   or   trap -p [condition ...]", special=True)
def trap(shell: Shell, words: Sequence[Field]) -> int:
    """Say what to run when a signal comes, or when the shell ends (EXIT); without words, list what was said.

    An empty action ignores the signal, `-` goes back to the default.  KILL and STOP cannot be caught.  -p lists what
    is still the default too.  In a subshell the list is that of the shell around it, until a trap is set there:
    `saved=$(trap)`.  A builtin because each process decides about its own signals.  POSIX.1-2024 XCU trap.
    """
    operands = list(words[1:]) if words and words[0] in ("--", "-p") else list(words)
    if not operands or words[0] == "-p":
        return show(shell, operands, with_defaults=bool(words) and words[0] == "-p")
    action: str | None = None
    if not operands[0].isdigit():
        word = operands.pop(0)
        action = None if word == "-" else str(word)
        if not operands:
            raise UsageProblem("trap needs the name of a signal, or EXIT", word)
    status = 0
    for word in operands:
        try:
            set_trap(shell, condition(word), action)
        except BuiltinProblem as problem:  # XCU trap, EXIT STATUS: this does not end a script
            status = tell(shell, problem)
    return status


def show(shell: Shell, operands: Sequence[Field], with_defaults: bool) -> int:
    traps = shell.traps if shell.traps_before is None else shell.traps_before
    every = sorted(NAMES.keys() - UNCATCHABLE | {EXIT}) if with_defaults else sorted(traps)
    for signum in [condition(word) for word in operands] or every:
        action = single_quoted(traps[signum]) if signum in traps else "-"
        shell.write(f"trap -- {action} {NAMES.get(signum, 'EXIT')}\n")
    return 0


def condition(word: Field) -> int:
    signum = EXIT if word.upper() in ("EXIT", "0") else number(word)
    if signum is None:
        raise BuiltinProblem(f"there is no signal {word}", word, help="kill -l lists them")
    if signum in UNCATCHABLE:
        raise BuiltinProblem(f"{word} cannot be caught or ignored", word)
    return signum
