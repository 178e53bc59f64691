"""The few words beside a dot of the picture; the story has the whole sentence."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from minishell.show.text import plain
from minishell.trace.event import (
    Chdir,
    Cloexec,
    Close,
    Cont,
    Dup,
    Exec,
    Exit,
    Fork,
    Kill,
    Killed,
    Note,
    Open,
    Pause,
    Pipe,
    Read,
    Setpgid,
    Setsid,
    SigAction,
    Signal,
    Stop,
    Tcsetpgrp,
    Thread,
    Umask,
    Wait,
    Write,
)
from minishell.trace.fold import is_pipe
from minishell.trace.names import addressee, letter
from minishell.trace.story import fate
from minishell.trace.words import quoted

if TYPE_CHECKING:
    from minishell.trace.event import Event
    from minishell.trace.order import Edge

_PIPE_BUF = 4096  # limits.h: so many bytes are written in one piece

_STANDARD = ("the output", "the input", "/dev/pts/", "/dev/tty")

_ACTIONS = {"default": "restore", "ignored": "ignore", "handled": "handle"}


def label(event: Event, *, begins: bool = False) -> str:
    """The label of an event with stable names; `begins`: of the moment when it had to wait."""
    if begins:
        return plain(_beginning(event))
    words = plain(_words(event))
    return f"{event.errno}: {words}" if event.errno and not isinstance(event, Wait) else words


def meaning(edge: Edge, source: Event, target: Event) -> str:
    """What an arrow says, in words."""
    by, to = letter(source.pid), letter(target.pid)
    match edge.kind:
        case "fork":
            return f"{by} forks {to}"
        case "data":
            return f"{_bytes(edge.size)} from {by} to {to} through {_object(target)}"
        case "eof":
            return f"{by} closes the last write end of {_object(target)}: {to} reads end of file"
        case "broken":
            return f"{by} closes the last read end of {_object(target)}: {to} cannot write any more"
        case "kill":
            return f"{by}: {_words(source)}; {to}: {_words(target)}"
    return f"{to} learns how {by} is"


def _object(event: Event) -> str:
    return str(getattr(event, "object", "")) or "a pipe"


def _beginning(event: Event) -> str:
    match event:
        case Wait(target=target) if target > 0:
            return f"waits for {letter(target)}"
        case Wait():
            return "waits for a child"
        case Read(object=object):
            return f"waits for {object}" if is_pipe(object) else "waits for input"
        case Write(object=object, count=count, errno=error):
            full = is_pipe(object) and (count > _PIPE_BUF or error)  # a small one may only have been interrupted
            return f"{object} is full" if full else "waits to write"
        case Signal():
            return "waits for a signal"
    return "waits"


def _words(event: Event) -> str:  # a table in the form of a match: one line a kind
    match event:
        case Fork(child=child, via=via):
            return f"{via} → {letter(child)}" if child else via
        case Thread():
            return "new thread"
        case Exec(path=path, argv=argv):
            return " ".join(["exec", os.path.basename(path), *argv[1:]])
        case Exit(code=code):
            return f"exit {code}"
        case Killed(sig=signal):
            return f"killed by {signal}"
        case Wait(child=child, status=status, errno=errno):
            return f"wait → {letter(child)} {_fate(status)}" if child else f"wait: {errno or 'none yet'}"
        case Pipe(read=read, write=write, object=object):
            return f"{object}: fd {write} → fd {read}"
        case Dup(old=old, new=new, call=call):
            return f"dup({old}) is {new}" if call in ("dup", "fcntl") else f"dup2({old}, {new})"
        case Cloexec(fd=fd, on=on):
            return f"fd {fd} {'closed by' if on else 'survives'} exec"
        case Close(fd=fd, last=last):
            return f"close({fd})" if last is None else f"close from {fd} on"
        case Open(path=path, fd=fd, errno=errno):
            return f"open {_short(path)}" + ("" if errno else f": fd {fd}")
        case Read(count=count, object=object, data=data):
            if not count:
                return "end of file"
            return f"reads {_bytes(count)}" if is_pipe(object) else f"reads {_file(object)}{_data(data)}"
        case Write(count=count, object=object, data=data):
            if is_pipe(object):
                return f"writes {_bytes(count)}"
            return f"writes to {_file(object)}{_data(data)}" if _file(object) else f"prints {_data(data)}"
        case Kill(target=target, sig=signal):
            return f"{signal} → {addressee(target)}"
        case Signal(sig=signal, action=action):
            return signal if action in ("", "default") else f"{signal} {action}"
        case SigAction(sig=signal, action=action):
            return f"{_ACTIONS[action]} {signal}"
        case Setpgid(target=target, pgid=pgid):
            return f"{letter(target or event.pid)} in group {letter(pgid or target or event.pid)}"
        case Setsid():
            return "new session"
        case Tcsetpgrp(pgid=pgid):
            return f"terminal → {letter(pgid)}"
        case Stop(sig=signal):
            return f"stopped, {signal}"
        case Cont():
            return "goes on"
        case Chdir(path=path):
            return f"cd {_short(path)}"
        case Umask(mask=mask):
            return f"umask {mask:03o}"
        case Pause():
            return "waits for a signal"
        case Note(text=text):
            return text
    return event.kind


def _short(path: str) -> str:
    return os.path.basename(path) or path


def _file(object: str) -> str:
    """`out.txt: `; nothing where the descriptor means what the program found as its input or output."""
    return "" if not object or object.startswith(_STANDARD) else f"{_short(object)}: "


def _fate(status: int | None) -> str:
    """What a wait told, in few words: the signal stands beside the child itself."""
    return "ended" if status is None else fate(status).partition(" by ")[0]


def _bytes(count: int) -> str:
    return "1 byte" if count == 1 else f"{count} bytes"


def _data(data: str) -> str:
    """Printed text between curly quotes, without the newline at its end."""
    inside = quoted(data.removesuffix("\n") or data, 200)[1:-1].replace("\\n", "⏎").replace('\\"', '"')
    return f"“{inside}”"
