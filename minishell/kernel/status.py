"""What `waitpid` says about a child, as a value that can be matched and shown.

POSIX.1-2024 XBD <sys/wait.h>; `$?` as in XCU 2.8.2.
"""

from __future__ import annotations

from minishell.record import record

TYPE_CHECKING = False
if TYPE_CHECKING:
    import os as posix
    from typing import TypeAlias
else:
    import posix

SIGNAL_STATUS = 128
"""`$?` of a process ended or stopped by signal n is this plus n, as in dash and bash."""


@record
class Running:
    """Not known to have stopped or ended."""

    status = 0


@record
class Exited:
    """The process called `_exit(code)`."""

    code: int

    @property
    def status(self) -> int:
        return self.code


@record
class Killed:
    """The process was ended by a signal; `core` tells whether it left a core file."""

    signal: int
    core: bool = False

    @property
    def status(self) -> int:
        return SIGNAL_STATUS + self.signal


@record
class Stopped:
    """The process was stopped by a signal and can be continued."""

    signal: int

    @property
    def status(self) -> int:
        return SIGNAL_STATUS + self.signal


State: TypeAlias = "Running | Exited | Killed | Stopped"

RUNNING = Running()


def decode(word: int) -> State:
    """The state that a status word of `waitpid` describes.  A continued process is running."""
    if posix.WIFEXITED(word):
        return Exited(posix.WEXITSTATUS(word))
    if posix.WIFSIGNALED(word):
        return Killed(posix.WTERMSIG(word), posix.WCOREDUMP(word))
    if posix.WIFSTOPPED(word):
        return Stopped(posix.WSTOPSIG(word))
    return RUNNING


def ended(state: State) -> bool:
    return isinstance(state, Exited | Killed)
