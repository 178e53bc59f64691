"""ptrace(2) for Python: one function per request, no register layouts.

PTRACE_GET_SYSCALL_INFO (Linux 5.3) tells a call's number, arguments and result in the same form on every processor.
All functions raise OSError; ESRCH means that the thread is gone or not stopped.  Numbers: linux/ptrace.h.
"""

from __future__ import annotations

import ctypes
import os
import struct
from typing import NamedTuple

_CONT, _SYSCALL, _GETEVENTMSG, _GETSIGINFO = 7, 24, 0x4201, 0x4202
_DETACH, _SETOPTIONS = 17, 0x4200
_SEIZE, _INTERRUPT, _LISTEN, _GET_SYSCALL_INFO = 0x4206, 0x4207, 0x4208, 0x420E

OPTION_SYSGOOD, OPTION_FORK, OPTION_VFORK, OPTION_CLONE = 1, 2, 4, 8
OPTION_EXEC, OPTION_EXIT, OPTION_SECCOMP, OPTION_EXITKILL = 16, 64, 128, 1 << 20

EVENT_FORK, EVENT_VFORK, EVENT_CLONE, EVENT_EXEC, EVENT_EXIT, EVENT_SECCOMP, EVENT_STOP = 1, 2, 3, 4, 6, 7, 128
WALL = 0x40000000  # waitpid(2): also threads

_INFO_ENTRY, _INFO_EXIT, _INFO_SECCOMP = 1, 2, 3
_INFO_SIZE, _RESULT_AT = 96, 24  # of struct ptrace_syscall_info
_INFO, _RESULT = struct.Struct("=B3xI16x7Q"), struct.Struct("=q")
_info = ctypes.create_string_buffer(_INFO_SIZE)  # one for all: it is asked at every stop
_INFO_ADDRESS = ctypes.addressof(_info)

_call = ctypes.CDLL(None, use_errno=True).ptrace
_call.restype = ctypes.c_long
_call.argtypes = [ctypes.c_long, ctypes.c_long, ctypes.c_void_p, ctypes.c_void_p]


class Entry(NamedTuple):
    """A thread is about to enter system call `number`."""

    arch: int  # whose numbers: linux/audit.h
    number: int
    args: tuple[int, ...]


def seize(tid: int, options: int) -> None:
    """Begin to trace `tid` and all that it will start, without stopping it.  EPERM: tracing is not allowed here."""
    _ptrace(_SEIZE, tid, 0, options)


def resume(tid: int, signal: int = 0, *, until_return: bool = False) -> None:
    """Let the thread go on, delivering `signal`; `until_return`: stop it again when its system call returns."""
    _ptrace(_SYSCALL if until_return else _CONT, tid, 0, signal)


def detach(tid: int) -> None:
    """Let a stopped thread go on as if it had never been traced."""
    _ptrace(_DETACH, tid)


def set_options(tid: int, options: int) -> None:
    """Change what `seize` asked for; a new process has the options of its parent."""
    _ptrace(_SETOPTIONS, tid, 0, options)


def listen(tid: int) -> None:
    """Leave the thread in its group stop, but hear when SIGCONT ends it."""
    _ptrace(_LISTEN, tid)


def interrupt(tid: int) -> None:
    """Make a running thread report a stop."""
    _ptrace(_INTERRUPT, tid)


def event_message(tid: int) -> int:
    """The number that came with a ptrace event: the new process of a fork, the former thread of an exec."""
    message = ctypes.c_ulong()
    _ptrace(_GETEVENTMSG, tid, 0, ctypes.addressof(message))
    return message.value


def signal_info(tid: int) -> tuple[int, int]:
    """Code (`si_code`) and sender (`si_pid`) of the signal that is about to be delivered."""
    buffer = ctypes.create_string_buffer(128)
    _ptrace(_GETSIGINFO, tid, 0, ctypes.addressof(buffer))
    _, _, code, _, sender = struct.unpack_from("=5i", buffer.raw)
    return code, sender


def syscall_info(tid: int) -> Entry | int | None:
    """What a syscall stop is about: the call that begins, the result of the one that ends, or None for neither."""
    _ptrace(_GET_SYSCALL_INFO, tid, _INFO_SIZE, _INFO_ADDRESS)
    kind, arch, number, *args = _INFO.unpack_from(_info)
    if kind in (_INFO_ENTRY, _INFO_SECCOMP):
        return Entry(arch, number, tuple(args))
    if kind == _INFO_EXIT:
        return int(_RESULT.unpack_from(_info, _RESULT_AT)[0])
    return None


def _ptrace(request: int, tid: int, address: int = 0, data: int = 0) -> None:
    if _call(request, tid, address, data) == -1:
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number))
