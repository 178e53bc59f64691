"""Events → a picture in rows and lanes, still without a single pixel.

Each process has a lane, with its children to the right of it.  Time runs downwards in rows: a thing stands as
high as it can, just below everything that had to come before it (`trace.order`), so that the picture shows what
caused what and not how long anything took.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from minishell.show.labels import label
from minishell.trace.event import (
    Begin,
    Cloexec,
    Close,
    Event,
    Exit,
    Fork,
    Inherit,
    Killed,
    Open,
    Pause,
    Read,
    Stop,
    Umask,
)
from minishell.trace.fold import fold, is_pipe
from minishell.trace.names import letter
from minishell.trace.order import Edge, Order, Point, order
from minishell.trace.raw import raw
from minishell.trace.story import Programs, first_program
from minishell.trace.world import World

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

_STANDARD = range(3)
_BIRTH_ROWS = 2  # from a fork to the child's first event: its badge stands between


@dataclass(frozen=True)
class Dot:
    """One event, or the moment when one began to wait.  `room`: how many lanes wide its label may be."""

    row: int
    lane: int
    program: int
    kind: str
    label: str
    line: int | None
    call: str
    room: int = 1


@dataclass(frozen=True)
class Bar:
    """A stretch of a process's life.  `state`: runs, waits, stopped or zombie."""

    lane: int
    top: int
    bottom: int
    program: int
    state: str


@dataclass(frozen=True)
class Arrow:
    """From a row and lane to another.  `kind`: fork, data, eof, kill or end."""

    kind: str
    top: int
    source: int
    bottom: int
    target: int


@dataclass(frozen=True)
class Badge:
    """The head of a lane: which process begins here, as a copy of which program."""

    row: int
    lane: int
    program: int
    letter: str
    name: str


@dataclass
class Lanes:
    """The whole picture.  `programs` are their names; the numbers in bars, dots and badges point into it."""

    rows: int = 0
    lanes: int = 0
    programs: list[str] = field(default_factory=list)
    dots: list[Dot] = field(default_factory=list)
    bars: list[Bar] = field(default_factory=list)
    arrows: list[Arrow] = field(default_factory=list)
    badges: list[Badge] = field(default_factory=list)


def lanes(events: Iterable[Event]) -> Lanes:
    """The picture of these events."""
    world = World()
    told = [event for event in fold(events) if _is_drawn(event, ends_pipe=bool(world.apply(event)))]
    return _Drawing(told, order(told)).lanes if told else Lanes()


def _is_drawn(event: Event, *, ends_pipe: bool) -> bool:
    """A picture leaves out what programs do with their own files, and how they tidy up before they end."""
    match event:
        case Begin() | Inherit():
            return False  # they say what was so already
        case Cloexec() | Open() | Umask():
            return bool(event.cause)
        case Close(fd=fd, object=object, last=last):
            tidies_up = fd in _STANDARD and not ends_pipe
            return bool(event.cause) or last is not None or (is_pipe(object) and not tidies_up)
        case Read(object=object, fd=fd):
            return is_pipe(object) or fd == 0
    return True


class _Drawing:
    def __init__(self, events: Sequence[Event], ordered: Order) -> None:
        self._events = events
        self._ordered = ordered
        self._rows = _rows(ordered)
        self._births = {event.child: number for number, event in enumerate(events) if isinstance(event, Fork)}
        self._lane = {pid: lane for lane, pid in enumerate(_family(events))}
        self._programs = Programs(first_program(events))
        self.lanes = Lanes(rows=max(self._rows.values()) + 1, lanes=len(self._lane))
        for pid in self._lane:
            self._draw_badge(pid)
            self._draw_life(pid)
        self.lanes.dots = [replace(dot, room=self._room(dot)) for dot in self.lanes.dots]
        self.lanes.arrows = [arrow for edge in ordered.edges if (arrow := self._arrow(edge))]

    def _row(self, number: int) -> int:
        return self._rows[Point(number)]

    def _program(self, name: str) -> int:
        if name not in self.lanes.programs:
            self.lanes.programs.append(name)
        return self.lanes.programs.index(name)

    def _draw_badge(self, pid: int) -> None:
        birth = self._births.get(pid)
        row = 0 if birth is None else self._row(birth) + 1
        if birth is not None:
            self._programs.apply(self._events[birth])
        name = self._programs.name(pid)
        self.lanes.badges.append(Badge(row, self._lane[pid], self._program(name), letter(pid), name))

    def _draw_life(self, pid: int) -> None:
        """The dots of a process from its birth to its end, and the bars between them."""
        badge = self.lanes.badges[-1]
        row, state, program = badge.row, "runs", badge.program
        for point in [point for point in self._ordered.points if self._events[point.event].pid == pid]:
            event = self._events[point.event]
            self.lanes.bars.append(Bar(badge.lane, row, self._rows[point], program, state))
            self._programs.apply(event)
            program = self._program(self._programs.name(pid))
            row, state = self._rows[point], _state_after(event, begins=point.begins)
            self._draw_dot(point, program)
        self._draw_zombie(pid, row, program)

    def _draw_dot(self, point: Point, program: int) -> None:
        event = self._events[point.event]
        self.lanes.dots.append(
            Dot(
                row=self._rows[point],
                lane=self._lane[event.pid],
                program=program,
                kind="waits" if point.begins else "failed" if event.errno else event.kind,
                label=label(event, begins=point.begins),
                line=event.line,
                call=raw(event),
            )
        )

    def _room(self, dot: Dot) -> int:
        """How many lanes wide a label may be: until the next lane that is in use in its row."""
        used = [bar.lane for bar in self.lanes.bars if bar.lane > dot.lane and bar.top <= dot.row <= bar.bottom]
        return min(used, default=self.lanes.lanes) - dot.lane

    def _draw_zombie(self, pid: int, row: int, program: int) -> None:
        for edge in self._ordered.edges:
            event = self._events[edge.source.event]
            if edge.kind == "end" and event.pid == pid and isinstance(event, Exit | Killed):
                self.lanes.bars.append(Bar(self._lane[pid], row, self._rows[edge.target], program, "zombie"))

    def _arrow(self, edge: Edge) -> Arrow | None:
        source, target = self._events[edge.source.event], self._events[edge.target.event]
        if edge.kind in ("program", "vfork") or source.pid == target.pid:
            return None
        top, bottom = self._rows[edge.source], self._rows[edge.target]
        if edge.kind == "fork":
            bottom = top + 1
        elif edge.kind == "end":
            top = bottom
        return Arrow(edge.kind, top, self._lane[source.pid], bottom, self._lane[target.pid])


def _rows(ordered: Order) -> dict[Point, int]:
    """The row of each point: like its level, with room for the badges."""
    rows: dict[Point, int] = {}
    before: defaultdict[Point, list[Edge]] = defaultdict(list)
    for edge in ordered.edges:
        before[edge.target].append(edge)
    for point in ordered.points:
        steps = (rows[edge.source] + (_BIRTH_ROWS if edge.kind == "fork" else 1) for edge in before[point])
        rows[point] = max(steps, default=1)
    return rows


def _family(events: Sequence[Event]) -> list[int]:
    """The processes, children after their parent, the first child first."""
    children: defaultdict[int, list[int]] = defaultdict(list)
    for event in events:
        if isinstance(event, Fork) and event.child:
            children[event.pid].append(event.child)
    found, waiting = [], [events[0].pid]
    while waiting:
        pid = waiting.pop()
        found.append(pid)
        waiting += reversed(children[pid])
    return found


def _state_after(event: Event, *, begins: bool) -> str:
    match event:
        case _ if begins:
            return "waits"
        case Fork(via="vfork") | Pause():
            return "waits"
        case Stop():
            return "stopped"
    return "runs"


__all__ = ["Arrow", "Badge", "Bar", "Dot", "Lanes", "lanes"]
