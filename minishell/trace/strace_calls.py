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
    Signal,
    Tcsetpgrp,
    Thread,
    Umask,
    Wait,
    Write,
)
from minishell.trace.marks import MARK_SIGN
from minishell.trace.memory import text
from minishell.trace.names import OUTSIDE
from minishell.trace.table import KILLS, WITHOUT_PATH
from minishell.trace.words import ACTION_FLAGS, CLONE_FLAGS, WAIT_FLAGS, raw_status, signal_name

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

_STRING = re.compile(r'"((?:[^"\\]|\\.)*)"', re.DOTALL)
_FIRST_DATA = 256  # bytes, as the observer keeps


@dataclass(frozen=True)
class Line:
    """A call with its arguments still as text; `meaning` is that of a descriptor which is its result."""

    pid: int
    time_ns: int
    end_ns: int
    name: str
    arguments: str
    result: int
    errno: str
    blocked: bool
    meaning: str = ""

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


def read_call(line: Line) -> Sequence[Event]:
    """The events of a call: nothing for one that nobody would tell, two where two things happened."""
    reader = _READERS.get(line.name)
    told = reader(line, split(line.arguments)) if reader else None
    return told if isinstance(told, tuple) else (told,) if told else ()


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


def flag_words(argument: str, prefix: str, names: Iterable[str]) -> str:
    """`nocldstop, restart` from `SA_RESTART|SA_NOCLDSTOP`: those of the names that stand there, in their order."""
    there = set(re.findall(rf"\b{prefix}(\w+)", argument))
    return ", ".join(name for name in names if name.upper() in there)


def signal_of(name: str) -> str:
    """A signal as `words.signal_name` writes it: strace calls 34 `SIGRT_2`."""
    if name == "SIGRTMIN":
        return "32"  # the kernel's first real-time signal, not the C library's
    return signal_name(int(name.removeprefix("SIGRT_")) + 32) if name.startswith("SIGRT_") else name


def _descriptor(argument: str) -> tuple[int, str]:
    """Number and meaning of `4<pipe:[99]>`."""
    number, _, meaning = argument.partition("<")
    return int(number), meaning_of(meaning)


def meaning_of(text: str) -> str:
    """What stands between `<` and `>`, as /proc says it."""
    return text.replace(">(deleted)", " (deleted)").removesuffix(">")


def _pidfd(argument: str) -> int:
    """The process that `3<pid:1234>` means."""
    return int(argument.partition("<pid:")[2].removesuffix(">") or 0)


def _fork(line: Line, arguments: list[str]) -> Event | None:
    if "CLONE_THREAD" in line.arguments:
        return Thread(**line.common)
    via = "vfork" if line.name == "vfork" or "CLONE_VFORK" in line.arguments else "fork"
    flags = "" if line.errno else flag_words(line.arguments, "CLONE_", CLONE_FLAGS)
    return Fork(child=max(line.result, 0), via="fork" if line.errno else via, flags=flags, **line.common)


def _execve(line: Line, arguments: list[str]) -> Event:
    path, argv = arguments[:2] if line.name == "execve" else arguments[1:3]
    return Exec(path=string(path), argv=tuple(map(_argument, split(argv[1:-1]))), **line.common)


def _argument(word: str) -> str:
    """One of argv.  strace marks what it leaves out: `"the beginnin"...`, or `...` instead of the last ones."""
    return string(word) + ("…" if word.endswith("...") else "")


def _wait4(line: Line, arguments: list[str]) -> Event:
    status = _status(arguments[1]) if line.result > 0 and arguments[1].startswith("[") else None
    flags = _wait_flags(arguments[2])
    return Wait(target=int(arguments[0]), child=max(line.result, 0), status=status, flags=flags, **line.common)


def _waitid(line: Line, arguments: list[str]) -> Event:
    which, number = arguments[:2]
    target = {"P_PID": 1, "P_PGID": -1}.get(which, 0) * int(number.partition("<")[0]) or -1
    target = _pidfd(number) if which == "P_PIDFD" else target
    child = int(flag(arguments[2], "si_pid") or 0)
    codes = ("", "CLD_EXITED", "CLD_KILLED", "CLD_DUMPED", "CLD_TRAPPED", "CLD_STOPPED", "CLD_CONTINUED")
    status = raw_status(codes.index(flag(arguments[2], "si_code")), _number(flag(arguments[2], "si_status")))
    flags = _wait_flags(arguments[3])
    return Wait(target=target, child=child, status=status if child else None, flags=flags, **line.common)


def _wait_flags(argument: str) -> str:
    """WSTOPPED and WUNTRACED are the same bit."""
    return flag_words(argument.replace("WSTOPPED", "WUNTRACED"), "W", WAIT_FLAGS)


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
        case "TIOCGPTPEER":
            return _without_path(line, arguments)
        case "TIOCSCTTY":
            return Tcsetpgrp(fd=fd, pgid=line.pid, **line.common)
        case "TIOCSPGRP":
            return Tcsetpgrp(fd=fd, pgid=int(arguments[2].strip("[]")), **line.common)
        case "FIOCLEX" | "FIONCLEX" as request:
            return Cloexec(fd=fd, on=request == "FIOCLEX", **line.common)
    return None


def _close(line: Line, arguments: list[str]) -> Event:
    fd, object = _descriptor(arguments[0])
    return Close(fd=fd, object=object, **line.common)


def _close_range(line: Line, arguments: list[str]) -> Event:
    first, last = map(int, arguments[:2])
    if "CLOEXEC" in arguments[2]:
        return Cloexec(fd=first, last=last, on=True, **line.common)
    return Close(fd=first, last=last, **line.common)


def _open(line: Line, arguments: list[str]) -> Event:
    match line.name:
        case "open":
            argument, flags = arguments[:2]
        case "creat":
            argument, flags = arguments[0], "O_WRONLY|O_CREAT|O_TRUNC"
        case _:
            argument, flags = arguments[1:3]
    path, first = string(argument), flags.partition("flags=")[2] or flags
    mode = {"O_WRONLY": "write", "O_RDWR": "read-write"}.get(re.split(r"[|,]", first)[0], "read")
    mode = ", ".join(filter(None, [mode, flag_words(flags, "O_", ("creat", "trunc", "append"))]))
    return Open(
        path=path,
        fd=line.result,
        mode=mode.replace("creat", "create").replace("trunc", "truncate"),
        cloexec="O_CLOEXEC" in flags,
        object=line.meaning if line.meaning != path else "",
        **line.common,
    )


def _without_path(line: Line, arguments: list[str]) -> Event | None:
    if line.errno:
        return None
    cloexec = "CLOEXEC" in line.arguments or line.name.startswith("pidfd_")
    meaning = "anon_inode:[pidfd]" if line.meaning.startswith("pid:") else line.meaning
    return Open(object=meaning, fd=line.result, mode="read-write", cloexec=cloexec, **line.common)


def _socketpair(line: Line, arguments: list[str]) -> Sequence[Event]:
    if line.errno:
        return ()
    both, cloexec = map(_descriptor, split(arguments[3][1:-1])), "CLOEXEC" in arguments[1]
    return tuple(Open(object=name, fd=fd, mode="read-write", cloexec=cloexec, **line.common) for fd, name in both)


def _passed_on(line: Line, arguments: list[str]) -> Sequence[Event]:
    """Bytes that go from one descriptor to another without passing through the process; `tee` leaves them there."""
    places = {"sendfile": (1, 0), "tee": (0, 1)}.get(line.name, (0, 2))
    (source, read_from), (target, written_to) = (_descriptor(arguments[place]) for place in places)
    count = max(line.result, 0)
    read = Read(fd=source, object=read_from, count=count, **line.common)
    common = line.common
    common["time_ns"] = line.end_ns  # it cannot write before it has read
    write = Write(fd=target, object=written_to, count=count, **common)
    return (write,) if line.name == "tee" else (read, write)


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
    target = int(arguments[0].partition("<")[0])
    if line.name == "pidfd_send_signal":
        process = _pidfd(arguments[0])
        target = process if process > 0 else OUTSIDE
    which = arguments[2 if line.name in ("tgkill", "rt_tgsigqueueinfo") else 1]
    return Kill(target=target, sig="0" if which == "0" else signal_of(which), **line.common)


def _rt_sigaction(line: Line, arguments: list[str]) -> Event | None:
    if arguments[1] == "NULL":
        return None  # it only asked
    handler = flag(arguments[1], "sa_handler")
    action = {"SIG_DFL": "default", "SIG_IGN": "ignored"}.get(handler, "handled")
    flags = flag_words(arguments[1], "SA_", ACTION_FLAGS)
    return SigAction(sig=signal_of(arguments[0]), action=action, flags=flags, **line.common)


def _setpgid(line: Line, arguments: list[str]) -> Event:
    return Setpgid(target=int(arguments[0]), pgid=int(arguments[1]), **line.common)


def _setsid(line: Line, arguments: list[str]) -> Event:
    return Setsid(**line.common)


def _chdir(line: Line, arguments: list[str]) -> Event:
    return Chdir(path=string(arguments[0]), **line.common)


def _fchdir(line: Line, arguments: list[str]) -> Event:
    return Chdir(path=_descriptor(arguments[0])[1], **line.common)


def _umask(line: Line, arguments: list[str]) -> Event:
    return Umask(mask=int(arguments[0], 8) & 0o777, **line.common)


def _pause(line: Line, arguments: list[str]) -> Event:
    return Pause(**line.common)


def _rt_sigtimedwait(line: Line, arguments: list[str]) -> Event | None:
    """A signal is taken; another one was handled; or (EAGAIN) there was none in time."""
    if line.errno:
        return Pause(**line.common) if line.errno == "EINTR" else None
    sender = int(flag(arguments[1], "si_pid") or 0)
    return Signal(sig=signal_name(line.result), sender=sender, action="taken", **line.common)


def _access(line: Line, arguments: list[str]) -> Event | None:
    note = string(arguments[0 if line.name == "access" else 1])
    if not note.startswith(MARK_SIGN):
        return None
    common = line.common
    common["errno"] = ""
    return Mark(text=note.removeprefix(MARK_SIGN), **common)


_READERS: dict[str, Callable[[Line, list[str]], Event | Sequence[Event] | None]] = {
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
    **dict.fromkeys(("open", "openat", "openat2", "creat"), _open),
    **dict.fromkeys(WITHOUT_PATH, _without_path),
    "socketpair": _socketpair,
    **dict.fromkeys(("sendfile", "splice", "tee", "copy_file_range"), _passed_on),
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
    **dict.fromkeys(("access", "faccessat", "faccessat2"), _access),
}
