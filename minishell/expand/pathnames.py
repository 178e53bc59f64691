"""Pathname expansion: which files a pattern names.  POSIX.1-2024 XCU 2.14.3.

Names are sorted by their characters' code points, as in the POSIX locale.
"""

from __future__ import annotations

from minishell.expand.patterns import matches
from minishell.expand.pieces import as_pattern
from minishell.syntax.tree import PATTERN_CHARACTERS, may_be_pattern

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from minishell.expand.pieces import Piece
    from minishell.shell import Shell


def pathnames(shell: Shell, field: Sequence[Piece]) -> list[str] | None:
    r"""The files that match, sorted; None: the field is no pattern, or nothing matches, and it stays as it is.

    With `x='\[a]'`, `$x` is no pattern: a backslash from an expansion quotes, too.
    """
    if not may_be_pattern("".join([piece.text for piece in field if not piece.quoted])):
        return None
    pattern = as_pattern(field)
    return sorted(matching(shell, "", pattern)) or None if is_pattern(pattern) else None


def matching(shell: Shell, directory: str, pattern: str) -> list[str]:
    """Pathnames below `directory` ("" or ending in /) that match the components of `pattern`."""
    component, slash, rest = pattern.partition("/")
    if component == "":
        return matching(shell, directory + slash, rest) if slash else [directory]
    if is_pattern(component):
        names = [name for name in entries(shell, directory, component) if matches(component, name)]
    else:
        names = [unquote(component)]
    result: list[str] = []
    for name in names:
        path = directory + name
        if not slash:
            result += [path] if is_pattern(component) or exists(shell, path) else []
        elif exists(shell, path + "/"):
            result += matching(shell, path + slash, rest)
    return result


def entries(shell: Shell, directory: str, component: str) -> list[str]:
    """The names to try.  A leading dot must be matched by a dot: hidden files are not named by chance."""
    try:
        names = shell.kernel.scandir(directory or ".")
    except OSError:  # not a directory, or not readable: nothing matches there
        return []
    if component.startswith((".", "\\.")):
        return [name for name in (*names, ".", "..") if name.startswith(".")]
    return [name for name in names if not name.startswith(".")]


def exists(shell: Shell, path: str) -> bool:
    try:
        shell.kernel.lstat(path)
    except (OSError, ValueError):
        return False
    return True


def is_pattern(component: str) -> bool:
    """Whether a component holds a special character that no backslash quotes."""
    quoted = False
    for character in component:
        if not quoted and character in PATTERN_CHARACTERS:
            return True
        quoted = character == "\\" and not quoted
    return False


def unquote(component: str) -> str:
    result = []
    quoted = False
    for character in component:
        if character == "\\" and not quoted:
            quoted = True
        else:
            result.append(character)
            quoted = False
    return "".join(result)
