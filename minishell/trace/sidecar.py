"""The observer beside a shell, as the shell sees it: it follows the shell and its jobs while one line is run.

`Sidecar` starts a process that traces its own parent (`beside.py`).  The shell stays the parent of its jobs, so that
waiting, stops, Ctrl-C and Ctrl-Z are what they are without it; what the jobs start is followed too.  When the line is
over the shell is let go; jobs in the background are followed to their end.

The first thing that a child of the shell does is to bind itself to the seccomp filter (`bind`), so that only calls
that matter stop it.  The shell itself must not, for a filter can never be taken off.
"""

from __future__ import annotations

import ctypes
import fcntl
import os
import resource
import select
import signal
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Protocol

from minishell.ids import FIRST_PRIVATE_FD
from minishell.trace import launch, marks, seccomp
from minishell.trace.beside import ENDS, LET_GO, OVER, WATCHED, follow
from minishell.trace.launch import Refused, machine

if TYPE_CHECKING:
    from collections.abc import Iterator

    from minishell.source import Span
    from minishell.trace.beside import Sink

_SET_PTRACER = 0x59616D61  # prctl(2), PR_SET_PTRACER
_CLONE_CHILDREN = -0x80000000  # waitpid(2), __WCLONE, as C's int: children that end without a signal
_ANSWER_BYTES = 65536
_FAR_FD = 200  # where neither a script nor the shell puts descriptors

_libc = ctypes.PyDLL(None, use_errno=True)  # unlike CDLL it keeps Python's lock, as fork in Python does


class Watcher(Protocol):
    """Whoever watches a shell while it runs a line."""

    def because(self, span: Span) -> None:
        """What the shell does from here on, it does because of this part of the line."""

    def bind(self) -> None:
        """In a new process of the shell's: get ready for being watched."""

    def let_go(self, *, to_the_end: bool = False) -> str:
        """The line is over; `to_the_end`: wait until all its jobs have ended.

        Returns what went wrong with the watching, in words; empty: nothing.
        """

    def ends(self, status: int) -> str:
        """The shell itself is about to end, with this status.  Returns what `let_go` returns."""


class Sidecar:
    """The process beside the shell.  Refused: this system does not allow it."""

    def __init__(self, sink: Sink, *, controlled: bool = False) -> None:
        """`controlled`: one process at a time runs, in an order that is always the same, and sleeps take no time.

        OSError: there are too many descriptors or processes.
        """
        self._filter = launch.the_filter(controlled=controlled)
        self._binds = seccomp.is_possible()
        shell = os.getpid()
        with _private_pipes() as (self._answers, answers, questions, ask):
            self._pid = _fork_apart()
        if self._pid == 0:
            follow(shell, sink, questions, answers, controlled=controlled, binds=self._binds)
        os.close(answers)
        os.close(questions)
        _libc.prctl(_SET_PTRACER, ctypes.c_ulong(self._pid), 0, 0, 0)  # Yama: a child may trace its parent only so
        with suppress(BrokenPipeError):
            os.write(ask, b"now")
        os.close(ask)
        answer = os.read(self._answers, _ANSWER_BYTES)
        if answer != WATCHED:
            end = self._reap()
            raise Refused(answer.decode() or end or "the observer's process ended before it could begin")
        marks.mark(marks.BEGIN)

    def because(self, span: Span) -> None:
        """See `Watcher`."""
        marks.mark(marks.because(span))

    def bind(self) -> None:
        """Let only calls that matter be seen.  They are all that need be.

        Without an observer the filter would have each of these calls fail (ENOSYS, seccomp(2)), so it is looked
        whether there is one: its end of the pipe closes before its tracees are let go.  One that is killed
        afterwards takes us with it (PTRACE_O_EXITKILL).  The filter stays for the children of this process.

        OSError: the kernel refused.  To go on would be to go on unseen.
        """
        if not self._binds:
            return
        look = select.poll()
        look.register(self._answers, 0)  # asks for nothing but POLLHUP
        if not any(event & select.POLLHUP for _, event in look.poll(0)):
            self._filter.install()
            self._binds = False

    def let_go(self, *, to_the_end: bool = False) -> str:
        """See `Watcher`."""
        marks.mark(LET_GO)
        heard = b""
        while more := os.read(self._answers, _ANSWER_BYTES):
            heard += more
            if OVER in heard and not to_the_end:
                break
        problem = heard.replace(OVER, b"").decode("utf-8", "replace")
        if more:
            os.close(self._answers)
            _LINGERING.append(self._pid)
            return problem
        end = self._reap()
        return problem or end

    def ends(self, status: int) -> str:
        """See `Watcher`.  The observer will see the end; what went wrong until here is asked for now."""
        marks.mark(ENDS)
        look = select.poll()
        look.register(self._answers, select.POLLIN)
        if not look.poll(0):
            return ""
        return os.read(self._answers, _ANSWER_BYTES).decode("utf-8", "replace") or self._reap()

    def _reap(self) -> str:
        """The process has ended, or is ending.  Returns what is to be said of its end."""
        os.close(self._answers)
        return fate(self._pid)


def fate(pid: int) -> str:
    """Reap a process that was started by `_fork_apart`; says so if it was killed."""
    with suppress(ChildProcessError):
        return told_of(os.waitpid(pid, _CLONE_CHILDREN)[1])
    return ""


def told_of(status: int) -> str:
    """What is to be said of an observer that ended with this raw status; empty: nothing."""
    if not os.WIFSIGNALED(status):
        return ""
    name = signal.Signals(os.WTERMSIG(status)).name
    return f"the observer was killed by {name}, and with it whatever it followed but the shell"


_LINGERING: list[int] = []
"""Observers that still followed jobs when their line was over"""


def reap_lingering() -> list[str]:
    """Take in the ends of observers whose jobs have ended by now.  Returns what is to be said of them."""
    said = []
    for pid in _LINGERING.copy():
        try:
            ended, status = os.waitpid(pid, _CLONE_CHILDREN | os.WNOHANG)
        except ChildProcessError:  # a copy of the shell's inherited the list, not the children
            ended, status = pid, 0
        if ended:
            _LINGERING.remove(pid)
            said += [words for words in [told_of(status)] if words]
    return said


def _fork_apart() -> int:
    """A child that neither `wait` nor SIGCHLD tells of: nobody must take it for a job, least of all a program that
    the shell becomes by `exec`.

    In C this is clone(0, …): no signal at its end.
    """
    pid = int(_libc.syscall(ctypes.c_long(machine().numbers["clone"]), *[ctypes.c_long(0)] * 5))
    if pid < 0:
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number))
    return pid


@contextmanager
def _private_pipes() -> Iterator[list[int]]:
    """The ends of two pipes, out of the way: descriptors of the line get the numbers that they would have without.

    Closed again where something fails.
    """
    low: list[int] = []
    ends: list[int] = []
    most, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    lowest = max(FIRST_PRIVATE_FD, min(_FAR_FD, most - 4))
    try:
        low += os.pipe()
        low += os.pipe()
        ends.extend(fcntl.fcntl(end, fcntl.F_DUPFD_CLOEXEC, lowest) for end in low)
        _close(low)
        yield ends
    except OSError:
        _close(low + ends)
        raise


def _close(ends: list[int]) -> None:
    while ends:
        os.close(ends.pop())
