"""What an observed submission did, in the form in which checks ask for it."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, TypeVar

from minishell.trace.event import Event, Exec, Exit, Fork, Killed, Wait
from minishell.trace.names import letter
from minishell.trace.world import World

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

Kind = TypeVar("Kind", bound=Event)
OUR_OWN = "line "


class Seen:
    """The events of one run of a submission.

    A program is named by the word under which it was called ("wc"), a process by its letter in the story (A is the
    submission itself).
    """

    def __init__(self, events: Sequence[Event]) -> None:
        self.events = tuple(events)
        self.first = self.events[0].pid if self.events else 0

    def all(self, kind: type[Kind]) -> list[Kind]:
        """The events of a kind that succeeded."""
        return [event for event in self.events if isinstance(event, kind) and not event.errno]

    @cached_property
    def forks(self) -> list[Fork]:
        """Every process that was made, but for the submission itself."""
        return self.all(Fork)

    @cached_property
    def letters(self) -> dict[int, str]:
        """The letter of each process."""
        born = [self.first, *(fork.child for fork in self.forks)]
        return {pid: letter(rank) for rank, pid in enumerate(born, start=1)}

    def letter(self, pid: int) -> str:
        """How the story calls a process."""
        return self.letters.get(pid, f"process {pid}")

    def programs(self, name: str) -> list[Exec]:
        """The processes that became this program; `name` is compared with word 0 and with the file's name."""
        return [event for event in self.all(Exec) if name in (called(event), event.path.rpartition("/")[2])]

    def end(self, pid: int) -> Exit | Killed | None:
        """How a process ended; None if it was still there."""
        ends = (event for event in self.events if isinstance(event, Exit | Killed) and event.pid == pid)
        return next(ends, None)

    def waited_for(self, pid: int) -> Wait | None:
        """The wait that took the status of this process."""
        waits = (event for event in self.all(Wait) if event.child == pid and ended(event.status))
        return next(waits, None)

    def worlds(self) -> Iterator[tuple[Event, World]]:
        """Each event with the world as it is just behind it."""
        world = World()
        for event in self.events:
            world.apply(event)
            yield event, world

    def place(self, event: Event) -> int:
        """Where an event stands in the order of all."""
        return next(number for number, each in enumerate(self.events) if each is event)


def called(event: Exec) -> str:
    """The last part of the word under which a program was called."""
    return event.argv[0].rpartition("/")[2] if event.argv else ""


def ended(status: int | None) -> bool:
    """Whether a wait status tells of an end, not of a stop."""
    return status is not None and status & 0xFF != 0x7F and status != 0xFFFF


def line_of(event: Event | None) -> int:
    """The line of the submission that made an event happen; 0 if that is not known."""
    if event is None or not event.cause.startswith(OUR_OWN):
        return 0
    return int(event.cause.removeprefix(OUR_OWN))
