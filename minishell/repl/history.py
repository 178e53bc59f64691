"""Lines typed before, kept in a file from one session to the next."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from prompt_toolkit.history import FileHistory, History, InMemoryHistory

if TYPE_CHECKING:
    from collections.abc import Iterable

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
    return ForgivingHistory(path)


def place(shell: Shell) -> str:
    """Where the history file is; "": there is none."""
    chosen = shell.variables.get("HISTFILE")
    if chosen is not None:
        return chosen
    home = shell.variables.get("HOME", "")
    state = shell.variables.get("XDG_STATE_HOME") or (os.path.join(home, ".local", "state") if home else "")
    return os.path.join(state, "minishell", "history") if state else ""


class ForgivingHistory(FileHistory):
    """A history that goes on in memory when its file cannot be read or written: a full disk stops nobody."""

    def load_history_strings(self) -> Iterable[str]:
        try:
            return list(super().load_history_strings())
        except OSError:
            return []

    def store_string(self, string: str) -> None:
        try:
            super().store_string(string)
            os.chmod(self.filename, 0o600)  # what one types may be private
        except OSError:
            pass
