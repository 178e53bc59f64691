"""Lines typed before, kept in a file from one session to the next."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from prompt_toolkit.history import FileHistory, History, InMemoryHistory

if TYPE_CHECKING:
    from collections.abc import Iterable

    from minishell.shell import Shell


def history(shell: Shell) -> History:
    """The history in HISTFILE, else in the user's state directory (XDG_STATE_HOME); an empty HISTFILE keeps none."""
    path = place(shell)
    if path is None:
        return InMemoryHistory()
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    except OSError:
        return InMemoryHistory()
    return ForgivingHistory(str(path))


def place(shell: Shell) -> Path | None:
    """Where the history file is; None: there is none."""
    chosen = shell.variables.get("HISTFILE")
    if chosen is not None:
        return Path(chosen) if chosen else None
    home = shell.variables.get("HOME", "")
    state = shell.variables.get("XDG_STATE_HOME") or (os.path.join(home, ".local", "state") if home else "")
    return Path(state, "minishell", "history") if state else None


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
