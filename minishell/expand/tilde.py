"""Tilde expansion: `~` and `~user` at the start of a word.  POSIX.1-2024 XCU 2.6.1."""

from __future__ import annotations

from minishell.syntax.tree import Literal, Quoted

TYPE_CHECKING = False
if TYPE_CHECKING:
    from minishell.shell import Shell
    from minishell.syntax.tree import Part, Word


def expand_tildes(shell: Shell, word: Word, assignment: bool) -> tuple[Part, ...]:
    """The parts of `word` with tilde-prefixes replaced; in an assignment they may follow each unquoted colon too."""
    parts = word.parts
    if not assignment:
        first = parts[0] if parts else None
        if isinstance(first, Literal) and first.text[0] == "~":
            return (*expanded(shell, first.text, len(parts) == 1), *parts[1:])
        return parts
    if not any(isinstance(part, Literal) and "~" in part.text for part in parts):
        return parts
    result: list[Part] = []
    for index, part in enumerate(parts):
        if not isinstance(part, Literal):
            result.append(part)
            continue
        texts = part.text.split(":")
        for number, text in enumerate(texts):
            if number > 0:
                result.append(Literal(":"))
            starts = number > 0 or index == 0
            whole = number < len(texts) - 1 or index == len(parts) - 1
            if starts and text.startswith("~"):
                result += expanded(shell, text, whole)
            elif text:
                result.append(Literal(text))
    return tuple(result)


def expanded(shell: Shell, text: str, whole: bool) -> list[Part]:
    """`text` starts with a tilde; `whole` tells whether the word goes on with something quoted or expanded.

    A prefix that such a thing cuts short is no tilde-prefix.  The result is never split or a pattern.
    """
    prefix, slash, rest = text.partition("/")
    if not slash and not whole:
        return [Literal(text)]
    home = home_directory(shell, prefix[1:])
    if home is None:
        return [Literal(text)]
    if slash and home.endswith("/"):
        home = home[:-1]  # `~/x` with HOME=/ is /x
    after: list[Part] = [Literal(slash + rest)] if slash else []
    return [Quoted(home, "'"), *after]


def home_directory(shell: Shell, user: str) -> str | None:
    """Where `~user` points; None: no such user, or HOME is unset, and the tilde stays."""
    if user == "":
        return shell.variables.get("HOME")
    import pwd

    try:
        return pwd.getpwnam(user).pw_dir
    except KeyError:
        return None
