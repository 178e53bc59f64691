"""shift and getopts: the arguments `$1`, `$2`, …"""

from __future__ import annotations

from minishell.builtins.registry import builtin
from minishell.errors import AssignmentProblem, BuiltinProblem, UsageProblem
from minishell.ids import small_number
from minishell.syntax.names import is_name

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from minishell.shell import Shell
    from minishell.source import Field


@builtin("shift", usage="shift [n]", special=True, no_options=True)
def shift(shell: Shell, words: Sequence[Field]) -> int:
    """Drop the first argument, or the first n: `$2` becomes `$1`.

    A builtin because the arguments are the shell's own.  POSIX.1-2024 XCU shift.
    """
    count = small_number(words[0]) if words else 1
    if count is None or len(words) > 1:
        raise UsageProblem(f"{words[-1] or 'nothing'} is not a number of arguments", words[-1])
    if count > len(shell.arguments):
        raise BuiltinProblem(f"there are only {len(shell.arguments)} arguments", words[0] if words else None)
    del shell.arguments[:count]
    return 0


class OwnIndex(str):
    """OPTIND as getopts has set it.  An assignment puts a plain text there, even if it is the same number."""

    __slots__ = ()


@builtin("getopts", usage="getopts letters name [argument ...]", no_options=True)
def getopts(shell: Shell, words: Sequence[Field]) -> int:
    """Put the next option letter into the variable `name`, and what belongs to it into OPTARG; 1 if there is none.

    A letter with `:` behind it takes an argument.  If the letters start with `:` nothing is said about
    mistakes: `name` is then `?` or `:`, and OPTARG the letter.  OPTIND counts the arguments; setting it to 1
    starts anew.  A builtin because it sets variables.  POSIX.1-2024 XCU getopts.
    """
    if len(words) < 2:
        raise UsageProblem("getopts takes option letters and the name of a variable", words[0] if words else None)
    letters, name = words[0], words[1]
    if not is_name(name):
        raise UsageProblem(f"{name or 'nothing'} is not a name a variable can have", name)
    arguments = [str(word) for word in words[2:]] or shell.arguments
    index = small_number(shell.variables.get("OPTIND", "1")) or 1
    if not isinstance(shell.variables.get("OPTIND"), OwnIndex):  # somebody has set it: a new beginning
        shell.option_index, shell.option_place = index, 1
    found = next_option(shell, arguments)
    if found is None:
        finish(shell, name, "?", None)
        return 1
    letter, rest = found
    if letter == ":" or letter not in letters:
        mistake(shell, letters, name, "?", letter, f"there is no option -{letter}")
    elif letters[letters.index(letter) + 1 : letters.index(letter) + 2] != ":":
        finish(shell, name, letter, None)
    else:
        argument = take_argument(shell, arguments, rest)
        if argument is None:
            mistake(shell, letters, name, ":", letter, f"option -{letter} needs an argument")
        else:
            finish(shell, name, letter, argument)
    return 0


def next_option(shell: Shell, arguments: Sequence[str]) -> tuple[str, str] | None:
    """The next letter, and what follows it in its word.  Moves on, behind the word if that is used up."""
    if shell.option_index > len(arguments):
        return None
    word = arguments[shell.option_index - 1]
    if shell.option_place >= len(word):
        shell.option_place = (
            1  # these are not the arguments of the last time, which nobody has to expect: XCU getopts
        )
    if shell.option_place == 1 and (not word.startswith("-") or word in ("-", "--")):
        shell.option_index += word == "--"
        return None
    letter, rest = word[shell.option_place : shell.option_place + 1], word[shell.option_place + 1 :]
    if rest:
        shell.option_place += 1
    else:
        shell.option_index, shell.option_place = shell.option_index + 1, 1
    return letter, rest


def take_argument(shell: Shell, arguments: Sequence[str], rest: str) -> str | None:
    """The rest of the option's word, or else the next word; None: there is none."""
    if rest:
        shell.option_index, shell.option_place = shell.option_index + 1, 1
        return rest
    if shell.option_index > len(arguments):
        return None
    shell.option_index += 1
    return arguments[shell.option_index - 2]


def mistake(shell: Shell, letters: str, name: Field, sign: str, letter: str, said: str) -> None:
    silent = letters.startswith(":")
    if not silent:
        shell.complain(f"{shell.name}: {said}\n")
    finish(shell, name, sign if silent else "?", letter if silent else None)


def finish(shell: Shell, name: Field, value: str, argument: str | None) -> None:
    try:
        shell.variables.set(name, value, name.span, export="allexport" in shell.options)
    except AssignmentProblem as problem:  # of a builtin that is not special: the shell goes on, XCU 2.8.1
        raise BuiltinProblem(problem.message, problem.span) from None
    shell.variables.set("OPTIND", OwnIndex(shell.option_index))
    if argument is None:
        shell.variables.unset("OPTARG")
    else:
        shell.variables.set("OPTARG", argument)
