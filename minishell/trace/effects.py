"""What each kind of event changes in the `World`: one small function a kind."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

from minishell.record import replace
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
from minishell.trace.process import Descriptor, Disposition, Process, end_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from minishell.trace.world import World


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
    child = world.processes[event.child] = Process(event.child)
    child.pgid, child.sid, child.argv = process.pgid, process.sid, process.argv
    child.cwd, child.umask = process.cwd, process.umask
    clears = "clear_sighand" in event.flags
    child.dispositions = _without_handlers(process) if clears else dict(process.dispositions)
    if "files" in event.flags:
        child.table = process.table
        process.shares_table = child.shares_table = True
    else:
        world.copy_table(process, child)
    world.adopt(child, process.ppid if "parent" in event.flags else process.pid)


def _exec(world: World, process: Process, event: Exec) -> None:
    if process.shares_table:
        former = Process(process.pid)
        former.table = process.table
        world.leave_table(process)
        world.copy_table(former, process)
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
    if action and event.action != "taken" and action.action == "handled" and "resethand" in action.flags:
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


EFFECTS: dict[type[Event], Callable[[World, Process, Any], None]] = {
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
