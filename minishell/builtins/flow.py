"""break, continue, return and eval: where the shell goes on."""

from __future__ import annotations

from minishell.builtins.registry import builtin
from minishell.errors import BuiltinProblem, LoopControl, Return, UsageProblem
from minishell.ids import small_number
from minishell.source import Source

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from minishell.shell import Shell
    from minishell.source import Field


@builtin("break", usage="break [n]", special=True, no_options=True)
def break_(shell: Shell, words: Sequence[Field]) -> int:
    """Leave the loop around this command, or the n loops around it.

    A builtin because the loop is the shell's own.  Outside of a loop it does nothing.  POSIX.1-2024 XCU break.
    """
    return leave(shell, words, goes_on=False)


@builtin("continue", usage="continue [n]", special=True, no_options=True)
def continue_(shell: Shell, words: Sequence[Field]) -> int:
    """Go on with the next round of the loop around this command, or of the n-th loop around it.

    A builtin because the loop is the shell's own.  Outside of a loop it does nothing.  POSIX.1-2024 XCU continue.
    """
    return leave(shell, words, goes_on=True)


def leave(shell: Shell, words: Sequence[Field], goes_on: bool) -> int:
    levels = small_number(words[0]) if words else 1
    if not levels or len(words) > 1:
        raise UsageProblem(f"{words[-1] or 'nothing'} is not a number of loops, 1 or more", words[-1])
    if shell.loops == 0:
        return 0
    raise LoopControl(min(levels, shell.loops), goes_on)


@builtin("return", usage="return [status]", special=True, no_options=True)
def return_(shell: Shell, words: Sequence[Field]) -> int:
    """Leave the function, or the file read by `.`, with `status`, or with that of the last command.

    A builtin because the function is the shell's own.  POSIX.1-2024 XCU return.
    """
    status = small_number(words[0]) if words else shell.status
    if status is None or len(words) > 1:
        raise UsageProblem(f"{words[-1] or 'nothing'} is not a status: 0 to 255", words[-1])
    if shell.calls == 0:
        raise BuiltinProblem("there is nothing to return from: no function, and no file read by .")
    raise Return(status & 0xFF)


@builtin("eval", usage="eval [word ...]", special=True, no_options=True)
def eval(shell: Shell, words: Sequence[Field]) -> int:
    """Join the words with blanks, and run the result as if it had been typed: it is expanded once more.

    A builtin because what it runs may change the shell.  POSIX.1-2024 XCU eval.
    """
    from minishell.run.script import run_text

    text = " ".join(words)
    return run_text(shell, Source("eval", text))
