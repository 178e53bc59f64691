"""What a process is and has at the moment when the watching begins, as /proc tells: the events before the first."""

from __future__ import annotations

import array
import fcntl
import os
import termios
import time
from typing import TYPE_CHECKING

from minishell.trace import memory
from minishell.trace.event import Begin, Event, Inherit, at
from minishell.trace.process import end_of
from minishell.trace.words import open_mode, signal_name

if TYPE_CHECKING:
    from collections.abc import Iterator

_SIGNALS = range(1, 65)


def snapshot(pid: int) -> list[Event]:
    """`begin` and, for each descriptor, `inherit`.  The process must stand still.  OSError: it has ended."""
    status = memory.status(pid)
    ppid, pgid, sid, foreground = memory.ids(pid)
    begin = Begin(
        **at(time.monotonic_ns()),
        pid=pid,
        ppid=ppid,
        pgid=pgid,
        sid=sid,
        foreground=max(foreground, 0),
        argv=memory.arguments(pid),
        cwd=memory.directory(pid),
        umask=int(status["Umask"], 8),
        ignored=_signals(status["SigIgn"]),
        handled=_signals(status["SigCgt"]),
    )
    return [begin, *_descriptors(pid, begin.time_ns)]


def _signals(mask: str) -> tuple[str, ...]:
    bits = int(mask, 16)
    return tuple(signal_name(number) for number in _SIGNALS if bits & 1 << (number - 1))


def _descriptors(pid: int, now_ns: int) -> Iterator[Event]:
    for fd in memory.descriptors(pid):
        object, flags = memory.descriptor(pid, fd), memory.open_flags(pid, fd)
        mode = open_mode(flags & os.O_ACCMODE)
        count = _waiting(pid, fd) if end_of(object, mode) else 0
        cloexec = bool(flags & os.O_CLOEXEC)
        yield Inherit(**at(now_ns), pid=pid, fd=fd, object=object, mode=mode, cloexec=cloexec, count=count)


def _waiting(pid: int, fd: int) -> int:
    """How many bytes wait in a pipe.  To open it for reading takes none of them."""
    count = array.array("i", [0])
    try:
        pipe = os.open(f"/proc/{pid}/fd/{fd}", os.O_RDONLY | os.O_NONBLOCK)
    except OSError:
        return 0
    try:
        fcntl.ioctl(pipe, termios.FIONREAD, count)
    finally:
        os.close(pipe)
    return count[0]
