"""From everything that happened to what is worth telling: stable names, one line for many that say the same.

Folded are failed attempts along PATH, what the dynamic loader and the C library open before a program begins, what an
interpreter does for itself, a signal and the death it causes, and long runs of equal reads and writes.
"""

from __future__ import annotations

import os
import re
from itertools import groupby
from typing import TYPE_CHECKING

from minishell.record import replace
from minishell.trace.event import (
    Cloexec,
    Close,
    Dup,
    Event,
    Exec,
    Fork,
    Killed,
    Mark,
    Open,
    Pause,
    Read,
    SigAction,
    Signal,
    Stop,
    Wait,
    Write,
)
from minishell.trace.names import Naming

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

_SHORT_RUN = 5  # so many equal reads or writes on a pipe are still told one by one
_LOADER = re.compile(
    rf"^{re.escape(os.path.dirname(os.path.dirname(__file__)))}/|"  # modules of ours that are imported late
    r"^(/usr)?/lib(32|64)?/|^/etc/(ld\.so|locale|nsswitch|localtime)|^/usr/share/(locale|i18n|zoneinfo)"
    r"|^/proc/(self|\d+|filesystems|meminfo|cpuinfo|mounts|sys)\b|^/sys/|/lib/python3|\.so(\.[\d.]+)?$|\.pyc$|/pyvenv\.cfg$|^/dev/urandom$"
)


class SoFar:
    """What goes along with events that come in parts: their names, and what each process is and has opened."""

    def __init__(self) -> None:
        self.naming = Naming()
        self.scripted = False
        self.became: set[int] = set()  # another program than it was
        self.arguments: dict[int, frozenset[str]] = {}
        self.known: set[tuple[int, str]] = set()  # what was told to be opened
        self.told: set[str] = set()  # and by whomever


def fold(events: Iterable[Event], so_far: SoFar | None = None) -> tuple[Event, ...]:
    """What is worth telling, with stable names, in the same order.  `so_far` knows the parts before."""
    so_far = so_far or SoFar()
    named = map(so_far.naming.rename, events)
    told = [_at_once(event) for event in _attempts(named) if not isinstance(event, Mark)]
    told = list(_fates(_without_noise(list(_restarts(told)), so_far)))
    return tuple(joined for _, run in groupby(told, _alike) for joined in _join(list(run)))


def is_pipe(object: str) -> bool:
    """True for `pipe 1`."""
    return object.startswith("pipe ")


def _attempts(events: Iterable[Event]) -> Iterator[Event]:
    """Fold the failed attempts of an exec into the next one; when all fail, the last one stays."""
    failed: dict[int, list[Exec]] = {}
    for event in events:
        if isinstance(event, Exec) and event.errno:
            failed.setdefault(event.pid, []).append(event)
            continue
        missed = failed.pop(event.pid, [])
        if isinstance(event, Exec):
            yield replace(event, misses=len(missed))
            continue
        if missed:
            yield replace(missed[-1], misses=len(missed) - 1)
        yield event


def _at_once(event: Event) -> Event:
    """A pause is told when it begins; what ends it is an event of its own."""
    return replace(event, blocked=False, errno="") if isinstance(event, Pause) else event


def _restarts(events: Sequence[Event]) -> Iterator[Event]:
    """Leave out calls that a signal interrupted but that began again, as if nothing had been, by themselves.

    Watching causes some of these: a signal that nobody handles interrupts the call of a traced process.
    """
    after: dict[int, Event] = {}
    handled = set()
    for event in reversed(events):
        following = after.get(event.pid)
        if isinstance(following, Signal) and following.action in ("handled", ""):
            handled.add(id(event))
        after[event.pid] = event
    interrupted: dict[int, Event] = {}
    for event in events:
        if event.errno == "EINTR" and id(event) not in handled:
            interrupted[event.pid] = event
            continue
        before = interrupted.get(event.pid)
        if before is not None and before.kind == event.kind:
            event = replace(event, time_ns=before.time_ns, blocked=before.blocked or event.blocked)
            del interrupted[event.pid]
        yield event


def _without_noise(events: Sequence[Event], so_far: SoFar) -> Iterator[Event]:
    known, told, arguments, became = so_far.known, so_far.told, so_far.arguments, so_far.became
    scripted = so_far.scripted = so_far.scripted or any(event.cause for event in events)
    for event in events:
        asked = bool(event.cause) and event.pid not in became  # by a line, not by a program that it started
        own = scripted and event.pid not in became and not event.cause  # the interpreter's, not the script's
        match event:
            case Exec(errno=""):
                became.add(event.pid)
                arguments[event.pid] = frozenset(event.argv)
            case Fork(child=child) if event.pid in became:
                became.add(child)
            case Open() | Close(last=None) if own and not is_pipe(getattr(event, "object", "")):
                continue
            case Write(count=0, errno="", object=object) if not is_pipe(object):
                continue
            case Open(path="", object=object) if not asked or object.startswith("anon_inode:"):
                continue
            case Open(path=path, errno=error):
                typed = path in event.cause or path in arguments.get(event.pid, ())  # cat /proc/self/status
                if not typed and (_LOADER.search(path) or (error and not asked)):
                    continue
                known.add((event.pid, event.object or path))
                told.add(event.object or path)
            case Read(fd=0, object=object) if _LOADER.search(object) and object not in told:
                continue  # a loader's, where standard input is closed
            case Read(fd=fd, object=object) if not is_pipe(object) and fd and (event.pid, object) not in known:
                continue
            case Close(last=None, object=object) if not is_pipe(object):
                wanted = (event.pid, object) in known or (asked and not _LOADER.search(object))
                if event.errno or not wanted or object.startswith("anon_inode:"):
                    continue
            case SigAction(action=action, sig=signal):
                of_libc = signal.isdigit()  # 32 and 33 are not for programs
                if of_libc or action == "default" or event.errno or (scripted and not asked):
                    continue
            case Signal(sig="SIGCHLD", action="handled") if _by_shell(event):
                continue  # a line editor's
            case Signal(sig="SIGCHLD", action="default" | "ignored" | ""):
                continue
            case Write(object=object) if object.startswith("socket ") and event.pid not in became:
                continue  # how Python wakes an editor that waits for keys
            case Wait(child=0, errno="" | "ECHILD", flags=flags) if "nohang" in flags and event.pid not in became:
                if not event.cause or _by_shell(event):
                    continue  # the shell looks whether a job has ended
            case Dup(errno=error) | Cloexec(errno=error) if error and not asked:
                continue
        yield event


def _by_shell(event: Event) -> bool:
    return event.cause.startswith("span ")


def _fates(events: Iterable[Event]) -> Iterator[Event]:
    """Leave out a signal where its effect follows: the process is killed or stopped by it."""
    events = list(events)
    following: dict[int, Event] = {}
    kept = []
    for event in reversed(events):
        after = following.get(event.pid)
        following[event.pid] = event
        if isinstance(event, Signal) and isinstance(after, Killed | Stop) and after.sig == event.sig:
            continue
        kept.append(event)
    yield from reversed(kept)


def _alike(event: Event) -> tuple[object, ...]:
    match event:
        case Read(fd=fd, object=object, count=count) | Write(fd=fd, object=object, count=count) if count:
            return (event.pid, event.kind, event.cause, fd, object)
        case Wait(child=0, errno=""):
            return (event.pid, event.kind, event.cause)
    return (id(event),)


def _join(run: list[Event]) -> list[Event]:
    first = run[0]
    match first:
        case Read(object=object) | Write(object=object) if not is_pipe(object) or len(run) >= _SHORT_RUN:
            parts = [part for part in run if isinstance(part, Read | Write)]
            count, data = sum(part.count for part in parts), "".join(part.data for part in parts)
            return [replace(first, end_ns=run[-1].end_ns, count=count, data=data)]
        case Wait():
            return [first]
    return run
