"""Lines typed before, kept in a file from one session to the next."""

from __future__ import annotations

import errno
import os
import stat
from typing import TYPE_CHECKING

from prompt_toolkit.history import FileHistory

from minishell.errors import ShellError
from minishell.source import Source
from minishell.syntax.parser import parse
from minishell.syntax.tree import Function, Sequence

if TYPE_CHECKING:
    from collections.abc import Iterable

    from prompt_toolkit.history import History

    from minishell.shell import Shell


def place(shell: Shell) -> str:
    """Where the history file is: HISTFILE, else in the user's state directory (XDG_STATE_HOME); "": there is none."""
    chosen = shell.variables.get("HISTFILE")
    if chosen is not None:
        return chosen
    home = shell.variables.get("HOME", "")
    state = shell.variables.get("XDG_STATE_HOME", "")
    if not state.startswith("/"):  # as the XDG Base Directory Specification has it
        state = os.path.join(home, ".local", "state") if home else ""
    return os.path.join(state, "minishell", "history") if state else ""


class ForgivingHistory(FileHistory):
    """A history that goes on in memory when its file cannot be read or written: a full disk stops nobody."""

    def __init__(self, shell: Shell) -> None:
        self.shell, self.path = shell, place(shell)
        super().__init__(self.path)

    def append_string(self, string: str) -> None:
        """Enter what was typed; with `set -o nolog` no definitions of functions.  POSIX.1-2024 XCU set."""
        if "nolog" not in self.shell.options or not defines_function(string):
            super().append_string(string)

    def load_history_strings(self) -> Iterable[str]:
        try:
            self.prepare_file()
            return list(super().load_history_strings())
        except OSError:
            return []

    def store_string(self, string: str) -> None:
        try:
            self.prepare_file()
            super().store_string(string)
        except OSError:
            pass

    def prepare_file(self) -> None:
        """Make the file, for its owner alone: what one types may be private.  Raises OSError unless it is regular.

        A fifo would keep us waiting for a reader, and a device is nobody's history.
        """
        os.makedirs(os.path.dirname(self.path) or ".", mode=0o700, exist_ok=True)
        kernel = self.shell.kernel
        fd = kernel.open(self.path, os.O_WRONLY | os.O_CREAT | os.O_NONBLOCK, 0o600)
        try:
            if not stat.S_ISREG(kernel.fstat(fd).st_mode):
                raise OSError(errno.EINVAL, os.strerror(errno.EINVAL))
        finally:
            kernel.close(fd)


def defines_function(text: str) -> bool:
    try:
        command = parse(Source("typed", text + "\n"))
    except ShellError:
        return False
    commands = command.commands if isinstance(command, Sequence) else (command,)
    return any(isinstance(each, Function) for each in commands)


class Remembered:
    """The lines typed so far, as `fc` wants them."""

    def __init__(self, history: History) -> None:
        self.history = history

    def lines(self) -> list[str]:
        """The oldest first."""
        return self.history.get_strings()

    def replace_last(self, line: str) -> None:
        """Forget the last line, and enter this one.  The file keeps both."""
        del self.history._loaded_strings[:1]  # the newest first
        self.history.append_string(line)
