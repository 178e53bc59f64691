"""The world that a trace tells of: its processes at any moment, what each of them has, and the pipes between them.

`World.apply` goes one event further.  What was there before the watching began is told by the events `begin` and
`inherit`; without them (a log of strace) a process has only what it has been seen to make.

Not known from events, and so not here: who waits inside a call that has not come back, descriptors that came in a
message (SCM_RIGHTS), and who adopts an orphan: its parent is then 0.  Bytes are counted in pipes that we know the
beginning of, and a write counts as a whole from its beginning, also while it waits for room.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from minishell.trace.effects import EFFECTS
from minishell.trace.process import Process

if TYPE_CHECKING:
    from collections.abc import Iterable

    from minishell.trace.event import Event
    from minishell.trace.process import Descriptor

ENDS = ("read", "write")


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
        effect = EFFECTS.get(type(event))
        if effect is None or event.errno:
            return []
        effect(self, self.process(event.pid), event)
        released, self._released = self._released, []
        pipes = dict.fromkeys(held.object for held in released if "write" in held.end)
        return [pipe for pipe in pipes if not self.is_held(pipe, "write")]

    def process(self, pid: int) -> Process:
        """The process of this number; one that nobody has told of yet leads its own group and session."""
        if pid not in self.processes:
            self.processes[pid] = Process(pid)
        return self.processes[pid]

    def table(self, pid: int) -> dict[int, Descriptor]:
        """What the descriptors of a process mean; nothing where there is no such process."""
        return self.processes[pid].table if pid in self.processes else {}

    def is_held(self, object: str, end: str) -> bool:
        """Somebody holds this end of the pipe."""
        return self._holding[object, end] > 0

    def holders(self, object: str, end: str) -> list[tuple[int, int]]:
        """Who holds this end of the pipe: pids and descriptors."""
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
            for end in ENDS:
                del self._holding[held.object, end]

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
