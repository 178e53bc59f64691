"""How Pygments reads a recorded session: prompts, what was typed, and what came back."""

import re
from typing import ClassVar

from pygments.lexers.shell import BashLexer, ShellSessionBaseLexer


class SessionLexer(ShellSessionBaseLexer):
    """A session of minishell: `minishell$ ls | wc -l` and its output; also `$` and `>` prompts."""

    name = "minishell session"
    aliases: ClassVar[list[str]] = ["minishell", "minishell-session"]
    filenames: ClassVar[list[str]] = []
    mimetypes: ClassVar[list[str]] = []
    url = ""
    version_added = "0.1"

    _innerLexerCls = BashLexer  # noqa: N815 (the name that Pygments looks for)
    _ps1rgx = re.compile(r"^((?:[^\s$]+ )*(?:minishell)?\$ )(.*\n?)")
    _ps2 = "> "
    _bare_continuation = True
