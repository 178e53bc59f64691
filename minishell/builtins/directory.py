"""cd and pwd."""

from __future__ import annotations

import errno
import os

from minishell.builtins.options import split_options
from minishell.builtins.registry import builtin
from minishell.errors import BuiltinProblem, UsageProblem
from minishell.source import Field

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from minishell.shell import Shell


@builtin("cd", usage="cd [-L | -P] [directory | -]")
def cd(shell: Shell, words: Sequence[Field]) -> int:
    """Change the working directory: to HOME if none is given, to the one before with `-`.

    A builtin because a child could change only its own.  A relative directory is looked for in CDPATH first.
    `..` goes back along the symbolic links that led here (-L), or to the real parent (-P).
    POSIX.1-2024 XCU cd.
    """
    given, operands = split_options(words, "LP")
    if len(operands) > 1:
        raise UsageProblem("cd takes one directory", operands[1])
    target = operands[0] if operands else from_variable(shell, "HOME", words)
    if target == "-":
        target = from_variable(shell, "OLDPWD", operands)
    where, announced = search(shell, target)
    before = shell.working_directory()
    physical = given.endswith("P") or not before
    try:
        path = where if physical else logical(shell, os.path.join(before, where))
        shell.kernel.chdir(path)
    except (OSError, ValueError) as refusal:
        raise BuiltinProblem(f"{target}: {getattr(refusal, 'strerror', None) or refusal}", target) from None
    shell.variables.set("OLDPWD", before, export=True)
    shell.variables.set("PWD", shell.kernel.getcwd() if physical else path, export=True)
    if announced or (operands and operands[0] == "-"):
        shell.write(f"{shell.variables.get('PWD')}\n")
    return 0


def logical(shell: Shell, path: str) -> str:
    """An absolute path without `.` and `..`; what stands before a `..` must be a directory.  XCU cd, step 8."""
    parts: list[str] = []
    for part in path.split("/"):
        if part == "..":
            if parts and not is_directory(shell, "/" + "/".join(parts)):
                raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT))
            parts = parts[:-1]
        elif part not in ("", "."):
            parts.append(part)
    return ("//" if path.startswith("//") and not path.startswith("///") else "/") + "/".join(parts)


def from_variable(shell: Shell, name: str, words: Sequence[Field]) -> Field:
    value = shell.variables.get(name)
    if not value:
        raise BuiltinProblem(f"{name} is not set", words[0] if words else None)
    return Field(value, words[0].span if words else None)


def search(shell: Shell, target: Field) -> tuple[str, bool]:
    """Where `target` is, by CDPATH if that knows it; and whether it must be said, for it is not where one thinks."""
    if target == "":
        raise BuiltinProblem("an empty name is no directory", target)
    if not target.startswith(("/", "./", "../")) and target not in (".", ".."):
        for prefix in shell.variables.get("CDPATH", "").split(":"):
            path = os.path.join(prefix, target)
            if is_directory(shell, path):
                return path, prefix != ""
    return target, False


def is_directory(shell: Shell, path: str) -> bool:
    import stat

    try:
        return stat.S_ISDIR(shell.kernel.stat(path).st_mode)
    except (OSError, ValueError):
        return False


@builtin("pwd", usage="pwd [-L | -P]")
def pwd(shell: Shell, words: Sequence[Field]) -> int:
    """Print the working directory: as one came to it (-L), or without symbolic links (-P).

    There is a program of this name too, but only the shell knows which way one came.  POSIX.1-2024 XCU pwd.
    """
    given, operands = split_options(words, "LP")
    if operands:
        raise UsageProblem("pwd takes no operands", operands[0])
    where = "" if given.endswith("P") else shell.working_directory()
    try:
        shell.write(f"{where or shell.kernel.getcwd()}\n")
    except FileNotFoundError:
        raise BuiltinProblem("the working directory has been removed") from None
    return 0
