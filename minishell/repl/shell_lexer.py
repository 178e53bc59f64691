"""The shell's language for Pygments, so that pages show it in the colours of the shell."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from pygments.lexer import Lexer
from pygments.token import Comment, Generic, Keyword, Name, Operator, Punctuation, String, Text

from minishell.repl.parts import parts

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pygments.token import _TokenType

TOKENS: dict[str, _TokenType] = {
    "": Text,
    "assignment": Name.Variable,
    "builtin": Name.Builtin,
    "command": Name.Function,
    "comment": Comment.Single,
    "delimiter": String.Delimiter,
    "error": Generic.Error,  # not Error: with that Sphinx takes the whole text for something else
    "escape": String.Escape,
    "glob": String.Regex,
    "operator": Operator,
    "option": Name.Attribute,
    "parameter": Name.Variable,
    "redirection": Punctuation,
    "reserved": Keyword,
    "string": String,
    "substitution": String.Interpol,
    "unfinished": Generic.Error,
}
"""How Pygments calls what `parts` finds."""


class ShellLexer(Lexer):
    """The language of minishell.  It knows the builtins, but no programs: a page is read on other machines."""

    name = "minishell script"
    aliases: ClassVar[list[str]] = ["minishell-script"]
    filenames: ClassVar[list[str]] = ["*.msh"]
    mimetypes: ClassVar[list[str]] = []
    url = ""
    version_added = "0.1"

    def __init__(self, **options: Any) -> None:
        super().__init__(**{"stripnl": False, "ensurenl": False, **options})

    def get_tokens_unprocessed(self, text: str) -> Iterator[tuple[int, _TokenType, str]]:
        at = 0
        for name, part in parts(text):
            yield at, TOKENS[name], part
            at += len(part)
