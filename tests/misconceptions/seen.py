"""Runs under the eyes of the observer: beliefs are tested on what happened, not on what was printed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

from minishell.lessons.library import default_folder
from minishell.lessons.run import Example, trace
from minishell.lessons.stage import play, room_for
from minishell.trace.event import Event, Exec, Exit, Fork, Killed, Write, load
from minishell.trace.world import World

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

Kind = TypeVar("Kind", bound=Event)


def events_of(script: str, **ending: Any) -> tuple[Event, ...]:
    """The events of an example, `05-file-descriptors/os_fd_open.py`; `exit=` and `signal=` state its end."""
    lesson, _, args = script.partition("/")
    example = Example(default_folder() / lesson, args, **ending)
    seen = trace(example)
    assert seen.how == "ended", f"{script}: {seen.how}"
    assert ended(load(seen.events)) == (example.signal or example.exit), seen.output
    return load(seen.events)


def events_of_line(line: str, lesson: str = "22-pipelines", status: int = 0) -> tuple[Event, ...]:
    """The events of a line that minishell runs in a copy of the lesson's folder; `status` is how it has to end."""
    with room_for(default_folder() / lesson) as room:
        file = room.temporary / "events"
        outcome = play(room, ["minishell", "--trace", room.inside(file), "-c", line], seed=line)
        assert outcome.how == "ended", f"{line}: {outcome.how}"
        assert outcome.status >> 8 == status, outcome.output.decode()
        with file.open() as lines:
            return load(lines)


def ended(events: Sequence[Event], pid: int = 0) -> int | str:
    """The exit status of a process, or the name of the signal that killed it; of the first one unless said."""
    wanted = pid or events[0].pid
    end = next(event for event in events if isinstance(event, Exit | Killed) and event.pid == wanted)
    return end.code if isinstance(end, Exit) else end.sig


def of_kind(events: Sequence[Event], kind: type[Kind], **fields: object) -> list[Kind]:
    """The events of one kind that succeeded (or failed as `errno=` says), and whose fields are these."""
    wanted = {"errno": "", **fields}
    return [
        event
        for event in events
        if isinstance(event, kind) and all(getattr(event, name) == value for name, value in wanted.items())
    ]


def children(events: Sequence[Event], parent: int = 0) -> list[int]:
    """The children of a process in the order of their birth; of the first one unless said."""
    return [fork.child for fork in of_kind(events, Fork, pid=parent or events[0].pid)]


def runner(events: Sequence[Event], program: str) -> int:
    """The pid of the one process that became this program."""
    pids = {event.pid for event in of_kind(events, Exec) if event.argv[0] == program}
    assert len(pids) == 1, f"{program} was run by {len(pids)} processes"
    return pids.pop()


def written(events: Sequence[Event], object: str, pid: int | None = None) -> str:
    """What was written to one object, by everybody or by one process.  Long data is shown by its beginning."""
    return "".join(event.data for event in of_kind(events, Write, object=object) if pid is None or event.pid == pid)


def worlds(events: Sequence[Event]) -> Iterator[tuple[Event, World]]:
    """Each event with the world as it was just before."""
    world = World()
    for event in events:
        yield event, world
        world.apply(event)


def table_at(events: Sequence[Event], moment: Event) -> dict[int, str]:
    """What the descriptors of the process meant just before the event: number and object."""
    for event, world in worlds(events):
        if event is moment:
            return {fd: held.object for fd, held in sorted(world.table(event.pid).items())}
    raise AssertionError("this event is not of this run")


def table_given(events: Sequence[Event], program: str) -> dict[int, str]:
    """What the descriptors of the one process meant that became `program`, just after its exec."""
    pid = runner(events, program)
    world = World()
    for event in events:
        world.apply(event)
        if isinstance(event, Exec) and not event.errno and event.pid == pid:
            return {fd: held.object for fd, held in sorted(world.table(pid).items())}
    raise AssertionError(f"nobody became {program}")


def before(events: Sequence[Event], first: Event, second: Event) -> bool:
    """Whether one event took effect before the other."""
    return events.index(first) < events.index(second)
