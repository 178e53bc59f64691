"""Events → a picture in rows and lanes, still without a single pixel.

Each process has a lane (`packing`).  Time runs downwards in rows: a thing stands as high as it can, just below
everything that had to come before it (`trace.order`), so that the picture shows what caused what and not how long
anything took.  It shows exactly the events that the story tells.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from minishell.show.labels import label, meaning
from minishell.show.packing import pack, parents
from minishell.trace.event import Event, Exec, Exit, Fork, Killed, Pause, Stop
from minishell.trace.fold import fold
from minishell.trace.names import OUTSIDE, letter
from minishell.trace.order import Edge, Order, Point, order
from minishell.trace.raw import raw
from minishell.trace.story import Programs, first_program, sentence

if TYPE_CHECKING:
    from collections.abc import Container, Iterable, Sequence

MOST_EVENTS = 500  # more rows than that nobody reads

_BIRTH_ROWS = 2  # from a fork to the child's first event: its badge stands between


@dataclass(frozen=True)
class Dot:
    """One event, or the moment when one began to wait."""

    row: int
    lane: int
    program: int
    kind: str
    label: str
    line: int | None
    call: str


@dataclass(frozen=True)
class Bar:
    """A stretch of a process's life.  `state`: runs, waits, stopped or zombie; `on`: it outlives the picture."""

    lane: int
    top: int
    bottom: int
    program: int
    state: str


@dataclass(frozen=True)
class Arrow:
    """From a row and lane to another.  `kind`: fork, data, eof, broken, kill or end; `meaning`: in words."""

    kind: str
    top: int
    source: int
    bottom: int
    target: int
    meaning: str = ""


@dataclass(frozen=True)
class Badge:
    """The head of a lane: which process begins here, as a copy of which program."""

    row: int
    lane: int
    program: int
    letter: str
    name: str


@dataclass(frozen=True)
class Part:
    """Some characters of the typed line, and the process that carried them out: as what program, if it became one."""

    start: int
    end: int
    text: str
    letter: str
    program: int


@dataclass
class Lanes:
    """The whole picture.  `programs` are their names; the numbers in bars, dots and badges point into it.

    `left_out`: so many events more were told than a picture can hold.  `joined`: so many reads and writes are drawn
    together with others.
    """

    rows: int = 0
    lanes: int = 0
    left_out: int = 0
    joined: int = 0
    programs: list[str] = field(default_factory=list)
    dots: list[Dot] = field(default_factory=list)
    bars: list[Bar] = field(default_factory=list)
    arrows: list[Arrow] = field(default_factory=list)
    badges: list[Badge] = field(default_factory=list)
    parts: list[Part] = field(default_factory=list)


def lanes(events: Iterable[Event], most: int = MOST_EVENTS) -> Lanes:
    """The picture of the first `most` of these events."""
    folded = fold(events)
    told = [number for number, event in enumerate(folded) if sentence(event)]
    if not told:
        return Lanes()
    shown = folded[: told[:most][-1] + 1]
    picture = _Drawing(shown, order(shown), set(told)).picture
    picture.left_out = max(len(told) - most, 0)
    return picture


class _Drawing:
    """`told`: the numbers of the events that are drawn; the others only have effects."""

    def __init__(self, events: Sequence[Event], ordered: Order, told: Container[int]) -> None:
        self._events = events
        self._rows = _rows(ordered, told)
        self._births = {event.child: number for number, event in enumerate(events) if isinstance(event, Fork)}
        self._points: defaultdict[int, list[Point]] = defaultdict(list)
        for point in ordered.points:
            if point.event in told:
                self._points[events[point.event].pid].append(point)
        self._awaited = {edge.source.event: edge.target for edge in ordered.edges if edge.kind == "end"}
        self._names = _program_names(events)
        self._parent = parents(events)
        lives = {pid: self._life(pid) for pid in self._parent}
        self._lane = pack(self._parent, lives)
        self.picture = Lanes(rows=1 + max(last for _, last in lives.values()), lanes=max(self._lane.values()) + 1)
        for pid in self._parent:
            self._draw(pid)
        self.picture.arrows = [arrow for edge in ordered.edges if (arrow := self._arrow(edge))]

    def _birth_row(self, pid: int) -> int:
        birth = self._births.get(pid)
        return 0 if birth is None else self._rows[Point(birth)] + 1

    def _last_row(self, pid: int) -> int:
        """Of its last event, or of its badge."""
        points = self._points[pid]
        return self._rows[points[-1]] if points else self._birth_row(pid)

    def _ended(self, pid: int) -> bool:
        return bool(self._points[pid]) and isinstance(self._events[self._points[pid][-1].event], Exit | Killed)

    def _life(self, pid: int) -> tuple[int, int]:
        """The rows from a process's badge to its last event, and on to where a zombie is waited for, or orphaned."""
        last, parent = self._last_row(pid), self._parent[pid]
        if self._ended(pid):
            awaited = self._awaited.get(self._points[pid][-1].event)
            if awaited is not None:
                last = self._rows[awaited]
            elif parent:
                last = max(last, self._last_row(parent))
        return self._birth_row(pid), last

    def _program(self, name: str) -> int:
        if name not in self.picture.programs:
            self.picture.programs.append(name)
        return self.picture.programs.index(name)

    def _draw(self, pid: int) -> None:
        """The badge of a process, the dots of its life and the bars between them."""
        birth = self._births.get(pid)
        outside = pid == OUTSIDE
        name = letter(pid) if outside else self._names.get((pid, birth), "")
        program = self._program(name)
        lane, row, state = self._lane[pid], self._birth_row(pid), "runs"
        self.picture.badges.append(Badge(row, lane, program, "?" if outside else letter(pid), name))
        for point in self._points[pid]:
            self.picture.bars.append(Bar(lane, row, self._rows[point], program, state))
            if not point.begins and not outside:
                program = self._program(self._names[pid, point.event])
            row, state = self._rows[point], _state_after(self._events[point.event], begins=point.begins)
            self._draw_dot(point, lane, program)
        self._draw_end(pid, Bar(lane, row, self._life(pid)[1], program, state))
        if birth is not None:
            self._note_part(self._events[birth].cause, pid, program)

    def _draw_dot(self, point: Point, lane: int, program: int) -> None:
        event = self._events[point.event]
        self.picture.dots.append(
            Dot(
                row=self._rows[point],
                lane=lane,
                program=program,
                kind="waits" if point.begins else "failed" if event.errno else event.kind,
                label=label(event, begins=point.begins),
                line=event.line,
                call=raw(event),
            )
        )

    def _draw_end(self, pid: int, rest: Bar) -> None:
        """What comes after the last event: a zombie, until its parent waits or ends; or life goes on."""
        ended = self._ended(pid)
        if rest.top < rest.bottom:
            self.picture.bars.append(replace(rest, state="zombie") if ended else rest)
        if not ended:
            self.picture.bars.append(replace(rest, top=rest.bottom, state="on"))

    def _note_part(self, cause: str, pid: int, program: int) -> None:
        """`span 5-10: wc -l`: which part of the line made this process."""
        word, _, rest = cause.partition(" ")
        if word == "span":
            place, _, text = rest.partition(": ")
            start, end = map(int, place.split("-"))
            self.picture.parts.append(Part(start, end, text, letter(pid), program))

    def _arrow(self, edge: Edge) -> Arrow | None:
        source, target = self._events[edge.source.event], self._events[edge.target.event]
        if edge.kind in ("program", "vfork") or source.pid == target.pid:
            return None
        top, bottom = self._rows[edge.source], self._rows[edge.target]
        if edge.kind == "fork":
            bottom = top + 1
        elif edge.kind == "end":
            top = bottom
        from_lane, to_lane = self._lane[source.pid], self._lane[target.pid]
        return Arrow(edge.kind, top, from_lane, bottom, to_lane, meaning(edge, source, target))


def _rows(ordered: Order, told: Container[int]) -> dict[Point, int]:
    """The row of each point: like its level, with room for the badges.  What is not told takes none."""
    rows: dict[Point, int] = {}
    before: defaultdict[Point, list[Edge]] = defaultdict(list)
    for edge in ordered.edges:
        before[edge.target].append(edge)
    for point in ordered.points:
        own = int(point.event in told)
        steps = (
            rows[edge.source] + (_BIRTH_ROWS - 1 + own if edge.kind == "fork" else own) for edge in before[point]
        )
        rows[point] = max(steps, default=own)
    return rows


def _program_names(events: Sequence[Event]) -> dict[tuple[int, int | None], str]:
    """What a process runs after each of its events, and after the one that made it (None: it was there before)."""
    programs = Programs(first_program(events))
    names: dict[tuple[int, int | None], str] = {}
    for number, event in enumerate(events):
        before = programs.name(event.pid)
        programs.apply(event)
        begun = isinstance(event, Exec) and not event.errno and not event.cause  # by whoever wrote the trace
        names.setdefault((event.pid, None), programs.name(event.pid) if begun else before)
        names[event.pid, number] = programs.name(event.pid)
        if isinstance(event, Fork):
            names[event.child, number] = programs.name(event.child)
    return names


def _state_after(event: Event, *, begins: bool) -> str:
    match event:
        case _ if begins:
            return "waits"
        case Fork(via="vfork") | Pause():
            return "waits"
        case Stop():
            return "stopped"
    return "runs"


__all__ = ["Arrow", "Badge", "Bar", "Dot", "Lanes", "Part", "lanes"]
