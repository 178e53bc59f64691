"""Reading options in front of a builtin's operands.  POSIX.1-2024 XBD 12.2 Utility Syntax Guidelines."""

from __future__ import annotations

from minishell.errors import UsageProblem

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from minishell.source import Field


def split_options(words: Sequence[Field], letters: str) -> tuple[str, list[Field]]:
    """The option letters given, in their order, and the operands.  `--` ends the options; none takes an argument."""
    given = ""
    rest = list(words)
    while rest and rest[0].startswith("-") and rest[0] != "-":
        word = rest.pop(0)
        if word == "--":
            break
        for letter in word[1:]:
            if letter not in letters:
                raise UsageProblem(f"there is no option -{letter}", word)
        given += word[1:]
    return given, rest
