"""The system call behind an event, written as the manual pages and strace write it: `dup2(4, 1) = 1`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from minishell.trace.event import (
    Chdir,
    Cloexec,
    Close,
    Dup,
    Exec,
    Exit,
    Fork,
    Kill,
    Killed,
    Open,
    Pipe,
    Read,
    Setpgid,
    SigAction,
    Signal,
    Tcsetpgrp,
    Umask,
    Wait,
    Write,
)
from minishell.trace.names import leader, letter
from minishell.trace.words import quoted

if TYPE_CHECKING:
    from minishell.trace.event import Event

_HANDLERS = {"default": "SIG_DFL", "ignored": "SIG_IGN", "handled": "a handler"}


def raw(event: Event) -> str:
    """The call with its arguments and its result, for an event with stable names."""
    arguments, result = _parts(event)
    call = f"{event.call or event.kind}({arguments})"
    if event.errno:
        return f"{call} = -1 {event.errno}"
    return f"{call} = {result}" if result else call


def _parts(event: Event) -> tuple[str, str]:  # a table in the form of a match: one line a kind
    match event:
        case Fork(child=child):
            return "", letter(child)
        case Exec(path=path, argv=argv):
            return f"{quoted(path)}, [{', '.join(map(quoted, argv))}]", "0"
        case Exit(code=code):
            return str(code), ""
        case Killed(sig=signal):
            return signal, ""
        case Wait(target=target, child=child, status=status):
            shown = "" if status is None else f"{status:#06x}"
            return f"{_pid(target)}, {shown}", letter(child) if child else "0"
        case Pipe(read=read, write=write):
            return f"[{read}, {write}]", "0"
        case Dup(old=old, new=new, call=call):
            return (str(old) if call in ("dup", "fcntl") else f"{old}, {new}"), str(new)
        case Cloexec(fd=fd, on=on):
            return f"{fd}, {'FD_CLOEXEC' if on else '0'}", "0"
        case Close(fd=fd, last=last):
            return str(fd) if last is None else f"{fd}, …", "0"
        case Open(path=path, mode=mode, fd=fd):
            return f"{quoted(path)}, {mode}", str(fd)
        case Read(fd=fd, data=data, count=count) | Write(fd=fd, data=data, count=count):
            return f"{fd}, {quoted(data)}", str(count)
        case Kill(target=target, sig=signal):
            return f"{_pid(target)}, {signal}", "0"
        case Signal(sig=signal):
            return signal, ""
        case SigAction(sig=signal, action=action):
            return f"{signal}, {_HANDLERS[action]}", "0"
        case Setpgid(target=target, pgid=pgid):
            return f"{_pid(target)}, {_pid(pgid)}", "0"
        case Tcsetpgrp(fd=fd, pgid=pgid):
            return f"{fd}, {_pid(pgid)}", "0"
        case Umask(mask=mask):
            return f"{mask:04o}", ""
        case Chdir(path=path):
            return quoted(path), "0"
    return "", ""


def _pid(number: int) -> str:
    """A pid as an argument: 0 and -1 have meanings of their own."""
    if number in (0, -1):
        return str(number)
    return letter(number) if number > 0 else f"-{letter(leader(number))}"
