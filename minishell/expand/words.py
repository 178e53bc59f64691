"""Word expansion, from the words of a tree to fields.  POSIX.1-2024 XCU 2.6.

Most words are plain text, and most others a single `$x`, `"$x"` or `$((…))`.  For these a function is made once, kept
with the word, and called each time; expansion.py, imported when it is needed, expands all that is less simple.
"""

from __future__ import annotations

from minishell.source import Field
from minishell.syntax.tree import Arithmetic, DoubleQuoted, Literal, Parameter

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from typing import TypeAlias

    from minishell.shell import Shell
    from minishell.syntax.tree import Word

    Prepared: TypeAlias = "Callable[[Shell], Sequence[Field]]"
    Value: TypeAlias = "Callable[[Shell], str | None]"

DEFAULT_IFS = " \t\n"


def fields(shell: Shell, words: Sequence[Word]) -> list[Field]:
    """All fields that `words` become: each word may give none, one or many."""
    result: list[Field] = []
    for word in words:
        prepared = word.__dict__.get("prepared") or prepare(word)
        result += prepared(shell)
    return result


def text(shell: Shell, word: Word, *, assignment: bool = False) -> Field:
    """The one field that `word` becomes where nothing is split and no pathname is looked for.

    So it is in assignments, where a tilde may also follow a colon, and in the names of redirections.
    """
    value = word.__dict__.get("value") or remember_value(word)
    simple = value(shell)
    if simple is not None:
        return Field(simple, word.span)
    from minishell.expand.expansion import pieces
    from minishell.expand.pieces import joined

    return Field(joined(pieces(shell, word, assignment), shell.variables.get("IFS")), word.span)


def prepare(word: Word) -> Prepared:
    """Make, and keep, the function that gives the fields of this word."""
    plain = word.plain()
    word.__dict__["prepared"] = prepared = always(plain, word) if plain is not None else quickly(word)
    return prepared


def always(text: str, word: Word) -> Prepared:
    result = (Field(text, word.span),)
    return lambda shell: result


def quickly(word: Word) -> Prepared:
    """A single value is one field, if it is quoted or there is nothing in it to split or to take for a pattern."""
    value, quoted = simple_value(word), bool(word.parts) and isinstance(word.parts[0], DoubleQuoted)

    def fields_of(shell: Shell) -> Sequence[Field]:
        simple = value(shell)
        if simple is not None and (quoted or (simple.isalnum() and shell.variables.get("IFS") == DEFAULT_IFS)):
            return (Field(simple, word.span),)
        from minishell.expand.expansion import expanded

        return expanded(shell, word)

    return fields_of


def remember_value(word: Word) -> Value:
    """Make, and keep, the function that gives the text of this word; it gives None where that is not so simple."""
    word.__dict__["value"] = value = simple_value(word)
    return value


def simple_value(word: Word) -> Value:
    """A function that gives the value of plain text, `$x`, `"$x"` or `$((…))`; None for all else, and for unset x."""
    match word.parts:
        case (Literal(text),) if "~" not in text:
            return lambda shell: text
        case (Parameter(name, "", None),) | (DoubleQuoted((Parameter(name, "", None),)),) if name.isidentifier():
            return lambda shell: shell.variables.get(name)
        case (Arithmetic((Literal(expression),)),):
            return lambda shell: arithmetic_value(shell, expression)
    return lambda shell: None


def arithmetic_value(shell: Shell, expression: str) -> str | None:
    """The value of an expression without expansions in it; None: there is a problem, which is told elsewhere."""
    from minishell.expand.arithmetic import COMPILED, NoValue

    compiled = COMPILED.get(expression)
    if compiled is None:
        return None
    try:
        return str(compiled(shell.variables))
    except NoValue:
        return None
