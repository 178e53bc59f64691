"""What many people believe of wait and statuses, and what happens instead (lessons 10, 13 and 14)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from minishell.trace.event import Event, Exec, Exit, Kill, Killed, Wait
from tests.misconceptions.seen import before, children, ended, events_of, of_kind, written

if TYPE_CHECKING:
    from collections.abc import Sequence


def collected(events: Sequence[Event], child: int) -> Wait:
    """The wait that brought the status of a child, and took it from the table."""
    *_, last = of_kind(events, Wait, child=child)
    return last


def end_of(events: Sequence[Event], pid: int) -> Event:
    (end,) = [event for event in events if isinstance(event, Exit | Killed) and event.pid == pid]
    return end


@pytest.mark.belief(19, 20, 26)
def test_a_wait_status_holds_eight_bits_of_the_number_and_a_signal() -> None:
    events = events_of("13-wait/statuses.py")
    assert [collected(events, child).status for child in children(events)] == [0, 3 << 8, 0, 255 << 8, 15, 9]
    assert [ended(events, child) for child in children(events)] == [0, 3, 0, 255, "SIGTERM", "SIGKILL"]


@pytest.mark.belief(21)
def test_sigkill_does_not_remove_a_zombie_but_wait_does() -> None:
    events = events_of("13-wait/zombie.py")
    (child,) = children(events)
    (kill,) = of_kind(events, Kill, target=child, sig="SIGKILL")
    assert ended(events, child) == 7
    assert before(events, end_of(events, child), kill)
    assert before(events, kill, collected(events, child))
    said = written(events, "the output")
    assert said.startswith("ended:      Z\nkilled:     Z\nwaited for: gone\n")


@pytest.mark.belief(22)
def test_an_orphan_lives_on() -> None:
    events = events_of("13-wait/orphan.py")
    (parent,) = children(events)
    (orphan,) = children(events, parent)
    assert before(events, end_of(events, parent), end_of(events, orphan))
    assert written(events, "pipe 1", orphan).endswith("True\n")


@pytest.mark.belief(23)
def test_each_wait_brings_one_child() -> None:
    events = events_of("13-wait/all_of_them.py")
    assert sorted(event.child for event in of_kind(events, Wait)) == sorted(children(events))
    assert [event.errno for event in events if isinstance(event, Wait)][-1] == "ECHILD"
    assert len(children(events)) == 5


@pytest.mark.belief(24)
def test_nobody_but_the_parent_can_wait() -> None:
    events = events_of("13-wait/grandchild.py")
    first = events[0].pid
    (child,) = children(events)
    (grandchild,) = children(events, child)
    refused = [event for event in events if isinstance(event, Wait) and event.pid == first and event.errno]
    assert [(event.target, event.errno) for event in refused] == [(grandchild, "ECHILD")]
    assert collected(events, grandchild).pid == child


@pytest.mark.belief(67)
def test_waiting_by_number_is_not_waiting_in_the_order_of_ends() -> None:
    events = events_of("13-wait/one_by_one.py")
    first, second = children(events)
    assert before(events, end_of(events, second), end_of(events, first))
    assert before(events, collected(events, first), collected(events, second))


@pytest.mark.belief(27)
def test_os_system_returns_a_wait_status() -> None:
    events = events_of("10-running-commands/os_system_example.py")
    shells = children(events)
    assert [collected(events, shell).status for shell in shells] == [0, 5 << 8, 15, 127 << 8]
    assert "returned 1280," in written(events, "the output", events[0].pid)


@pytest.mark.belief(47)
def test_a_pattern_is_expanded_by_the_shell_and_by_nobody_else() -> None:
    events = events_of("10-running-commands/os_system_shell.py")
    echo = [event.argv for event in of_kind(events, Exec) if event.argv[0] == "echo"]
    assert echo == [("echo", "$USER", "has", "*.txt", "in the garden")]


@pytest.mark.belief(65)
def test_spawn_with_p_wait_decodes_the_status() -> None:
    events = events_of("14-spawn/os_spawn_example.py")
    by_five, by_kill, missing, later = children(events)
    raw = [collected(events, child).status for child in (by_five, by_kill, missing, later)]
    assert raw == [5 << 8, 9, 127 << 8, 5 << 8]
    said = written(events, "the output")
    assert "P_WAIT, exit 5:       5\nP_WAIT, killed by 9:  -9\n" in said
