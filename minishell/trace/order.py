"""What had to come before what: the happens-before order of a trace, and logical time.

A blocked call has two points, its beginning and its end; every other event has one.  An edge says that one
point had to come before another: in the same process, by a fork, by bytes through a pipe, by the closing of the
last write end or the last read end, by a signal, by an end that somebody waited for.  The *level* of a point is
the length of the longest path that leads to it: time as far as it is not a matter of luck.  (L. Lamport, Time,
Clocks, and the Ordering of Events, CACM 21(7), 1978.)
"""

from __future__ import annotations

from collections import defaultdict, deque
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

from minishell.trace.event import (
    Close,
    Cont,
    Dup,
    Event,
    Exec,
    Exit,
    Fork,
    Kill,
    Killed,
    Pipe,
    Read,
    Setpgid,
    Setsid,
    Signal,
    Stop,
    Wait,
    Write,
)
from minishell.trace.names import ANYBODY, leader
from minishell.trace.world import World

if TYPE_CHECKING:
    from collections.abc import Sequence


Target: TypeAlias = "int | str"
"""Whom a signal is sent to: a process, `group 7`, or `all`."""


class Point(NamedTuple):
    """A moment of event number `event`; `begins` for the first of the two points of a blocked call."""

    event: int
    begins: bool = False


class Edge(NamedTuple):
    """`source` came before `target`.  `kind`: program fork data eof broken kill end vfork; `size` is bytes of data.

    `broken`: the last read end was closed, so that a write fails.
    """

    kind: str
    source: Point
    target: Point
    size: int = 0


@dataclass(slots=True)
class Order:
    """The points of a trace in one possible order, the edges between them, and each point's level."""

    points: list[Point] = field(default_factory=list)
    edges: list[Edge] = field(default_factory=list)
    levels: dict[Point, int] = field(default_factory=dict)


def order(events: Sequence[Event]) -> Order:
    """The order of these events, which come as they took effect."""
    builder = _Builder()
    for number, event in enumerate(events):
        builder.add(number, event)
    return builder.order


class _Builder:
    def __init__(self) -> None:
        self.order = Order()
        self._last: dict[int, Point] = {}
        self._born: dict[int, Point] = {}
        self._lender: dict[int, int] = {}  # child of a vfork → parent
        self._returned: dict[int, Point] = {}  # parent of a vfork → where the child gave its memory back
        self._fate: dict[int, Point] = {}
        self._group: dict[int, int] = {}
        self._sent: defaultdict[tuple[Target, str], list[tuple[Point, int]]] = defaultdict(list)
        self._looked_at: defaultdict[tuple[int, Target, str], int] = defaultdict(int)  # by process, target and signal
        self._waiting: defaultdict[tuple[int, Target, str], list[Point]] = defaultdict(list)
        self._written: defaultdict[str, deque[tuple[Point, int]]] = defaultdict(deque)
        self._closed: dict[str, Point] = {}
        self._read: set[str] = set()  # pipes that somebody can read from
        self._unread: dict[str, Point] = {}
        self._world = World()

    def add(self, number: int, event: Event) -> None:
        point = Point(number)
        if event.blocked:
            self._place(event.pid, Point(number, begins=True), [])
        self._place(event.pid, point, self._causes(event, point))
        self._effects(event, point)

    def _place(self, pid: int, point: Point, edges: list[Edge]) -> None:
        """Put the point after the process's last one, and after the sources of these edges."""
        if pid in self._last:
            edges = [Edge("program", self._last[pid], point), *edges]
        elif pid in self._born:
            edges = [Edge("fork", self._born[pid], point), *edges]
        if pid in self._returned:
            edges.append(Edge("vfork", self._returned.pop(pid), point))
        self.order.points.append(point)
        self.order.edges += edges
        self.order.levels[point] = max((self.order.levels[edge.source] + 1 for edge in edges), default=0)
        self._last[pid] = point

    def _causes(self, event: Event, point: Point) -> list[Edge]:
        """The edges that come from other processes."""
        match event:
            case Read(object=object, count=0, errno="") if object in self._closed:
                return [Edge("eof", self._closed[object], point)]
            case Write(object=object, errno="EPIPE") if object in self._unread:
                return [Edge("broken", self._unread[object], point)]
            case Read(object=object, count=count):
                return self._bytes(object, count, point)
            case Wait(child=child) if child in self._fate:
                return [Edge("end", self._fate[child], point)]
            case Signal(sig="SIGCHLD", sender=sender) if sender in self._fate:
                return [Edge("kill", self._fate[sender], point)]
            case Signal(sig=signal) | Killed(sig=signal) | Stop(sig=signal):
                return self._delivery(event.pid, signal, point)
            case Cont():
                return self._delivery(event.pid, "SIGCONT", point)
        return []

    def _bytes(self, object: str, count: int, point: Point) -> list[Edge]:
        """Bytes leave a pipe in the order in which they came; each belongs to one write."""
        edges = []
        queue = self._written[object]
        while count and queue:
            source, left = queue.popleft()
            taken = min(count, left)
            edges.append(Edge("data", source, point, taken))
            count -= taken
            if left > taken:
                queue.appendleft((source, left - taken))
        return edges

    def _delivery(self, pid: int, signal: str, point: Point) -> list[Edge]:
        """The latest sending that meant the process, its group or everybody, and has not reached it yet."""
        targets = (pid, f"group {self._group.get(pid, pid)}", "all")
        coming = [self._coming(pid, target, signal) for target in targets]
        latest = max(coming, key=lambda sent: sent[-1].event if sent else -1)
        return [Edge("kill", latest.pop(), point)] if latest else []

    def _coming(self, pid: int, target: Target, signal: str) -> list[Point]:
        """What was sent to the target and has not reached the process.  Who sends to all does not mean itself."""
        sent, looked_at = self._sent[target, signal], self._looked_at[pid, target, signal]
        waiting = self._waiting[pid, target, signal]
        waiting += [point for point, sender in sent[looked_at:] if target != "all" or sender != pid]
        self._looked_at[pid, target, signal] = len(sent)
        return waiting

    def _target(self, kill: Kill) -> Target:
        """kill(2): a process, a group, one's own group (0), or everybody (-1)."""
        if kill.target > 0:
            return kill.target
        if kill.target == ANYBODY:
            return "all"
        return f"group {leader(kill.target) or self._group.get(kill.pid, kill.pid)}"

    def _note_unread(self, point: Point) -> None:
        for pipe in [pipe for pipe in self._read if not self._world.is_held(pipe, "read")]:
            self._read.remove(pipe)
            self._unread[pipe] = point

    def _effects(self, event: Event, point: Point) -> None:
        """Remember what others may come to feel."""
        for pipe in self._world.apply(event):
            self._closed[pipe] = point
        match event:
            case Pipe(object=object, errno=""):
                self._read.add(object)
            case Close() | Dup() | Exec() | Exit() | Killed():
                self._note_unread(point)
        match event:
            case Fork(child=child) if child:
                self._born[child] = point
                self._group[child] = self._group.get(event.pid, event.pid)
                if event.via == "vfork":
                    self._lender[child] = event.pid
            case Write(object=object, count=count) if count and not object.startswith("/dev/"):
                begun = Point(point.event, begins=event.blocked)  # the bytes were there before the call came back
                self._written[object].append((begun, count))
            case Kill(errno=""):
                self._sent[self._target(event), event.sig].append((point, event.pid))
            case Setpgid(target=target, pgid=pgid, errno=""):
                self._group[target or event.pid] = pgid or target or event.pid
            case Setsid(errno=""):
                self._group[event.pid] = event.pid
            case Exit() | Killed() | Stop() | Cont():
                self._fate[event.pid] = point
        gives_back = isinstance(event, Exit | Killed | Exec) and not event.errno
        if gives_back and event.pid in self._lender:
            self._returned[self._lender.pop(event.pid)] = point
