"""System calls → events: `entered` reads what only the beginning of a call shows, `returned` makes its event.

One small function per call, found by its name.  Numbers that are not explained are those of the manual page.
"""

from __future__ import annotations

import ctypes
import os
import signal
import time
from typing import TYPE_CHECKING

from minishell.trace import memory
from minishell.trace.event import (
    Chdir,
    Cloexec,
    Close,
    Common,
    Dup,
    Event,
    Exec,
    Fork,
    Kill,
    Mark,
    Note,
    Open,
    Pause,
    Pipe,
    Read,
    Setpgid,
    Setsid,
    SigAction,
    Signal,
    Tcsetpgrp,
    Umask,
    Wait,
    Write,
)
from minishell.trace.marks import MARK_MODE, MARK_SIGN
from minishell.trace.names import OUTSIDE
from minishell.trace.table import KILLS, WITHOUT_PATH
from minishell.trace.tracee import Call, Tracee
from minishell.trace.words import ACTION_FLAGS, WAIT_FLAGS, error_name, flag_names, open_mode, raw_status, signal_name

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

FIRST_BYTES = 256  # of what is read and written are kept

_F_DUPFD, _F_SETFD, _F_DUPFD_CLOEXEC = 0, 2, 1030
_TIOCSCTTY, _TIOCSPGRP, _TIOCGPTPEER, _FIONCLEX, _FIOCLEX = 0x540E, 0x5410, 0x5441, 0x5450, 0x5451
_CLOSE_RANGE_CLOEXEC = 4
_P_PID, _P_PGID, _P_PIDFD = 1, 2, 3
_SIGSET_BYTES = 8
_MAY_BE_HANDLED = frozenset(range(1, 65)) - {signal.SIGKILL, signal.SIGSTOP}
_MARKS = frozenset(("access", "faccessat", "faccessat2"))
_FROM_PROCESS = frozenset((0, -1, -6))  # si_code SI_USER, SI_QUEUE, SI_TKILL
_BEGINS_TO_TRACE = (0, 16, 0x4206)  # PTRACE_TRACEME, _ATTACH, _SEIZE

# Calls of which only some uses matter: the number of an argument and the values that count.
CONDITIONS: dict[str, tuple[int, frozenset[int]]] = {
    "fcntl": (1, frozenset((_F_DUPFD, _F_SETFD, _F_DUPFD_CLOEXEC))),
    "ioctl": (1, frozenset((_TIOCSCTTY, _TIOCSPGRP, _TIOCGPTPEER, _FIONCLEX, _FIOCLEX))),
    "access": (1, frozenset((MARK_MODE,))),
    "faccessat": (2, frozenset((MARK_MODE,))),
    "faccessat2": (2, frozenset((MARK_MODE,))),
}


def entered(tracee: Tracee, name: str, args: tuple[int, ...], turn: int) -> Call:
    """The thread is about to make this call."""
    call = Call(name, args, time.monotonic_ns(), turn)
    if name in _ABOUT_FD:
        call.object = memory.descriptor(tracee.pid, _int(args[0]))
    elif name in _FROM_TO:
        call.words = tuple(memory.descriptor(tracee.pid, _int(args[index])) for index in _FROM_TO[name])
    elif name in ("execve", "execveat"):
        path, argv = args[:2] if name == "execve" else args[1:3]
        call.text, call.words = memory.string(tracee.tid, path), memory.strings(tracee.tid, argv)
    return call


def foretold(tracee: Tracee, call: Call) -> int | None:
    """The result of a call that is certain before it has been made, so that nobody need stop again; None: it is not.

    To close can fail where bytes were written and not yet stored, or where nothing is open.  sigaction(2) has few
    reasons to fail, which are looked at; not at a bad address for what was set before.
    """
    if call.name == "close" and (call.object.startswith("pipe:") or call.object in tracee.only_read):
        return 0
    if call.name == "rt_sigaction":
        number, new, _, size = call.args[:4]
        allowed = number in _MAY_BE_HANDLED and size == _SIGSET_BYTES
        return 0 if allowed and (not new or memory.read(tracee.tid, new, 1)) else None
    return 0 if call.name in _MARKS else None


def returned(tracee: Tracee, call: Call, result: int) -> Sequence[Event]:
    """The call came back.  No event where nothing happened that anybody would tell; two where two things did."""
    decode = _DECODERS.get(call.name)
    if decode is None:
        return ()
    common = Common(
        time_ns=call.began_ns,
        end_ns=time.monotonic_ns(),
        pid=tracee.pid,
        call=call.name,
        errno=error_name(result),
        blocked=call.blocked,
    )
    told = decode(tracee.tid, call, result, common)
    return told if isinstance(told, tuple) else (told,) if told else ()


_ABOUT_FD = frozenset(("read", "readv", "write", "writev", "close", "dup", "dup2", "dup3", "fcntl"))
_FROM_TO = {"sendfile": (1, 0), "splice": (0, 2), "tee": (0, 1), "copy_file_range": (0, 2)}  # which arguments


def _execve(tid: int, call: Call, result: int, common: Common) -> Event:
    return Exec(path=call.text, argv=call.words, **common)


def _fork(tid: int, call: Call, result: int, common: Common) -> Event | None:
    """A fork that worked has been announced when the child began; this is the refusal."""
    return Fork(child=0, **common) if common["errno"] else None


def _wait4(tid: int, call: Call, result: int, common: Common) -> Event:
    status = memory.numbers(tid, call.args[1], "i")[0] if result > 0 and call.args[1] else None
    flags = flag_names(call.args[2], WAIT_FLAGS)
    return Wait(target=_int(call.args[0]), child=max(result, 0), status=status, flags=flags, **common)


def _waitid(tid: int, call: Call, result: int, common: Common) -> Event:
    which, number, info, options = call.args[:4]
    target = {_P_PID: _int(number), _P_PGID: -_int(number)}.get(which, -1)
    if which == _P_PIDFD:
        target = memory.process_of(common["pid"], _int(number))
    _, _, code, _, child, _, value = memory.numbers(tid, info, "7i") if info and not result else (0,) * 7
    status = raw_status(code, value) if child else None
    return Wait(target=target, child=child, status=status, flags=flag_names(options, WAIT_FLAGS), **common)


def _pipe(tid: int, call: Call, result: int, common: Common) -> Event | None:
    if common["errno"]:
        return None
    read, write = memory.numbers(tid, call.args[0], "2i")
    cloexec = call.name == "pipe2" and bool(call.args[1] & os.O_CLOEXEC)
    return Pipe(read=read, write=write, object=memory.descriptor(common["pid"], read), cloexec=cloexec, **common)


def _dup(tid: int, call: Call, result: int, common: Common) -> Event:
    cloexec = call.name == "dup3" and bool(call.args[2] & os.O_CLOEXEC)
    new = result if result >= 0 else _int(call.args[1])
    return Dup(old=_int(call.args[0]), new=new, object=call.object, cloexec=cloexec, **common)


def _fcntl(tid: int, call: Call, result: int, common: Common) -> Event:
    fd, command, argument = call.args[:3]
    if command == _F_SETFD:
        return Cloexec(fd=_int(fd), on=bool(argument & 1), **common)
    cloexec = command == _F_DUPFD_CLOEXEC
    return Dup(old=_int(fd), new=max(result, -1), object=call.object, cloexec=cloexec, **common)


def _ioctl(tid: int, call: Call, result: int, common: Common) -> Event | None:
    fd, request, argument = call.args[:3]
    if request == _TIOCGPTPEER:  # the other side of a pseudo-terminal, as openpty(3) asks for it
        return _without_path(tid, call, result, common)
    if request == _TIOCSCTTY:
        return Tcsetpgrp(fd=_int(fd), pgid=common["pid"], **common)  # only the leader of a session may, and its group
    if request == _TIOCSPGRP:
        return Tcsetpgrp(fd=_int(fd), pgid=memory.numbers(tid, argument, "i")[0], **common)
    return Cloexec(fd=_int(fd), on=request == _FIOCLEX, **common)


def _close(tid: int, call: Call, result: int, common: Common) -> Event:
    return Close(fd=_int(call.args[0]), object=call.object, **common)


def _close_range(tid: int, call: Call, result: int, common: Common) -> Event:
    first, last, flags = (argument & 0xFFFFFFFF for argument in call.args[:3])
    if flags & _CLOSE_RANGE_CLOEXEC:
        return Cloexec(fd=first, last=last, on=True, **common)
    return Close(fd=first, last=last, **common)


def _open(tid: int, call: Call, result: int, common: Common) -> Event:
    match call.name:
        case "open":
            address, flags = call.args[:2]
        case "creat":
            address, flags = call.args[0], os.O_CREAT | os.O_WRONLY | os.O_TRUNC
        case "openat2":
            address, (flags,) = call.args[1], memory.numbers(tid, call.args[2], "Q")
        case _:
            address, flags = call.args[1:3]
    path = memory.string(tid, address)
    object = memory.descriptor(common["pid"], result) if result >= 0 else ""
    return Open(
        path=path,
        fd=max(result, -1),
        mode=open_mode(flags),
        cloexec=bool(flags & os.O_CLOEXEC),
        object=object if object != path else "",
        **common,
    )


def _without_path(tid: int, call: Call, result: int, common: Common) -> Event | None:
    """A new descriptor for something that has no path: what it is called and whether exec closes it, /proc knows."""
    return None if common["errno"] else _new(result, common)


def _socketpair(tid: int, call: Call, result: int, common: Common) -> Sequence[Event]:
    if common["errno"]:
        return ()
    return tuple(_new(fd, common) for fd in memory.numbers(tid, call.args[3], "2i"))


def _new(fd: int, common: Common) -> Event:
    pid = common["pid"]
    flags = memory.open_flags(pid, fd)
    mode, cloexec = open_mode(flags & os.O_ACCMODE), bool(flags & os.O_CLOEXEC)
    return Open(object=memory.descriptor(pid, fd), fd=fd, mode=mode, cloexec=cloexec, **common)


def _passed_on(tid: int, call: Call, result: int, common: Common) -> Sequence[Event]:
    """Bytes that go from one descriptor to another without passing through the process; `tee` leaves them there."""
    source, target = (_int(call.args[index]) for index in _FROM_TO[call.name])
    count = max(result, 0)
    read = Read(fd=source, object=call.words[0], count=count, **common)
    common["time_ns"] = common["end_ns"]  # it cannot write before it has read
    write = Write(fd=target, object=call.words[1], count=count, **common)
    return (write,) if call.name == "tee" else (read, write)


def _read(tid: int, call: Call, result: int, common: Common) -> Event:
    data = _data(tid, call, result)
    return Read(fd=_int(call.args[0]), object=call.object, count=max(result, 0), data=data, **common)


def _write(tid: int, call: Call, result: int, common: Common) -> Event:
    data = _data(tid, call, result)
    return Write(fd=_int(call.args[0]), object=call.object, count=max(result, 0), data=data, **common)


def _kill(tid: int, call: Call, result: int, common: Common) -> Event:
    number = call.args[2 if call.name in ("tgkill", "rt_tgsigqueueinfo") else 1]
    target = _int(call.args[0])
    if call.name == "pidfd_send_signal":
        process = memory.process_of(common["pid"], target)
        target = process if process > 0 else OUTSIDE
    elif call.name == "tkill":
        target = memory.process_of_thread(target)
    return Kill(target=target, sig=signal_name(_int(number)), **common)


def _rt_sigaction(tid: int, call: Call, result: int, common: Common) -> Event | None:
    number, new = call.args[:2]
    if not new:
        return None  # it only asked
    handler, flags = memory.numbers(tid, new, "2Q")
    action = {0: "default", 1: "ignored"}.get(handler, "handled")
    name = signal_name(_int(number))
    return SigAction(sig=name, action=action, flags=flag_names(flags, ACTION_FLAGS), **common)


def _setpgid(tid: int, call: Call, result: int, common: Common) -> Event:
    return Setpgid(target=_int(call.args[0]), pgid=_int(call.args[1]), **common)


def _setsid(tid: int, call: Call, result: int, common: Common) -> Event:
    return Setsid(**common)


def _chdir(tid: int, call: Call, result: int, common: Common) -> Event:
    return Chdir(path=memory.string(tid, call.args[0]), cwd=memory.directory(common["pid"]), **common)


def _fchdir(tid: int, call: Call, result: int, common: Common) -> Event:
    return Chdir(
        path=memory.descriptor(common["pid"], _int(call.args[0])), cwd=memory.directory(common["pid"]), **common
    )


def _umask(tid: int, call: Call, result: int, common: Common) -> Event:
    return Umask(mask=call.args[0] & 0o777, **common)


def _pause(tid: int, call: Call, result: int, common: Common) -> Event:
    return Pause(**common)


def _rt_sigtimedwait(tid: int, call: Call, result: int, common: Common) -> Event | None:
    """A signal is taken; another one was handled; or (EAGAIN) there was none in time."""
    if result < 0:
        return Pause(**common) if common["errno"] == "EINTR" else None
    _, _, code, _, pid = memory.numbers(tid, call.args[1], "5i") if call.args[1] else (0,) * 5
    return Signal(sig=signal_name(result), sender=sender(result, code, pid), action="taken", **common)


def sender(number: int, code: int, pid: int) -> int:
    """Who sent a signal, from the `si_code` and `si_pid` of siginfo_t, which has a pid only then; 0: the kernel."""
    return pid if code in _FROM_PROCESS or number == signal.SIGCHLD else 0


def _access(tid: int, call: Call, result: int, common: Common) -> Event | None:
    note = memory.string(tid, call.args[0 if call.name == "access" else 1])
    if not note.startswith(MARK_SIGN):
        return None
    common["errno"] = ""
    return Mark(text=note.removeprefix(MARK_SIGN), **common)


def _ptrace(tid: int, call: Call, result: int, common: Common) -> Event | None:
    if call.args[0] not in _BEGINS_TO_TRACE or common["errno"] != "EPERM":
        return None
    return Note(text="wants to watch a process, but that has its observer already, and can have only one", **common)


def _data(tid: int, call: Call, count: int) -> str:
    """The first bytes that went through a read or write; `readv` and `writev` have them in pieces."""
    if count <= 0:
        return ""
    most = min(count, FIRST_BYTES)
    if call.name in ("read", "write"):
        return memory.text(memory.read(tid, call.args[1], most))
    data = b""
    for index in range(_int(call.args[2])):
        address, size = memory.numbers(tid, call.args[1] + 16 * index, "2Q")
        data += memory.read(tid, address, min(size, most - len(data)))
    return memory.text(data)


def _int(argument: int) -> int:
    """An argument of C type int: the kernel looks only at its low half."""
    return ctypes.c_int32(argument & 0xFFFFFFFF).value


_DECODERS: dict[str, Callable[[int, Call, int, Common], Event | Sequence[Event] | None]] = {
    **dict.fromkeys(("execve", "execveat"), _execve),
    **dict.fromkeys(("fork", "vfork", "clone", "clone3"), _fork),
    "wait4": _wait4,
    "waitid": _waitid,
    **dict.fromkeys(("pipe", "pipe2"), _pipe),
    **dict.fromkeys(("dup", "dup2", "dup3"), _dup),
    "fcntl": _fcntl,
    "ioctl": _ioctl,
    "close": _close,
    "close_range": _close_range,
    **dict.fromkeys(("open", "openat", "openat2", "creat"), _open),
    **dict.fromkeys(WITHOUT_PATH, _without_path),
    "socketpair": _socketpair,
    **dict.fromkeys(_FROM_TO, _passed_on),
    **dict.fromkeys(("read", "readv"), _read),
    **dict.fromkeys(("write", "writev"), _write),
    **dict.fromkeys(KILLS, _kill),
    "rt_sigaction": _rt_sigaction,
    "setpgid": _setpgid,
    "setsid": _setsid,
    "chdir": _chdir,
    "fchdir": _fchdir,
    "umask": _umask,
    **dict.fromkeys(("pause", "rt_sigsuspend"), _pause),
    "rt_sigtimedwait": _rt_sigtimedwait,
    "ptrace": _ptrace,
    **dict.fromkeys(("access", "faccessat", "faccessat2"), _access),
}
