"""What a process did, or what happened to it: the record that every source fills and every reader understands.

Sources are the observer (`observer.py`), a strace log (`strace.py`) and the shell's own announcements.  Readers are
the story, the `World`, the picture and the checks of exercises; no reader knows which source fed it.

As text a trace is JSON lines.  The first line is the header, with the version.  Every other line is one event: `t`
(nanoseconds, when it began), `pid`, `kind`, `name` where a view gives one, `cause`, `errno` and all fields of its
kind; `end_ns`, `call` and `blocked` where they are not empty.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, TypedDict, TypeVar, dataclass_transform

from minishell.record import record

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

Class = TypeVar("Class", bound=type)

VERSION = 2
HEADER = {"minishell-trace": VERSION, "t": 0, "pid": 0, "kind": "trace", "name": "", "cause": ""}
_LEFT_OUT_IF_EMPTY = frozenset(("end_ns", "call", "blocked"))
KINDS: dict[str, type[Event]] = {}
FIELDS: dict[type, Mapping[str, str]] = {}
"""Of each kind: its fields, in their order, and what each holds"""


@dataclass_transform(frozen_default=True, kw_only_default=True)
def described(cls: Class) -> Class:
    """Make a record of a class of events; its fields have to be given by name.

    A hundred events are made for one short line, and most of them twice, with their causes and with stable names: a
    frozen dataclass would take four times as long.
    """
    FIELDS[cls] = {**FIELDS.get(cls.__mro__[1], {}), **cls.__annotations__}
    return record(cls)


@described
class Event:
    """One event.  Its subclass is its kind: `Fork` has the kind `fork`.

    `time_ns` is when it began and `end_ns` when it returned, on the clock of its source.  `cause` is what made
    it happen: `line 12` of a script, or `span 5-10: wc -l`, these characters of the line that a shell runs.
    `call` is the system call behind it, `errno` the name of its error (empty: it succeeded).  `blocked` says that the
    process had to wait inside the call.
    """

    time_ns: int = 0
    end_ns: int = 0
    pid: int
    cause: str = ""
    call: str = ""
    errno: str = ""
    blocked: bool = False

    kind = ""
    receives = False  # it takes effect when it returns, not when it begins

    def __init_subclass__(cls) -> None:
        cls.kind = cls.__name__.lower()
        KINDS[cls.kind] = cls

    @property
    def line(self) -> int | None:
        """The script line that made it happen, where one did."""
        word, _, number = self.cause.partition(" ")
        return int(number) if word == "line" else None

    @property
    def place(self) -> str:
        """What made it happen, in a reader's words: `line 12`, or the part of the line that the shell carried out."""
        return self.cause.partition(": ")[2] if self.cause.startswith("span ") else self.cause

    @property
    def moment_ns(self) -> int:
        """When others could notice: a write as soon as it begins.  A read has returned, and so has what failed."""
        return self.end_ns or self.time_ns if self.receives or self.errno else self.time_ns


@described
class Begin(Event):
    """From here on the process is watched, and this is what it is.  Its descriptors follow, each as an `inherit`.

    `ppid`, `pgid` and `sid` are its parent, group and session; `foreground` is the group that its terminal belongs to
    (0: it has no terminal); `ignored` and `handled` are the signals that do not do to it what they do by default.
    """

    ppid: int = 0
    pgid: int = 0
    sid: int = 0
    foreground: int = 0
    argv: tuple[str, ...] = ()
    cwd: str = ""
    umask: int = 0
    ignored: tuple[str, ...] = ()
    handled: tuple[str, ...] = ()


@described
class Inherit(Event):
    """A descriptor that the process has when the watching begins.  `count`: so many bytes wait in the pipe."""

    fd: int
    object: str
    mode: str = "read"
    cloexec: bool = False
    count: int = 0


@described
class Fork(Event):
    """A new process `child`, a copy of `pid`; `via` is fork or vfork (the parent waits until the child's exec).

    `flags`, those of clone(2) that change what is told here: files (both have one and the same descriptor table),
    parent (the child's parent is that of `pid`), clear_sighand (no signal is handled in the child).
    """

    child: int
    via: str = "fork"
    flags: str = ""


@described
class Thread(Event):
    """A new thread of `pid`.  What threads do is told of their process."""


@described
class Exec(Event):
    """The process becomes the program `path`; with an errno it stays what it was."""

    receives = True
    path: str
    argv: tuple[str, ...] = ()
    misses: int = 0  # failed attempts before this one, along PATH


@described
class Exit(Event):
    """The process ended by itself.  It stays as a zombie until its parent waits."""

    code: int


@described
class Killed(Event):
    """The process was ended by a signal."""

    sig: str
    core: bool = False


@described
class Wait(Event):
    """The process asked for the fate of a child.  `child` 0: nobody yet (WNOHANG), or an error.

    `target` is the argument of waitpid(2): a pid, -1 for any, or a negated process group.  `status` is the raw
    status.  `flags`: nohang (return at once), untraced (tell of stops too), continued, nowait (the child stays).
    """

    receives = True
    target: int
    child: int = 0
    status: int | None = None
    flags: str = ""


@described
class Pipe(Event):
    """A new pipe, with the descriptors of its two ends."""

    read: int
    write: int
    object: str
    cloexec: bool = False


@described
class Dup(Event):
    """Descriptor `new` now means what `old` means; what `new` meant before is closed."""

    old: int
    new: int
    object: str = ""
    cloexec: bool = False


@described
class Cloexec(Event):
    """Descriptor `fd` will be closed by exec (`on`), or will survive it; all from `fd` to `last` where given."""

    fd: int
    on: bool
    last: int | None = None


@described
class Close(Event):
    """Descriptor `fd` is closed; all from `fd` to `last` where `last` is given."""

    fd: int
    object: str = ""
    last: int | None = None


@described
class Open(Event):
    """A file was opened as `fd`.  `mode`: read, write or read-write, then create, truncate, append.

    `path` as it was given; `object` is what the descriptor then means, where that is something else: the whole path.
    What has no path (a socket, a file in memory) has only the name that /proc gives it.
    """

    path: str = ""
    fd: int = -1
    mode: str = "read"
    cloexec: bool = False
    object: str = ""


@described
class Read(Event):
    """`count` bytes came from `object` through `fd`; 0 is end of file.  `data` is their beginning."""

    receives = True
    fd: int
    object: str = ""
    count: int = 0
    data: str = ""


@described
class Write(Event):
    """`count` bytes went to `object` through `fd`.  `data` is their beginning."""

    fd: int
    object: str = ""
    count: int = 0
    data: str = ""


@described
class Kill(Event):
    """The process sent `sig` to `target`: a process, a negated process group, 0 (its own group) or -1 (everybody)."""

    target: int
    sig: str


@described
class Signal(Event):
    """A signal reached the process.  `sender` 0: the kernel.  `action`: handled, ignored, default; empty: unknown.

    `taken`: the process had blocked it, and asked for it with sigwait(3) or its kin; no handler runs.
    """

    receives = True
    sig: str
    sender: int = 0
    action: str = ""


@described
class SigAction(Event):
    """The process chose what `sig` will do to it: handled, ignored or default.

    `flags`, those of sigaction(2): nocldstop, nocldwait (children leave no zombies), restart (interrupted calls begin
    again), nodefer, resethand (handled once, then default).
    """

    sig: str
    action: str
    flags: str = ""


@described
class Setpgid(Event):
    """Process `target` (0: itself) went into group `pgid` (0: a group of its own)."""

    target: int
    pgid: int


@described
class Setsid(Event):
    """The process leads a new session, without a terminal."""


@described
class Tcsetpgrp(Event):
    """The terminal `fd` now belongs to group `pgid`."""

    fd: int
    pgid: int


@described
class Stop(Event):
    """The process was stopped by `sig`."""

    sig: str


@described
class Cont(Event):
    """The stopped process goes on."""


@described
class Chdir(Event):
    """The working directory changed.  `path` as it was given; `cwd` is where that leads, if the source knows."""

    path: str
    cwd: str = ""


@described
class Umask(Event):
    """Files that the process makes will not have the permissions `mask`."""

    mask: int


@described
class Pause(Event):
    """The process went to sleep until a signal comes."""


@described
class Mark(Event):
    """A note that the program left in its own stream of calls (`marks.py`)."""

    text: str


@described
class Note(Event):
    """What a reader should know of what is seen here, and what is not: `text`.  No call made it."""

    text: str


class Times(TypedDict):
    """When an event began and ended."""

    time_ns: int
    end_ns: int


def at(time_ns: int, end_ns: int = 0) -> Times:
    """The times of an event; one that took no time ends when it begins."""
    return Times(time_ns=time_ns, end_ns=end_ns or time_ns)


class Common(Times):
    """The fields that every event of a system call has."""

    pid: int
    call: str
    errno: str
    blocked: bool


def as_json(event: Event, **more: object) -> str:
    """One event as one line of JSON, without newline; `more` adds what a view knows, such as the name."""
    told: dict[str, Any] = {"t": event.time_ns, "pid": event.pid, "kind": event.kind, **more}
    for name in FIELDS[type(event)]:
        value = getattr(event, name)
        if name not in ("time_ns", "pid") and (value or name not in _LEFT_OUT_IF_EMPTY):
            told[name] = value
    return json.dumps(told, ensure_ascii=False)


def from_json(line: str) -> Event:
    """The event that `as_json` wrote.  KeyError: unknown kind.  Fields that the kind does not have are left out."""
    told: dict[str, Any] = json.loads(line)
    kind = KINDS[told["kind"]]
    told["time_ns"] = told["t"]
    known = FIELDS[kind]
    return kind(**{name: _hashable(value) for name, value in told.items() if name in known})


def load(lines: Iterable[str]) -> tuple[Event, ...]:
    """The events of a trace file.  ValueError: not a trace, or of another version."""
    rest = iter(lines)
    first = json.loads(next(rest, "null"))
    if not isinstance(first, dict) or first.get("minishell-trace") != VERSION:
        raise ValueError(f"this is not a minishell trace of version {VERSION}: it begins with {first!r}")
    return tuple(from_json(line) for line in rest if line.strip())


def _hashable(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value
