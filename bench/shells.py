"""Who takes part: minishell, the shells beside it, and the bare interpreter.

A shell that is not on this machine is left out, never replaced.
"""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

SUBJECT = "minishell"
INTERPRETER = "python"


@dataclass(frozen=True)
class Shell:
    """A program with sh's conventions for `-c`, a script file and `-i`."""

    name: str
    argv: tuple[str, ...]
    prompt: bytes  # a pattern for the end of its prompt
    nothing: str = ":"  # the command that does nothing

    def command(self, text: str) -> tuple[str, ...]:
        """The argument list that runs `text`."""
        return (*self.argv, "-c", text)

    def script(self, path: Path) -> tuple[str, ...]:
        """The argument list that runs the file."""
        return (*self.argv, str(path))

    def interactive(self) -> tuple[str, ...]:
        """The argument list of a shell that prompts."""
        return (*self.argv, "-i")


OTHERS = (
    Shell("dash", ("dash",), rb"[$#] "),
    Shell("bash", ("bash", "--norc"), rb"[$#] "),
    Shell("xonsh", ("xonsh", "--no-rc"), rb"@[#$ ]", nothing="pass"),
)


def present(minishell: Path | None) -> list[Shell]:
    """The shells of this machine, the installed minishell first (unless it is None)."""
    ours = [Shell(SUBJECT, (str(minishell),), rb"[$#%>] ")] if minishell else []
    return ours + [found(shell, path) for shell in OTHERS if (path := shutil.which(shell.argv[0]))]


def found(shell: Shell, path: str) -> Shell:
    """The shell, by the path where it is."""
    return Shell(shell.name, (path, *shell.argv[1:]), shell.prompt, shell.nothing)
