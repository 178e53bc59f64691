"""Lines typed before, kept in a file from one session to the next."""

from __future__ import annotations

import errno
import os
import stat
from typing import TYPE_CHECKING

from prompt_toolkit.history import FileHistory, History, InMemoryHistory

if TYPE_CHECKING:
    from collections.abc import Iterable

    from minishell.kernel.calls import Kernel
    from minishell.shell import Shell


def history(shell: Shell) -> History:
    """The history in HISTFILE, else in the user's state directory (XDG_STATE_HOME); an empty HISTFILE keeps none."""
    path = place(shell)
    if not path:
        return InMemoryHistory()
    try:
        os.makedirs(os.path.dirname(path) or ".", mode=0o700, exist_ok=True)
    except OSError:
        return InMemoryHistory()
    return ForgivingHistory(shell.kernel, path)


def place(shell: Shell) -> str:
    """Where the history file is; "": there is none."""
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

    def __init__(self, kernel: Kernel, path: str) -> None:
        self.kernel, self.path = kernel, path
        super().__init__(path)

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
        fd = self.kernel.open(self.path, os.O_WRONLY | os.O_CREAT | os.O_NONBLOCK, 0o600)
        try:
            if not stat.S_ISREG(self.kernel.fstat(fd).st_mode):
                raise OSError(errno.EINVAL, os.strerror(errno.EINVAL))
        finally:
            self.kernel.close(fd)


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
