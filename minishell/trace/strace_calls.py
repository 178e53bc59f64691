"""One line of a strace log → one event: a function a call, found by its name.

strace writes structures and flags as C does, `[{WIFEXITED(s) && WEXITSTATUS(s) == 3}]`, strings between quotes with
C escapes, and descriptors with what they mean, `4<pipe:[99]>`.
"""

from __future__ import annotations

import ast
import re
import signal
from dataclasses import dataclass
from typing import TYPE_CHECKING

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
    Open,
    Pause,
    Pipe,
    Read,
    Setpgid,
    Setsid,
    SigAction,
    Tcsetpgrp,
    Thread,
    Wait,
    Write,
)
from minishell.trace.marks import MARK_SIGN
from minishell.trace.memory import text
from minishell.trace.words import raw_status, signal_name

if TYPE_CHECKING:
    from collections.abc import Callable

_STRING = re.compile(r'"((?:[^"\\]|\\.)*)"', re.DOTALL)
_FIRST_DATA = 256  # bytes, as the observer keeps


@dataclass(frozen=True)
class Line:
    """A call with its arguments still as text."""

    pid: int
    time_ns: int
    end_ns: int
    name: str
    arguments: str
    result: int
    errno: str
    blocked: bool

    @property
    def common(self) -> Common:
        """The fields that every event has."""
        return Common(
            time_ns=self.time_ns,
            end_ns=self.end_ns,
            pid=self.pid,
            call=self.name,
            errno=self.errno,
            blocked=self.blocked,
        )


def read_call(line: Line) -> Event | None:
    """The event of a call; None for one that nobody would tell."""
    reader = _READERS.get(line.name)
    return reader(line, split(line.arguments)) if reader else None


def split(arguments: str) -> list[str]:
    """The arguments of a call: split at commas outside quotes, brackets and descriptors' meanings."""
    parts, depth, start, quoted, index = [], 0, 0, False, 0
    while index < len(arguments):
        letter = arguments[index]
        if quoted:
            index += letter == "\\"
            quoted = letter != '"'
        elif letter == '"':
            quoted = True
        elif letter in "([{<":
            depth += 1
        elif letter in ")]}" or (letter == ">" and arguments[index - 1] not in "-="):
            depth -= 1
        elif letter == "," and not depth:
            parts.append(arguments[start:index].strip())
            start = index + 1
        index += 1
    return [*parts, arguments[start:].strip()]


def string(argument: str) -> str:
    """The text of a quoted argument; empty where it is none."""
    found = _STRING.match(argument)
    return text(ast.literal_eval(f'b"{found[1]}"')) if found else ""


def flag(arguments: str, name: str) -> str:
    """The value in `name=value` or `name) == value`; empty where it is not there."""
    found = re.search(rf"\b{name}(?:=|\(s\) == )([\w-]+)", arguments)
    return found[1] if found else ""


def signal_of(name: str) -> str:
    """A signal as `words.signal_name` writes it: strace calls 34 `SIGRT_2`."""
    if name == "SIGRTMIN":
        return "32"  # the kernel's first real-time signal, not the C library's
    return signal_name(int(name.removeprefix("SIGRT_")) + 32) if name.startswith("SIGRT_") else name


def _descriptor(argument: str) -> tuple[int, str]:
    """Number and meaning of `4<pipe:[99]>`."""
    number, _, meaning = argument.partition("<")
    return int(number), meaning.replace(">(deleted)", " (deleted)").removesuffix(">")


def _fork(line: Line, arguments: list[str]) -> Event | None:
    if "CLONE_THREAD" in line.arguments:
        return Thread(**line.common)
    via = "vfork" if line.name == "vfork" or "CLONE_VFORK" in line.arguments else "fork"
    return Fork(child=max(line.result, 0), via="fork" if line.errno else via, **line.common)


def _execve(line: Line, arguments: list[str]) -> Event:
    path, argv = arguments[:2] if line.name == "execve" else arguments[1:3]
    return Exec(path=string(path), argv=tuple(map(string, split(argv[1:-1]))), **line.common)


def _wait4(line: Line, arguments: list[str]) -> Event:
    status = _status(arguments[1]) if line.result > 0 and arguments[1].startswith("[") else None
    return Wait(target=int(arguments[0]), child=max(line.result, 0), status=status, **line.common)


def _waitid(line: Line, arguments: list[str]) -> Event:
    which, number = arguments[:2]
    target = {"P_PID": 1, "P_PGID": -1}.get(which, 0) * int(number.partition("<")[0]) or -1
    child = int(flag(arguments[2], "si_pid") or 0)
    codes = ("", "CLD_EXITED", "CLD_KILLED", "CLD_DUMPED", "CLD_TRAPPED", "CLD_STOPPED", "CLD_CONTINUED")
    status = raw_status(codes.index(flag(arguments[2], "si_code")), _number(flag(arguments[2], "si_status")))
    return Wait(target=target, child=child, status=status if child else None, **line.common)


def _status(argument: str) -> int:
    if name := flag(argument, "WTERMSIG"):
        return _number(name) | (0x80 if "WCOREDUMP(s)" in argument else 0)
    if name := flag(argument, "WSTOPSIG"):
        return _number(name) << 8 | 0x7F
    if "WIFCONTINUED" in argument:
        return 0xFFFF
    return int(flag(argument, "WEXITSTATUS")) << 8


def _number(word: str) -> int:
    """A signal's name or a plain number."""
    return signal.Signals[word].value if word.startswith("SIG") else int(word or 0)


def _pipe(line: Line, arguments: list[str]) -> Event | None:
    if line.errno:
        return None
    (read, object), (write, _) = map(_descriptor, split(arguments[0][1:-1]))
    return Pipe(read=read, write=write, object=object, cloexec="O_CLOEXEC" in line.arguments, **line.common)


def _dup(line: Line, arguments: list[str]) -> Event:
    old, object = _descriptor(arguments[0])
    new = line.result if line.result >= 0 else int(arguments[1].partition("<")[0])
    return Dup(old=old, new=new, object=object, cloexec="O_CLOEXEC" in line.arguments, **line.common)


def _fcntl(line: Line, arguments: list[str]) -> Event | None:
    fd, object = _descriptor(arguments[0])
    match arguments[1]:
        case "F_SETFD":
            return Cloexec(fd=fd, on="FD_CLOEXEC" in arguments[2], **line.common)
        case "F_DUPFD" | "F_DUPFD_CLOEXEC" as command:
            cloexec = command == "F_DUPFD_CLOEXEC"
            return Dup(old=fd, new=line.result, object=object, cloexec=cloexec, **line.common)
    return None


def _ioctl(line: Line, arguments: list[str]) -> Event | None:
    fd, _ = _descriptor(arguments[0])
    match arguments[1]:
        case "TIOCSPGRP":
            return Tcsetpgrp(fd=fd, pgid=int(arguments[2].strip("[]")), **line.common)
        case "FIOCLEX" | "FIONCLEX" as request:
            return Cloexec(fd=fd, on=request == "FIOCLEX", **line.common)
    return None


def _close(line: Line, arguments: list[str]) -> Event:
    fd, object = _descriptor(arguments[0])
    return Close(fd=fd, object=object, **line.common)


def _close_range(line: Line, arguments: list[str]) -> Event | None:
    if "CLOEXEC" in arguments[2]:
        return None
    return Close(fd=int(arguments[0]), last=int(arguments[1]), **line.common)


def _open(line: Line, arguments: list[str]) -> Event:
    path, flags = arguments[:2] if line.name == "open" else arguments[1:3]
    mode = {"O_WRONLY": "write", "O_RDWR": "read-write"}.get(flags.partition("|")[0], "read")
    words = (("O_CREAT", "create"), ("O_TRUNC", "truncate"), ("O_APPEND", "append"))
    mode = ", ".join([mode, *(word for name, word in words if name in flags)])
    return Open(path=string(path), fd=line.result, mode=mode, cloexec="O_CLOEXEC" in flags, **line.common)


def _read(line: Line, arguments: list[str]) -> Event:
    fd, object = _descriptor(arguments[0])
    return Read(fd=fd, object=object, count=max(line.result, 0), data=_data(line, arguments), **line.common)


def _write(line: Line, arguments: list[str]) -> Event:
    fd, object = _descriptor(arguments[0])
    return Write(fd=fd, object=object, count=max(line.result, 0), data=_data(line, arguments), **line.common)


def _data(line: Line, arguments: list[str]) -> str:
    if line.result <= 0:
        return ""
    pieces = (ast.literal_eval(f'b"{found[1]}"') for found in _STRING.finditer(arguments[1]))
    return text(b"".join(pieces)[: min(line.result, _FIRST_DATA)])


def _kill(line: Line, arguments: list[str]) -> Event:
    name = "0" if arguments[-1] == "0" else signal_of(arguments[-1])
    return Kill(target=int(arguments[0]), signal=name, **line.common)


def _rt_sigaction(line: Line, arguments: list[str]) -> Event | None:
    if arguments[1] == "NULL":
        return None  # it only asked
    handler = flag(arguments[1], "sa_handler")
    action = {"SIG_DFL": "default", "SIG_IGN": "ignored"}.get(handler, "handled")
    return SigAction(signal=signal_of(arguments[0]), action=action, **line.common)


def _setpgid(line: Line, arguments: list[str]) -> Event:
    return Setpgid(target=int(arguments[0]), pgid=int(arguments[1]), **line.common)


def _setsid(line: Line, arguments: list[str]) -> Event:
    return Setsid(**line.common)


def _chdir(line: Line, arguments: list[str]) -> Event:
    return Chdir(path=string(arguments[0]), **line.common)


def _fchdir(line: Line, arguments: list[str]) -> Event:
    return Chdir(path=_descriptor(arguments[0])[1], **line.common)


def _pause(line: Line, arguments: list[str]) -> Event:
    return Pause(**line.common)


def _access(line: Line, arguments: list[str]) -> Event | None:
    note = string(arguments[0 if line.name == "access" else 1])
    if not note.startswith(MARK_SIGN):
        return None
    common = line.common
    common["errno"] = ""
    return Mark(text=note.removeprefix(MARK_SIGN), **common)


_READERS: dict[str, Callable[[Line, list[str]], Event | None]] = {
    **dict.fromkeys(("fork", "vfork", "clone", "clone3"), _fork),
    **dict.fromkeys(("execve", "execveat"), _execve),
    "wait4": _wait4,
    "waitid": _waitid,
    **dict.fromkeys(("pipe", "pipe2"), _pipe),
    **dict.fromkeys(("dup", "dup2", "dup3"), _dup),
    "fcntl": _fcntl,
    "ioctl": _ioctl,
    "close": _close,
    "close_range": _close_range,
    **dict.fromkeys(("open", "openat"), _open),
    **dict.fromkeys(("read", "readv"), _read),
    **dict.fromkeys(("write", "writev"), _write),
    **dict.fromkeys(("kill", "tkill", "tgkill"), _kill),
    "rt_sigaction": _rt_sigaction,
    "setpgid": _setpgid,
    "setsid": _setsid,
    "chdir": _chdir,
    "fchdir": _fchdir,
    **dict.fromkeys(("pause", "rt_sigsuspend"), _pause),
    **dict.fromkeys(("access", "faccessat", "faccessat2"), _access),
}
