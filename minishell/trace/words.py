"""Numbers of the kernel as the words of the manual pages: signals, errors, the ways to open a file."""

from __future__ import annotations

import errno
import json
import os
import signal
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

_RESTARTS = range(512, 517)  # ERESTARTSYS and its kin (linux/errno.h): a signal interrupted the call

_SIGRTMIN, _SIGRTMAX = 34, 64
_FROM_SIGINFO = {1: "exited", 2: "killed", 3: "dumped", 4: "trapped", 5: "stopped", 6: "continued"}  # CLD_*


def signal_name(number: int) -> str:
    """`SIGTERM` for 15; `SIGRTMIN+3` for a real-time signal; the number for what is no signal."""
    if _SIGRTMIN < number <= _SIGRTMAX:
        return f"SIGRTMIN+{number - _SIGRTMIN}"
    try:
        return signal.Signals(number).name
    except ValueError:
        return str(number)


def error_name(result: int) -> str:
    """The name of the error in a system call's result; empty where it succeeded."""
    if not -4096 < result < 0:
        return ""
    if -result in _RESTARTS:
        return "EINTR"
    return errno.errorcode.get(-result, str(-result))


def open_mode(flags: int) -> str:
    """`write, create, truncate` for O_WRONLY|O_CREAT|O_TRUNC."""
    words = [("read", "write", "read-write")[min(flags & os.O_ACCMODE, 2)]]
    words += [
        word
        for flag, word in ((os.O_CREAT, "create"), (os.O_TRUNC, "truncate"), (os.O_APPEND, "append"))
        if flags & flag
    ]
    return ", ".join(words)


CLONE_FLAGS = {"files": 0x400, "parent": 0x8000, "clear_sighand": 0x1_0000_0000}
WAIT_FLAGS = {"nohang": 1, "untraced": 2, "continued": 8, "nowait": 0x100_0000}
ACTION_FLAGS = {
    "nocldstop": 1,
    "nocldwait": 2,
    "restart": 0x1000_0000,
    "nodefer": 0x4000_0000,
    "resethand": 0x8000_0000,
}


def flag_names(flags: int, names: Mapping[str, int]) -> str:
    """`nocldstop, restart` for SA_NOCLDSTOP|SA_RESTART: the flags that have a name, in the order of the names."""
    return ", ".join(name for name, bit in names.items() if flags & bit)


def raw_status(code: int, value: int) -> int:
    """The status that wait(2) would give, from `si_code` and `si_status` of waitid(2)."""
    match _FROM_SIGINFO.get(code):
        case "exited":
            return value << 8
        case "dumped":
            return value | 0x80
        case "stopped" | "trapped":
            return value << 8 | 0x7F
        case "continued":
            return 0xFFFF
    return value


def quoted(data: str, most: int = 40) -> str:
    """Data between quotes, on one line, cut where it is long."""
    text = json.dumps(data, ensure_ascii=False)
    return text if len(text) <= most else text[: most - 2].rstrip("\\") + '…"'
