"""The story: one sentence for each event, in plain words beside the call's own name."""

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING

from minishell.errors import shown
from minishell.syntax.quoting import quoted as as_typed
from minishell.trace.event import (
    KINDS,
    Begin,
    Chdir,
    Cloexec,
    Close,
    Cont,
    Dup,
    Event,
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
from minishell.trace.fold import SoFar, fold
from minishell.trace.names import ANYBODY, OUTSIDE, addressee, letter
from minishell.trace.raw import raw as raw_call
from minishell.trace.words import quoted, signal_name
from minishell.trace.world import World

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

_PYTHON = re.compile(r"python[\d.]*")
_COLOURS = (36, 33, 35, 32, 34, 31)  # SGR foregrounds, one after the other for A, B, C
_CAUSE_COLUMN = 78  # in a file
_WIDEST = 110  # columns of a terminal that are used: further to the right nobody looks for the cause
_NARROWEST = 20  # columns for what happened, however narrow the terminal is
_NO_LIMIT = 1 << 16  # descriptors above this do not exist in practice
_STANDARD = {0: "standard input", 1: "standard output", 2: "standard error"}


def story(events: Iterable[Event], *, colour: bool = False) -> list[str]:
    """What happened, one line an event: who, what, and the script line that made it happen.

    `colour` asks for a colour per process; it is never given where the environment has NO_COLOR (no-color.org).
    """
    events = tuple(events)
    return Teller(colour=colour, program=first_program(events)).tell(events)


def first_program(events: Iterable[Event]) -> str:
    """What the first process was running when the trace began: the shell of a line, a script's interpreter …

    Empty where nobody knows: a log of strace begins in the middle.
    """
    events = tuple(events)
    causes = {event.cause.partition(" ")[0] for event in events}
    if "span" in causes:
        return "minishell"
    begin = next((event for event in events if isinstance(event, Begin)), None)
    named = os.path.basename(begin.argv[0]) if begin and begin.argv else ""
    return "python" if "line" in causes or _PYTHON.fullmatch(named) else named


class Teller:
    """Tells a story that goes on: `tell` may be called for one piece after the other."""

    def __init__(
        self, *, colour: bool = False, program: str = "", only: Collection[str] = (), raw: bool = False
    ) -> None:
        """`program`: what the first process is running.  `only` these kinds of events; `raw`: with their calls."""
        self._only, self._raw = {*(only or KINDS), Note.kind}, raw
        self._paint = colour and "NO_COLOR" not in os.environ
        self._so_far, self._programs, self._world = SoFar(), Programs(program), World()
        self._width = 0
        self.columns = 0
        """Of the terminal that the story is told on; 0: it goes to a file, where each event is one line"""

    def tell(self, events: Iterable[Event]) -> list[str]:
        """The lines for these events."""
        lines = []
        for event in fold(events, self._so_far):
            lost = self._world.apply(event)
            self._programs.apply(event)
            words = sentence(event)
            lost = [pipe for pipe in lost if self._world.is_held(pipe, "read")]
            if lost:
                words += f"; the last write end of {' and '.join(lost)} is gone: readers will see end of file"
            lines.append((event, self._programs.who(event.pid), words))
        lines = [line for line in lines if line[2] and line[0].kind in self._only]
        self._width = max([self._width, *(len(who) for _, who, _ in lines)])
        told = []
        for event, who, words in lines:
            place = event.place if event.pid != OUTSIDE else ""
            first, *more = _laid_out(who.ljust(self._width), words, place, self.columns)
            told.append(coloured(who, event.pid) + first[len(who) :] if self._paint else first)
            told += more
            if self._raw and event.call:
                told += _laid_out(" " * (self._width + 4), raw_call(event), "", self.columns)
        return told


class Programs:
    """Which program each process is running, as far as the events have told."""

    def __init__(self, first: str = "") -> None:
        self._first = first
        self._names: dict[int, str] = {}

    def apply(self, event: Event) -> None:
        """Go one event further."""
        match event:
            case Fork(child=child):
                self._names[child] = self.name(event.pid)
            case Exec(path=path, errno=""):
                self._names[event.pid] = os.path.basename(path)

    def name(self, pid: int) -> str:
        """The program's name; a process that was there before the trace began runs the first."""
        return self._names.get(pid, self._first)

    def who(self, pid: int) -> str:
        """`A (python)`, or `A` where nobody knows what it runs."""
        name = self.name(pid)
        return f"{letter(pid)} ({name})" if name else letter(pid)


def sentence(event: Event) -> str:
    """What happened, for an event with stable names.  Empty for what only a machine wants to know."""
    words = _sentence(event)
    return (
        f"{words}: fails, {event.errno}"
        if event.errno and words and not isinstance(event, Wait | Read | Pause)
        else words
    )


def _sentence(event: Event) -> str:  # a table in the form of a match: one line a kind
    match event:
        case Fork(child=0):
            return "fork"
        case Fork(child=child, via="vfork"):
            return f"vfork -> new process {letter(child)}; this one sleeps until {letter(child)} execs or ends"
        case Fork(child=child):
            return f"fork -> new process {letter(child)}, a copy of {letter(event.pid)} with the same open files"
        case Thread():
            return "starts a thread"
        case Exec(path=path, argv=argv):
            return f"exec {path} [{' '.join(map(as_typed, argv))}]{_searched(event)}"
        case Exit(code=code):
            return f"exits with {code}"
        case Killed(sig=signal, core=core):
            return f"is killed by {signal}{' (core dumped)' if core else ''}"
        case Wait():
            return _waiting(event)
        case Pipe(errno=errno) if errno:
            return "pipe()"
        case Dup(errno=errno) if errno:
            return _dup_call(event)
        case Write(fd=fd, object=object, errno=errno) if errno:
            return f"writes to {thing(fd, object)}"
        case Pipe(read=read, write=write, object=object):
            return f"pipe() -> {object}: read end fd {read}, write end fd {write}"
        case Dup(old=old, new=new, object=object):
            return f"{_dup_call(event)}: fd {new} is now {thing(old, object)}"
        case Cloexec(fd=fd, last=int(last)):
            return f"every descriptor from {_range(fd, last)} will be closed by exec"
        case Cloexec(fd=fd, on=on):
            return f"fd {fd} will {'be closed by' if on else 'survive'} exec" if event.cause else ""
        case Close(fd=fd, last=None, object=object):
            return f"closes fd {fd}{f' ({_named(object)})' if object else ''}"
        case Close(fd=fd, last=int(last)):
            return f"closes every descriptor from {_range(fd, last)}"
        case Open(path="", fd=fd, object=object):
            return f"{event.call}() -> fd {fd} is a new {thing(fd, object)}"
        case Open(path=path, fd=fd, mode=mode):
            return f"opens {path} as fd {fd} to {mode}" if fd >= 0 else f"opens {path}"
        case Read():
            return _reading(event)
        case Write(fd=fd, object=object, count=count, data=data):
            return f"writes {_bytes(count)} to {thing(fd, object)}: {quoted(data)}"
        case Kill(target=target, sig=signal):
            whom = " (whom it may send it to)" if target == ANYBODY else ""
            return f"sends {signal} to {addressee(target)}{whom}"
        case Signal(sig=signal, sender=sender, action=action):
            origin = f" from {letter(sender)}" if sender and signal != "SIGPIPE" else ""
            if action == "taken":
                return f"{'waits; ' if event.blocked else ''}takes {signal}{origin}; no handler runs"
            return f"receives {signal}{origin}{_reaction(action)}"
        case SigAction(sig=signal, action=action):
            return f"from now on {signal} {_ACTIONS[action]}"
        case Setpgid(target=target, pgid=pgid):
            who = f"{letter(target)} " if target not in (0, event.pid) else ""
            own = pgid in (0, target or event.pid)
            return f"{who}goes into {'a process group of its own' if own else f'the process group of {letter(pgid)}'}"
        case Setsid():
            return "setsid() -> leads a new session without a terminal"
        case Tcsetpgrp(pgid=pgid):
            return f"gives the terminal to group {letter(pgid)}"
        case Stop(sig=signal):
            return f"is stopped by {signal}"
        case Cont():
            return "goes on"
        case Chdir(path=path):
            return f"chdir -> {path}"
        case Umask(mask=mask):
            return f"umask({mask:04o}): new files will not have these permissions"
        case Pause():
            return "sleeps until a signal comes"
        case Note(text=text):
            return f"note: {text}"
    return ""


_ACTIONS = {"default": "does what it does by default", "ignored": "is ignored", "handled": "is handled"}


def thing(fd: int, object: str) -> str:
    """What a descriptor means, in a learner's words."""
    if object in ("the output", "the input"):
        return _STANDARD.get(fd, object)
    return _named(object) or f"fd {fd}"


def _named(object: str) -> str:
    """The number of a pseudo-terminal is a matter of luck."""
    return "the terminal" if object.startswith("/dev/pts/") else object


def fate(status: int | None) -> str:
    """What a raw wait status says: `exit 3`, `killed by SIGTERM`."""
    if status is None:
        return "its status was not asked for"
    if os.WIFSTOPPED(status):
        return f"stopped by {signal_name(os.WSTOPSIG(status))}"
    if os.WIFCONTINUED(status):
        return "going on again"
    if os.WIFSIGNALED(status):
        return f"killed by {signal_name(os.WTERMSIG(status))}"
    return f"exit {os.WEXITSTATUS(status)}"


def _waiting(event: Wait) -> str:
    if event.errno:
        return "wait: there is no child to wait for" if event.errno == "ECHILD" else f"wait: {event.errno}"
    if not event.child:
        return "wait returns at once: no child has ended yet"
    raw = "" if event.status is None else f" (raw status {event.status:#06x})"
    return f"{'waits; ' if event.blocked else ''}wait returns: {letter(event.child)}, {fate(event.status)}{raw}"


def _reading(event: Read) -> str:
    origin = thing(event.fd, event.object)
    waits = "waits; " if event.blocked else ""
    if event.errno:
        return f"{waits}cannot read from {origin}: {event.errno}"
    if not event.count:
        return f"{waits}reads END OF FILE from {origin}"
    return f"{waits}reads {_bytes(event.count)} from {origin}: {quoted(event.data)}"


def _dup_call(event: Dup) -> str:
    return f"dup({event.old})" if event.call in ("dup", "fcntl") else f"dup2({event.old}, {event.new})"


def _range(first: int, last: int) -> str:
    return f"{first} {'on' if last >= _NO_LIMIT else f'to {last}'}"


def _bytes(count: int) -> str:
    return "1 byte" if count == 1 else f"{count} bytes"


def _searched(event: Exec) -> str:
    if not event.misses:
        return ""
    misses = "1 miss" if event.misses == 1 else f"{event.misses} misses"
    return f" ({'' if event.errno else 'found '}after {misses} along PATH)"


def _reaction(action: str) -> str:
    return {"handled": "; its handler runs", "ignored": "; ignored"}.get(action, "")


def coloured(text: str, pid: int) -> str:
    """The text in the colour of process 1, 2, 3 …"""
    return f"\033[{_COLOURS[(pid - 1) % len(_COLOURS)]}m{text}\033[0m"


def _laid_out(who: str, words: str, place: str, columns: int) -> list[str]:
    """Who, what, and its cause: on one line, in a terminal on as many as it needs, with the cause at the right.

    Control characters in names and arguments must not reach a terminal, nor make two lines of one.
    """
    who, words, cause = shown(who), shown(words), f"[{shown(place)}]" if place else ""
    text = f"{who}  {words}"
    if not columns:
        return [f"{text:<{_CAUSE_COLUMN}}  {cause}" if cause else text]
    columns = min(columns, _WIDEST)
    if len(text) + len(cause) + 2 * bool(cause) <= columns:
        return [f"{text:<{columns - len(cause)}}{cause}" if cause else text]
    import textwrap

    room = max(columns - len(who) - 2, _NARROWEST)
    lines = textwrap.wrap(words, room, break_on_hyphens=False)
    cause = cause if len(cause) <= room else f"{cause[: room - 2]}…]"
    if len(lines[-1]) + 2 + len(cause) > room:
        lines.append("")
    lines[-1] = f"{lines[-1]:<{room - len(cause)}}{cause}"
    return [f"{who if number == 0 else ' ' * len(who)}  {line}".rstrip() for number, line in enumerate(lines)]
