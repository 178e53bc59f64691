"""A Kernel that calls nothing: it writes down what it is asked, and answers from a script.

    ScriptedKernel(fork=[Pid(42), Pid(43)])         the test is the parent of two children
    ScriptedKernel(fork=[Pid(0)])                   the test is the child
    ScriptedKernel(open=[OSError(errno.ENXIO, "")]) the first open is refused

A call without a scripted answer gets a harmless one.  After `execve` or `_exit` there is nobody left who could
call anything: they raise `Gone`, and what Python still does on its way out is not written down.
"""

from __future__ import annotations

import errno
import itertools
import os
import stat
from typing import TYPE_CHECKING, Any

from minishell.kernel.calls import Kernel

if TYPE_CHECKING:
    from collections.abc import Callable

CALLS = frozenset(name for name, member in vars(Kernel).items() if callable(member) and not name.startswith("__"))


class Gone(BaseException):
    """The process has become another program, or has ended."""


class ScriptedKernel(Kernel):
    """`calls` lists the calls so far: (name, *arguments), and keyword arguments as a last dictionary."""

    def __init__(self, **answers: list[Any]) -> None:
        assert answers.keys() <= CALLS, answers.keys() - CALLS
        self.answers = {name: list(given) for name, given in answers.items()}
        self.calls: list[tuple[Any, ...]] = []
        self.gone = False
        self.fresh = itertools.count(3)
        self.fresh_private = itertools.count(10)
        self.fresh_pids = itertools.count(42)

    def __getattribute__(self, name: str) -> Any:
        if name not in CALLS:
            return super().__getattribute__(name)
        return lambda *given, **named: self.answer(name, given, named)

    def answer(self, name: str, given: tuple[Any, ...], named: dict[str, Any]) -> Any:
        if self.gone:
            raise Gone
        self.calls.append((name, *given, named) if named else (name, *given))
        if self.answers.get(name):
            scripted = self.answers[name].pop(0)
            if isinstance(scripted, BaseException):
                raise scripted
            return scripted
        if name in ("execve", "_exit"):
            self.gone = True
            raise Gone
        harmless = HARMLESS.get(name)
        return harmless(self, *given) if harmless else None

    def names(self) -> list[str]:
        """The calls without their arguments."""
        return [call[0] for call in self.calls]


def no_children(kernel: ScriptedKernel, *given: object) -> object:
    raise ChildProcessError(errno.ECHILD, os.strerror(errno.ECHILD))


REGULAR = os.stat_result((stat.S_IFREG | 0o755, *[0] * 9))
FIFO = os.stat_result((stat.S_IFIFO | 0o644, *[0] * 9))

HARMLESS: dict[str, Callable[..., Any]] = {
    "getpid": lambda kernel: 1000,
    "getppid": lambda kernel: 999,
    "getpgrp": lambda kernel: 1000,
    "getsid": lambda kernel, pid: 1000,
    "fork": lambda kernel: next(kernel.fresh_pids),
    "posix_spawn": lambda kernel, *given: next(kernel.fresh_pids),
    "waitpid": no_children,
    "pipe": lambda kernel: (next(kernel.fresh), next(kernel.fresh)),
    "open": lambda kernel, *given: next(kernel.fresh),
    "memfd_create": lambda kernel, name: next(kernel.fresh),
    "dup": lambda kernel, fd: next(kernel.fresh_private),
    "dup2": lambda kernel, old, new: new,
    "write": lambda kernel, fd, data: len(data),
    "read": lambda kernel, fd, count: b"",
    "lseek": lambda kernel, *given: 0,
    "sigaction": lambda kernel, *given: 0,
    "sigprocmask": lambda kernel, *given: set(),
    "isatty": lambda kernel, fd: False,
    "tcgetpgrp": lambda kernel, fd: 1000,
    "tcgetattr": lambda kernel, fd: [0, 0, 0, 0, 0, 0, []],
    "access": lambda kernel, *given: True,
    "stat": lambda kernel, path: REGULAR,
    "fstat": lambda kernel, fd: REGULAR,
    "umask": lambda kernel, mask: 0o022,
    "getcwd": lambda kernel: "/",
    "scandir": lambda kernel, path: [],
}
