"""Reading options in front of a builtin's operands.  POSIX.1-2024 XBD 12.2 Utility Syntax Guidelines."""

from __future__ import annotations

from minishell.errors import NoSuchOption, UsageProblem
from minishell.source import Field

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence


def split_options(words: Sequence[Field], letters: str) -> tuple[str, list[Field]]:
    """The option letters given, in their order, and the operands.  `--` ends the options; none takes an argument."""
    given, rest = options_with_values(words, letters)
    return "".join([letter for letter, _ in given]), rest


def options_with_values(words: Sequence[Field], letters: str) -> tuple[list[tuple[str, Field]], list[Field]]:
    """The options given, each with its argument, and the operands.

    As getopts has it, a letter before a `:` takes an argument: the rest of its word, or the next word.  What looks
    like a negative number is an operand.
    """
    given: list[tuple[str, Field]] = []
    rest = list(words)
    while rest and rest[0].startswith("-") and not rest[0][1:].isdigit() and rest[0] != "-":
        word = rest.pop(0)
        if word == "--":
            break
        for at, letter in enumerate(word[1:], 2):
            if letter == ":" or letter not in letters:
                raise NoSuchOption(word if letter == "-" else f"-{letter}", word)
            if letters[letters.index(letter) + 1 :].startswith(":"):
                if at == len(word) and not rest:
                    raise UsageProblem(f"-{letter} needs an argument", word)
                given.append((letter, Field(word[at:], word.span) if at < len(word) else rest.pop(0)))
                break
            given.append((letter, word))
    return given, rest
