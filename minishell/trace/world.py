"""The world that a trace tells of: its processes at any moment, what each of them has, and the pipes between them.

`World.apply` goes one event further.  What was there before the watching began is told by the events `begin` and
`inherit`; without them (a log of strace) a process has only what it has been seen to make.

Not known from events, and so not here: who waits inside a call that has not come back, descriptors that came in a
message (SCM_RIGHTS), and who adopts an orphan: its parent is then 0.  Bytes are counted in pipes that we know the
beginning of, and a write counts as a whole from its beginning, also while it waits for room.
"""

from __future__ import annotations

import os
from collections import Counter
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from minishell.trace.event import (
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
    Inherit,
    Killed,
    Open,
    Pipe,
    Read,
    Setpgid,
    Setsid,
    SigAction,
    Signal,
    Stop,
    Tcsetpgrp,
    Umask,
    Wait,
    Write,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

ENDS = ("read", "write")


@dataclass(frozen=True, slots=True)
class Descriptor:
    """What a descriptor means.  `end` is read or write (or read-write) for a pipe; `cloexec`: exec closes it."""

    object: str
    end: str = ""
    cloexec: bool = False


@dataclass(frozen=True, slots=True)
class Disposition:
    """What a signal will do: handled or ignored; `flags` as in `SigAction`."""

    action: str
    flags: str = ""


@dataclass(slots=True, eq=False)
class Process:
    """One process.  `state` is running, stopped or zombie; a signal that has no disposition does its default."""

    pid: int
    ppid: int = 0
    pgid: int = 0
    sid: int = 0
    argv: tuple[str, ...] = ()
    cwd: str = ""
    umask: int | None = None
    state: str = "running"
    table: dict[int, Descriptor] = field(default_factory=dict)
    shares_table: bool = False
    dispositions: dict[str, Disposition] = field(default_factory=dict)
    children: dict[int, Process] = field(default_factory=dict)


class World:
    """All processes, kept up to date by `apply`.

    `pipes` says how many bytes wait in each pipe, `foreground` which group has the terminal of each session.
    """

    def __init__(self) -> None:
        self.processes: dict[int, Process] = {}
        self.pipes: dict[str, int] = {}
        self.foreground: dict[int, int] = {}
        self._holding: Counter[tuple[str, str]] = Counter()  # object and end → how many descriptors mean it
        self._released: list[Descriptor] = []

    def apply(self, event: Event) -> list[str]:
        """Go one event further.  Returns the pipes that lost their last write end: readers now see end of file."""
        effect = _EFFECTS.get(type(event))
        if effect is None or event.errno:
            return []
        effect(self, self.process(event.pid), event)
        released, self._released = self._released, []
        pipes = dict.fromkeys(held.object for held in released if "write" in held.end)
        return [pipe for pipe in pipes if not self._holding[pipe, "write"]]

    def process(self, pid: int) -> Process:
        """The process of this number; one that nobody has told of yet leads its own group and session."""
        if pid not in self.processes:
            self.processes[pid] = Process(pid, pgid=pid, sid=pid)
        return self.processes[pid]

    def table(self, pid: int) -> dict[int, Descriptor]:
        """What the descriptors of a process mean; nothing where there is no such process."""
        return self.processes[pid].table if pid in self.processes else {}

    def holders(self, object: str, end: str) -> list[tuple[int, int]]:
        """Who holds this end of the pipe: pids and descriptors."""
        if not self._holding[object, end]:
            return []
        return [
            (process.pid, fd)
            for process in self.processes.values()
            for fd, held in process.table.items()
            if held.object == object and end in held.end
        ]

    def group(self, pgid: int) -> list[int]:
        """The members of a process group; a zombie is still one."""
        return [process.pid for process in self.processes.values() if process.pgid == pgid]

    # Descriptors

    def put(self, process: Process, fd: int, held: Descriptor) -> None:
        """From now on `fd` means this; what it meant before is closed."""
        self.close(process, (fd,))
        process.table[fd] = held
        self._count(held, 1)

    def close(self, process: Process, fds: Iterable[int]) -> None:
        """These descriptors, as far as they are open, mean nothing any more."""
        for fd in fds:
            if held := process.table.pop(fd, None):
                self._count(held, -1)
                self._released += [held] if held.end else []

    def _count(self, held: Descriptor, change: int) -> None:
        if not held.end:
            return
        for end in ENDS:
            if end in held.end:
                self._holding[held.object, end] += change
        if not any(self._holding[held.object, end] for end in ENDS):
            self.pipes.pop(held.object, None)  # nobody can read what is still in it

    def copy_table(self, source: Process, target: Process) -> None:
        """`target` has the same descriptors as `source`, in a table of its own."""
        target.table, target.shares_table = dict(source.table), False
        for held in target.table.values():
            self._count(held, 1)

    def leave_table(self, process: Process) -> None:
        """Close all, unless another process has the same table."""
        shared = process.shares_table and any(
            other is not process and other.table is process.table for other in self.processes.values()
        )
        if not shared:
            self.close(process, list(process.table))
        process.table, process.shares_table = {}, False

    # Processes

    def adopt(self, child: Process, ppid: int) -> None:
        """`child` is now a child of `ppid`, which may be somebody who is not watched."""
        if former := self.processes.get(child.ppid):
            former.children.pop(child.pid, None)
        child.ppid = ppid
        if parent := self.processes.get(ppid):
            parent.children[child.pid] = child

    def forget(self, process: Process) -> None:
        """The process has been waited for: nothing is left of it."""
        self.adopt(process, 0)
        self.processes.pop(process.pid, None)


# What each kind of event changes


def _begin(world: World, process: Process, event: Begin) -> None:
    world.leave_table(process)
    world.adopt(process, event.ppid)
    process.pgid, process.sid = event.pgid, event.sid
    process.argv, process.cwd, process.umask = event.argv, event.cwd, event.umask
    process.dispositions = dict.fromkeys(event.ignored, Disposition("ignored"))
    process.dispositions |= dict.fromkeys(event.handled, Disposition("handled"))
    if event.foreground:
        world.foreground[event.sid] = event.foreground


def _inherit(world: World, process: Process, event: Inherit) -> None:
    world.put(process, event.fd, Descriptor(event.object, end_of(event.object, event.mode), event.cloexec))
    if end_of(event.object, event.mode):
        world.pipes[event.object] = event.count


def _fork(world: World, process: Process, event: Fork) -> None:
    if stale := world.processes.get(event.child):  # its number is used again: nobody has told of its end
        _end(world, stale, event)
        world.forget(stale)
    child = world.processes[event.child] = replace(process, pid=event.child, ppid=0, children={}, state="running")
    child.dispositions = dict(process.dispositions)
    if "clear_sighand" in event.flags:
        child.dispositions = _without_handlers(child)
    if "files" in event.flags:
        process.shares_table = child.shares_table = True
    else:
        world.copy_table(process, child)
    world.adopt(child, process.ppid if "parent" in event.flags else process.pid)


def _exec(world: World, process: Process, event: Exec) -> None:
    if process.shares_table:
        shared = replace(process)
        world.leave_table(process)
        world.copy_table(shared, process)
    world.close(process, [fd for fd, held in process.table.items() if held.cloexec])
    process.argv = event.argv
    process.dispositions = _without_handlers(process)


def _without_handlers(process: Process) -> dict[str, Disposition]:
    """The code of a handler is not there any more; to ignore a signal needs no code.  POSIX.1-2024 XSH exec."""
    return {sig: Disposition("ignored") for sig, held in process.dispositions.items() if held.action == "ignored"}


def _end(world: World, process: Process, event: Event) -> None:
    """A zombie keeps its number, its parent, its group and its session; everything else is given back."""
    world.leave_table(process)
    for child in list(process.children.values()):
        world.adopt(child, 0)
        if child.state == "zombie":
            world.forget(child)  # whoever has adopted it waits for it at once
    if process.pid == process.sid:
        world.foreground.pop(process.sid, None)
    parent = world.processes.get(process.ppid)
    process.state = "zombie"
    if parent is None or _wants_no_zombies(parent):
        world.forget(process)


def _wants_no_zombies(parent: Process) -> bool:
    action = parent.dispositions.get("SIGCHLD", Disposition("default"))
    return action.action == "ignored" or "nocldwait" in action.flags


def _wait(world: World, process: Process, event: Wait) -> None:
    child = world.processes.get(event.child)
    told_of_a_stop = event.status is not None and (os.WIFSTOPPED(event.status) or os.WIFCONTINUED(event.status))
    if child and child.state == "zombie" and not told_of_a_stop and "nowait" not in event.flags:
        world.forget(child)


def _pipe(world: World, process: Process, event: Pipe) -> None:
    world.put(process, event.read, Descriptor(event.object, "read", event.cloexec))
    world.put(process, event.write, Descriptor(event.object, "write", event.cloexec))
    world.pipes[event.object] = 0


def _open(world: World, process: Process, event: Open) -> None:
    object = event.object or event.path
    world.put(process, event.fd, Descriptor(object, end_of(object, event.mode), event.cloexec))


def _dup(world: World, process: Process, event: Dup) -> None:
    if event.old != event.new:
        meaning = process.table.get(event.old, Descriptor(event.object))
        world.put(process, event.new, replace(meaning, cloexec=event.cloexec))


def _cloexec(world: World, process: Process, event: Cloexec) -> None:
    for fd in _range(process, event):
        process.table[fd] = replace(process.table[fd], cloexec=event.on)


def _close(world: World, process: Process, event: Close) -> None:
    world.close(process, _range(process, event))


def _range(process: Process, event: Close | Cloexec) -> list[int]:
    """The open descriptors that the event is about."""
    if event.last is None:
        return [event.fd] if event.fd in process.table else []
    return [fd for fd in process.table if event.fd <= fd <= event.last]


def _read(world: World, process: Process, event: Read) -> None:
    if event.object in world.pipes:
        world.pipes[event.object] -= event.count


def _write(world: World, process: Process, event: Write) -> None:
    if event.object in world.pipes:
        world.pipes[event.object] += event.count


def _sigaction(world: World, process: Process, event: SigAction) -> None:
    if event.action == "default" and not event.flags:
        process.dispositions.pop(event.sig, None)
    else:
        process.dispositions[event.sig] = Disposition(event.action, event.flags)


def _signal(world: World, process: Process, event: Signal) -> None:
    action = process.dispositions.get(event.sig)
    if action and action.action == "handled" and "resethand" in action.flags:
        del process.dispositions[event.sig]


def _setpgid(world: World, process: Process, event: Setpgid) -> None:
    target = world.process(event.target or process.pid)
    target.pgid = event.pgid or target.pid


def _setsid(world: World, process: Process, event: Setsid) -> None:
    process.pgid = process.sid = process.pid


def _tcsetpgrp(world: World, process: Process, event: Tcsetpgrp) -> None:
    world.foreground[process.sid] = event.pgid


def _stop(world: World, process: Process, event: Stop) -> None:
    process.state = "stopped"


def _cont(world: World, process: Process, event: Cont) -> None:
    process.state = "running"


def _chdir(world: World, process: Process, event: Chdir) -> None:
    process.cwd = event.cwd or os.path.normpath(os.path.join(process.cwd, event.path))


def _umask(world: World, process: Process, event: Umask) -> None:
    process.umask = event.mask


def end_of(object: str, mode: str) -> str:
    """Which end of a pipe a descriptor is that was opened so; nothing where the object is no pipe."""
    return mode.partition(",")[0] if object.startswith("pipe") else ""


_EFFECTS: dict[type[Event], Callable[[World, Process, Any], None]] = {
    Begin: _begin,
    Inherit: _inherit,
    Fork: _fork,
    Exec: _exec,
    Exit: _end,
    Killed: _end,
    Wait: _wait,
    Pipe: _pipe,
    Open: _open,
    Dup: _dup,
    Cloexec: _cloexec,
    Close: _close,
    Read: _read,
    Write: _write,
    SigAction: _sigaction,
    Signal: _signal,
    Setpgid: _setpgid,
    Setsid: _setsid,
    Tcsetpgrp: _tcsetpgrp,
    Stop: _stop,
    Cont: _cont,
    Chdir: _chdir,
    Umask: _umask,
}
