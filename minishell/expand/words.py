"""Word expansion, from the words of a tree to fields.  POSIX.1-2024 XCU 2.6.

Most words are plain text.  What it takes to expand the others is in expansion.py, imported when it is needed.
"""

from __future__ import annotations

from minishell.source import Field

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from minishell.shell import Shell
    from minishell.syntax.tree import Word


def fields(shell: Shell, words: Sequence[Word]) -> list[Field]:
    """All fields that `words` become: each word may give none, one or many."""
    result: list[Field] = []
    for word in words:
        text = word.plain()
        if text is None:
            from minishell.expand.expansion import expanded

            result += expanded(shell, word)
        else:
            result.append(Field(text, word.span))
    return result


def text(shell: Shell, word: Word, *, assignment: bool = False) -> Field:
    """The one field that `word` becomes where nothing is split and no pathname is looked for.

    So it is in assignments, where a tilde may also follow a colon, and in the names of redirections.
    """
    from minishell.expand.expansion import pieces
    from minishell.expand.pieces import joined

    return Field(joined(pieces(shell, word, assignment), shell.variables.get("IFS")), word.span)
