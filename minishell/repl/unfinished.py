"""Does this text need another line?"""

from __future__ import annotations

from minishell.errors import ShellError
from minishell.repl.verbs import about
from minishell.source import Source
from minishell.syntax import tokens
from minishell.syntax.parser import Parser, Unfinished


def is_unfinished(text: str) -> bool:
    """Whether a command in `text` needs another line.  An error is not unfinished: running it tells."""
    asked = about(text)
    parser = Parser(Source("typed", (asked[1] if asked else text) + "\n"))
    try:
        while parser.token.kind != tokens.END:
            command = parser.next()
            if isinstance(command, Unfinished):
                return True
    except ShellError:
        return False
    return parser.ends_in_continuation
