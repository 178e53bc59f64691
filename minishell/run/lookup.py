"""Which file a command name means: PATH search.  POSIX.1-2024 XCU 2.9.1.4 and XBD 8.3 PATH."""

from __future__ import annotations

import os
import stat

from minishell.errors import CommandNotFound, CommandNotRunnable

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from minishell.shell import Shell
    from minishell.source import Field

DEFAULT_PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"


def find(shell: Shell, name: Field, search: str | None = None) -> str:
    """The path of the file to execute.  Raises CommandNotFound or CommandNotRunnable.

    `search` is the PATH of `PATH=… name`, if it is not the shell's own.
    """
    if name == "":
        raise CommandNotFound("an empty word is no command", name)
    if "/" in name:
        refuse_what_cannot_run(shell, name, name)
        return name
    known = shell.variables.found.get(name)
    if known is not None and search is None and shell.kernel.access(known, os.X_OK):
        return known
    refused: CommandNotRunnable | None = None
    for path in candidates(shell, name, search):
        try:
            refuse_what_cannot_run(shell, path, name)
        except CommandNotFound:
            continue
        except CommandNotRunnable as problem:
            if not is_folder(shell, path):  # a folder of that name is no command
                refused = refused or problem
            continue
        if path[0] == "/" and search is None:  # what a relative directory holds depends on where we are
            shell.variables.found[name] = path
        return path
    raise refused or CommandNotFound(f"{name}: command not found", name, help=shell.advise(name))


def candidates(shell: Shell, name: str, search: str | None = None) -> Iterator[str]:
    """Where PATH says that `name` may be; an empty directory in it means the working directory."""
    path = shell.variables.get("PATH", DEFAULT_PATH) if search is None else search
    for directory in path.split(":"):
        yield os.path.join(directory or ".", name)


def is_folder(shell: Shell, path: str) -> bool:
    try:
        return stat.S_ISDIR(shell.kernel.stat(path).st_mode)
    except (OSError, ValueError):
        return False


def refuse_what_cannot_run(shell: Shell, path: str, name: Field) -> None:
    """Raise unless `path` is a file that may be executed."""
    try:
        mode = shell.kernel.stat(path).st_mode
    except (FileNotFoundError, NotADirectoryError) as missing:
        raise CommandNotFound(f"{name}: {missing.strerror}", name) from None
    except (OSError, ValueError) as refusal:
        raise CommandNotRunnable(f"{name}: {reason(refusal)}", name) from None
    if stat.S_ISDIR(mode):
        raise CommandNotRunnable(f"{name}: is a directory", name, help=f"to go there: cd {name}")
    if not shell.kernel.access(path, os.X_OK):
        raise CommandNotRunnable(
            f"{name}: Permission denied",
            name,
            help=f"the file exists but may not be executed: chmod +x {path}",
        )


def reason(refusal: Exception) -> str:
    return getattr(refusal, "strerror", None) or str(refusal)
