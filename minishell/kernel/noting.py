"""A kernel that does what it is asked, and notes each call that the event model knows: what was asked, how it went.

Where the system lets nobody watch a process, the shell still knows what it asked for itself.
"""

from __future__ import annotations

import errno
import os
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from minishell.kernel.calls import Kernel
from minishell.trace.event import (
    Chdir,
    Close,
    Dup,
    Event,
    Exec,
    Exit,
    Fork,
    Kill,
    Open,
    Pipe,
    Read,
    Setpgid,
    SigAction,
    Tcsetpgrp,
    Umask,
    Wait,
    Write,
    at,
)
from minishell.trace.words import open_mode, signal_name

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from typing import NoReturn

    from minishell.ids import Fd, Pid
    from minishell.kernel.calls import Handler
    from minishell.trace.event import Times

FIRST_BYTES = 256
"""So many bytes of what is read and written are kept, as the observer keeps them"""


class Noting(Kernel):
    """The real kernel; `note` is told of each call, also of one that was refused (`event.errno`)."""

    def __init__(self, note: Callable[[Event], None]) -> None:
        self.note = note

    @contextmanager
    def _noted(self, kind: type[Event], **told: Any) -> Iterator[dict[str, Any]]:
        """A call is made inside; what only its return tells is added to what is yielded."""
        began_ns, error = time.monotonic_ns(), ""
        try:
            yield told
        except OSError as refusal:
            error = errno.errorcode.get(refusal.errno or 0, "")
            raise
        finally:
            times = at(began_ns, time.monotonic_ns())
            self.note(kind(pid=self.getpid(), errno=error, **times, **told))

    # Processes

    def fork(self) -> Pid:
        """Only the parent notes it, and with the time before: whatever the child notes comes after."""
        began_ns = time.monotonic_ns()
        try:
            child = super().fork()
        except OSError as refusal:
            error = errno.errorcode.get(refusal.errno or 0, "")
            self.note(Fork(pid=self.getpid(), child=0, errno=error, call="fork", **at(began_ns)))
            raise
        if child:
            self.note(Fork(pid=self.getpid(), child=child, call="fork", **at(began_ns, time.monotonic_ns())))
        return child

    def execve(self, path: str, argv: tuple[str, ...], env: Mapping[str, str]) -> NoReturn:
        """Noted before: afterwards nobody is there who could.  A refusal is noted as well."""
        self.note(Exec(pid=self.getpid(), path=path, argv=argv, call="execve", **now()))
        with self._noted(Exec, path=path, argv=argv, call="execve"):
            super().execve(path, argv, env)

    def _exit(self, status: int) -> NoReturn:
        self.note(Exit(pid=self.getpid(), code=status & 0xFF, **now()))
        super()._exit(status)

    def waitpid(self, pid: Pid, options: int) -> tuple[Pid, int]:
        with self._noted(Wait, target=pid, call="wait4") as told:
            child, status = super().waitpid(pid, options)
            told |= {"child": child, "status": status if child else None}
        return child, status

    def setpgid(self, pid: Pid, group: Pid) -> None:
        with self._noted(Setpgid, target=pid, pgid=group, call="setpgid"):
            super().setpgid(pid, group)

    # Descriptors

    def pipe(self) -> tuple[Fd, Fd]:
        began_ns = time.monotonic_ns()
        read, write = super().pipe()
        times = at(began_ns, time.monotonic_ns())
        object = meaning(read)
        self.note(Pipe(pid=self.getpid(), read=read, write=write, object=object, cloexec=True, call="pipe2", **times))
        return read, write

    def open(self, path: str, flags: int, mode: int = 0o666) -> Fd:
        with self._noted(Open, path=path, mode=open_mode(flags), cloexec=True, call="openat") as told:
            fd = super().open(path, flags, mode)
            told["fd"] = fd
        return fd

    def close(self, fd: Fd) -> None:
        with self._noted(Close, fd=fd, object=meaning(fd), call="close"):
            super().close(fd)

    def dup(self, fd: Fd) -> Fd:
        with self._noted(Dup, old=fd, new=-1, object=meaning(fd), cloexec=True, call="fcntl") as told:
            new = super().dup(fd)
            told["new"] = new
        return new

    def dup2(self, old: Fd, new: Fd) -> Fd:
        with self._noted(Dup, old=old, new=new, object=meaning(old), call="dup2"):
            return super().dup2(old, new)

    def read(self, fd: Fd, count: int) -> bytes:
        with self._noted(Read, fd=fd, object=meaning(fd), call="read") as told:
            data = super().read(fd, count)
            told |= {"count": len(data), "data": first(data)}
        return data

    def write(self, fd: Fd, data: bytes) -> int:
        with self._noted(Write, fd=fd, object=meaning(fd), call="write") as told:
            count = super().write(fd, data)
            told |= {"count": count, "data": first(data[:count])}
        return count

    # Signals and the terminal

    def kill(self, pid: Pid, signum: int) -> None:
        if pid != self.getpid():
            with self._noted(Kill, target=pid, sig=signal_name(signum), call="kill"):
                super().kill(pid, signum)
        else:  # who kills itself notes nothing any more
            self.note(Kill(pid=pid, target=pid, sig=signal_name(signum), call="kill", **now()))
            super().kill(pid, signum)

    def sigaction(self, signum: int, action: Handler) -> Handler:
        with self._noted(SigAction, sig=signal_name(signum), action=chosen(action), call="rt_sigaction"):
            return super().sigaction(signum, action)

    def tcsetpgrp(self, fd: Fd, group: Pid) -> None:
        with self._noted(Tcsetpgrp, fd=fd, pgid=group, call="ioctl"):
            super().tcsetpgrp(fd, group)

    # Files

    def chdir(self, path: str) -> None:
        with self._noted(Chdir, path=path, call="chdir"):
            super().chdir(path)

    def umask(self, mask: int) -> int:
        with self._noted(Umask, mask=mask, call="umask"):
            return super().umask(mask)


def now() -> Times:
    """The times of an event of this moment."""
    return at(time.monotonic_ns())


def first(data: bytes) -> str:
    """The beginning of what was read or written, as text."""
    return data[:FIRST_BYTES].decode("utf-8", "backslashreplace")


def chosen(action: Handler) -> str:
    """What a signal will do from now on."""
    return {0: "default", 1: "ignored"}.get(int(action), "handled") if isinstance(action, int) else "handled"


def meaning(fd: int) -> str:
    """What a descriptor means: a path, or `pipe:[123]`; where there is no /proc, what can be found out without."""
    try:
        return os.readlink(f"/proc/self/fd/{fd}")
    except OSError:
        pass
    try:
        if os.isatty(fd):
            return os.ttyname(fd)
        kind = os.fstat(fd)
    except OSError:
        return ""
    return f"pipe:[{kind.st_ino}]" if (kind.st_mode & 0o170000) == 0o010000 else ""
