"""The World beside /proc: at every stop of a watched program, what the events have told must be what the kernel says.

`Compared` is an observer that looks before each step.  Under the controlled schedule everybody stands still then;
what is left out is only what may have happened inside a call that has not come back to the observer yet.
"""

from __future__ import annotations

import array
import ctypes
import fcntl
import os
import signal
import termios
from collections import Counter
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, ClassVar

from minishell.trace import observer, table
from minishell.trace.event import Fork, Signal
from minishell.trace.observer import Observer, observe, observe_script
from minishell.trace.world import World
from tests import shells
from tests.truth.lines import prepared

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from minishell.trace.event import Event
    from minishell.trace.process import Process
    from minishell.trace.tracee import Tracee

CHANGE_NOTHING_OF_ONES_OWN = frozenset(
    (*table.KILLS, *table.FORKS, *table.MAY_BLOCK, *table.SLEEPS, *table.MAY_WAIT)
) - {"open", "openat", "openat2", "creat", "accept", "accept4"}
TIMEOUT_S = 120.0  # looking at everything takes its time
_O_CLOEXEC = 0o2000000
_PIDFD_GETFD = 438
_libc = ctypes.CDLL(None, use_errno=True)


def of_script(script: str, folder: Path) -> tuple[int, list[str]]:
    """How much was compared while an example script ran, and what was not the same."""
    with comparing() as compared:
        observe_script(script, timeout_s=TIMEOUT_S)
    return compared.counts.total(), compared.found


def of_line(line: str, folder: Path, *, shell: str) -> tuple[int, list[str]]:
    """The same while a shell ran a line."""
    with comparing() as compared:
        argv = [*shells.START[shell], "-c", line]
        observe(argv, cwd=str(prepared(folder)), env=shells.clean_environment(), timeout_s=TIMEOUT_S)
    return compared.counts.total(), compared.found


@contextmanager
def comparing() -> Iterator[type[Compared]]:
    """What is observed meanwhile is compared."""

    class Here(Compared):
        found: ClassVar[list[str]] = []
        counts: ClassVar[Counter[str]] = Counter()

    observer.Observer = Here  # type: ignore[misc]
    try:
        yield Here
    finally:
        observer.Observer = Observer  # type: ignore[misc]


class Compared(Observer):
    """Compares at each stop; `found` has the differences, `counts` says how often what was compared."""

    found: ClassVar[list[str]]
    counts: ClassVar[Counter[str]]

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.world = World()
        self._told: list[Event] = []
        self._applied = 0
        self.last: Event | None = None

    def _resume(self, tracee: Tracee, signal_number: int = 0) -> None:
        self.compare(tracee)
        super()._resume(tracee, signal_number)

    def _group_stop(self, tracee: Tracee, number: int) -> None:
        super()._group_stop(tracee, number)
        if tracee.stopped:
            self.compare(tracee)

    def compare(self, current: Tracee) -> None:
        """Everything that can be compared just now."""
        self.catch_up()
        self.counts["stops"] += 1
        living = {tracee.pid for tracee in self._tracees.values()}
        told = {pid for pid, process in self.world.processes.items() if process.state != "zombie"}
        self.same("processes", "the living", told - self.ended(), living - self.ended())
        for pid in sorted(living & told - self.ended()):
            if all(self.at_rest(tracee, current) for tracee in self._tracees.values() if tracee.pid == pid):
                self.compare_process(self.world.processes[pid], current)
        for process in self.world.processes.values():
            if process.state == "zombie" and not self.may_have_been_waited_for(process, current):
                self.same("zombies", process.pid, ids(process), stat(process.pid)[1:4])
                self.same("zombies", process.pid, "Z", stat(process.pid)[0])
        self.compare_pipes(current)

    def catch_up(self) -> None:
        """Tell the World what has been seen since the last time; a mark may have begun everything anew."""
        if self._told is not self._seen:
            self.world, self._told, self._applied = World(), self._seen, 0
        for event in self._seen[self._applied :]:
            self.world.apply(event)
            self.last = event
        self._applied = len(self._seen)

    def ended(self) -> set[int]:
        """Those whose end has been reported and not yet been looked at."""
        reports = self._schedule._reports.items()
        return {self._tracees[tid].pid for tid, status in reports if not os.WIFSTOPPED(status)}

    def at_rest(self, tracee: Tracee, current: Tracee) -> bool:
        """No call is under way that may have changed something of its process's own."""
        call = tracee.call
        just_begun = tracee is current and call is not None and call.turn == self._turn
        return call is None or just_begun or call.name in CHANGE_NOTHING_OF_ONES_OWN

    def may_have_been_waited_for(self, zombie: Process, current: Tracee) -> bool:
        calls = [(each, each.call) for each in self._tracees.values() if each.pid == zombie.ppid and each.call]
        return zombie.ppid in self.ended() or any(
            call.name in ("wait4", "waitid") and not (each is current and call.turn == self._turn)
            for each, call in calls
        )

    def compare_process(self, process: Process, current: Tracee) -> None:
        pid, (state, ppid, pgid, sid, _, foreground, *_) = process.pid, stat(process.pid)
        self.same("groups and sessions", pid, (process.pgid, process.sid), (pgid, sid))
        if process.ppid:
            self.same("parents", pid, process.ppid, ppid)
        else:
            self.same("orphans", pid, False, ppid in self.world.processes)
        self.same("terminals", pid, self.world.foreground.get(process.sid, -1), foreground)
        just_born = isinstance(self.last, Fork) and self.last.child == pid  # its first report is on the way
        if pid != current.pid and pid not in self._schedule._reports and not just_born:
            self.same("states", pid, process.state == "stopped", state in "tT")
        with open(f"/proc/{pid}/status") as file:
            status = dict(line.rstrip("\n").split(":\t", 1) for line in file if ":\t" in line)
        self.same("umasks", pid, process.umask, int(status["Umask"], 8))
        self.same("directories", pid, process.cwd, os.readlink(f"/proc/{pid}/cwd"))
        if not (isinstance(self.last, Signal) and self.last.pid == pid):  # what it resets is reset in a moment
            for action, name in (("ignored", "SigIgn"), ("handled", "SigCgt")):
                chosen = {number(sig) for sig, held in process.dispositions.items() if held.action == action}
                self.same("dispositions", pid, chosen, members(int(status[name], 16)))
        with open(f"/proc/{pid}/cmdline", "rb") as file:
            argv = [word.decode() for word in file.read().split(b"\0")[:-1]]
        if argv:  # a process that is just ending has none any more
            self.same("arguments", pid, list(process.argv[1:]), argv[len(argv) - len(process.argv) + 1 :])
        self.same("descriptors", pid, told(process), seen(pid))

    def compare_pipes(self, current: Tracee) -> None:
        """Who holds the ends is compared with the descriptors; here: how many bytes are in them."""
        for object, count in self.world.pipes.items():
            calls = [
                tracee.call
                for tracee in self._tracees.values()
                if tracee.call and not (tracee is current and tracee.call.turn == self._turn)
            ]
            holders = [*self.world.holders(object, "read"), *self.world.holders(object, "write")]
            holders = [(pid, fd) for pid, fd in holders if pid not in self.ended()]
            busy = any(object in (call.object, *call.words) or call.name in ("execve", "close") for call in calls)
            if holders and not busy:
                self.same("bytes in pipes", object, count, waiting(*holders[0]))

    def same(self, what: str, who: object, told: object, real: object) -> None:
        self.counts[what] += 1
        if told != real:
            self.found.append(f"{what} of {who} after {self.last}: told {told}, /proc says {real}")


def stat(pid: int) -> tuple[Any, ...]:
    """State, ppid, pgid, sid, terminal and its foreground group: proc_pid_stat(5)."""
    with open(f"/proc/{pid}/stat") as file:
        state, *rest = file.read().rpartition(") ")[2].split()
    return state, *map(int, rest[:5])


def ids(process: Process) -> tuple[int, int, int]:
    return process.ppid, process.pgid, process.sid


def number(name: str) -> int:
    base, _, above = name.partition("+")
    if name.isdigit():
        return int(name)
    return int(signal.SIGRTMIN) + int(above) if above else int(signal.Signals[base])


def members(mask: int) -> set[int]:
    return {number for number in range(1, 65) if mask >> (number - 1) & 1}


def told(process: Process) -> dict[int, tuple[str, str, bool]]:
    return {fd: (name(held.object), held.end, held.cloexec) for fd, held in sorted(process.table.items())}


def seen(pid: int) -> dict[int, tuple[str, str, bool]]:
    """The descriptor table of a process as /proc shows it."""
    table = {}
    for fd in sorted(map(int, os.listdir(f"/proc/{pid}/fd"))):
        object = os.readlink(f"/proc/{pid}/fd/{fd}")
        with open(f"/proc/{pid}/fdinfo/{fd}") as file:
            flags = next(int(line.split()[1], 8) for line in file if line.startswith("flags:"))
        end = ("read", "write", "read-write")[flags & os.O_ACCMODE] if object.startswith("pipe:") else ""
        table[fd] = (name(object), end, bool(flags & _O_CLOEXEC))
    return table


def name(object: str) -> str:
    """A file that has been removed since it was opened is still the same."""
    return object.removesuffix(" (deleted)")


def waiting(pid: int, fd: int) -> int:
    """How many bytes wait in the pipe, asked through a copy of the process's own descriptor."""
    process = os.pidfd_open(pid)
    copy = _libc.syscall(_PIDFD_GETFD, process, fd, 0)
    os.close(process)
    if copy < 0:
        raise OSError(ctypes.get_errno(), f"pidfd_getfd {pid} {fd}")
    count = array.array("i", [0])
    fcntl.ioctl(copy, termios.FIONREAD, count)
    os.close(copy)
    return count[0]
