"""Which programs PATH leads to, remembered as long as its directories do not change."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from minishell.run.lookup import DEFAULT_PATH

if TYPE_CHECKING:
    from collections.abc import Iterator

    from minishell.shell import Shell

EFFECTIVE = os.access in os.supports_effective_ids
"""Whether it can be asked what the effective user may do: execve goes by that."""


class Programs:
    """The programs that the shell would find.

    A directory's time of modification tells whether names have come or gone; a `chmod` of a file that is
    there already goes unseen until then.
    """

    def __init__(self, shell: Shell) -> None:
        self.shell = shell
        self.listings: dict[str, tuple[int, list[str]]] = {}
        self.found: dict[str, str | None] = {}
        """Answers of `find`, to be forgotten when `version` changes"""

    def directories(self) -> list[str]:
        """Those of PATH, in its order; the working directory is `.`."""
        path = self.shell.variables.get("PATH", DEFAULT_PATH)
        return list(dict.fromkeys(directory or "." for directory in path.split(":")))

    def version(self) -> tuple[object, ...]:
        """Changes when a program may have come or gone."""
        return tuple((directory, modified(directory)) for directory in self.directories())

    def find(self, name: str) -> str | None:
        """Where the program `name` is; None: PATH does not lead to one."""
        if name not in self.found:
            paths = [os.path.join(directory, name) for directory in self.directories()]
            self.found[name] = next(filter(is_program, paths), None)
        return self.found[name]

    def starting_with(self, prefix: str) -> dict[str, str]:
        """Path of each program whose name starts so.  The first directory that has it wins."""
        found: dict[str, str] = {}
        for directory in self.directories():
            for name in self.listing(directory):
                if name.startswith(prefix) and name not in found:
                    found[name] = os.path.join(directory, name)
        return found

    def names(self) -> Iterator[str]:
        """All names, some more than once."""
        for directory in self.directories():
            yield from self.listing(directory)

    def listing(self, directory: str) -> list[str]:
        """The names of the programs in a directory, read anew only if it has changed."""
        time_ns = modified(directory)
        known = self.listings.get(directory)
        if known is None or known[0] != time_ns or directory[0] != "/":
            known = self.listings[directory] = time_ns, executables(directory)
        return known[1]


def modified(path: str) -> int:
    """When names last came or went in a directory, in ns; -1 if it cannot be looked at."""
    try:
        return os.stat(path).st_mtime_ns
    except (OSError, ValueError):
        return -1


def executables(directory: str) -> list[str]:
    try:
        with os.scandir(directory) as entries:
            return [entry.name for entry in entries if is_program(entry.path)]
    except OSError:
        return []


def is_program(path: str) -> bool:
    """Whether `path` is a file that may be executed."""
    try:
        return os.access(path, os.X_OK, effective_ids=EFFECTIVE) and not os.path.isdir(path)
    except ValueError:  # a NUL byte
        return False
