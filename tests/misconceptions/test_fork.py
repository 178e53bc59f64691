"""What many people believe of fork, and what happens instead (lesson 11)."""

import pytest

from minishell.trace.event import Close, Kill, Read, Signal, Thread, Write
from tests.misconceptions.seen import before, children, ended, events_of, of_kind, written


@pytest.mark.belief(1)
def test_the_child_goes_on_behind_fork() -> None:
    events = events_of("11-fork/os_fork_example.py")
    (child,) = children(events)
    assert "before fork" in written(events, "the output", events[0].pid)
    assert written(events, "the output", child).startswith("child:")


@pytest.mark.belief(2)
def test_three_forks_in_a_row_make_seven_children() -> None:
    events = events_of("11-fork/os_fork_three.py")
    first = events[0].pid
    family = {pid: children(events, pid) for pid in {event.pid for event in events}}
    assert len(family) == 8
    assert sorted(map(len, family.values())) == [0, 0, 0, 0, 1, 1, 2, 3]
    assert len(family[first]) == 3


@pytest.mark.belief(3)
def test_a_variable_changed_in_the_child_is_not_changed_in_the_parent() -> None:
    events = events_of("11-fork/os_fork_memory.py")
    (child,) = children(events)
    assert written(events, "the output", child) == "child:  x is 99\n"
    assert written(events, "the output", events[0].pid) == "parent: x is 1\n"


@pytest.mark.belief(4)
def test_a_line_printed_before_fork_is_written_by_both() -> None:
    events = events_of("11-fork/os_fork_buffer.py")
    writers = [event.pid for event in of_kind(events, Write, object="the output", data="Hello\n")]
    assert sorted(writers) == sorted([events[0].pid, *children(events)])


@pytest.mark.belief(5)
def test_exit_cleans_up_in_the_child_and_underscore_exit_does_not() -> None:
    events = events_of("11-fork/os_fork_exit.py")
    by_exit, by_underscore_exit = children(events)
    assert "cleaning up" in written(events, "the output", by_exit)
    assert written(events, "the output", by_underscore_exit) == ""


@pytest.mark.belief(9)
def test_children_that_do_not_leave_the_loop_fork_too() -> None:
    events = events_of("11-fork/os_fork_loop.py")
    first, second, third = children(events)
    assert [len(children(events, child)) for child in (first, second, third)] == [2, 1, 0]
    mended = events_of("11-fork/os_fork_loop_mended.py")
    assert len(children(mended)) == 3
    assert all(not children(mended, child) for child in children(mended))


@pytest.mark.belief(10)
def test_the_child_has_one_thread() -> None:
    events = events_of("11-fork/os_fork_threads.py")
    parent = events[0].pid
    (child,) = children(events)
    assert [event.pid for event in of_kind(events, Thread)] == [parent]
    assert children(events, child) == []
    assert "threads before fork: 2" in written(events, "the output")
    assert "threads of the child: 1" in written(events, "the output")


@pytest.mark.belief(66)
def test_the_order_of_parent_and_child_is_made_by_the_pipe() -> None:
    events = events_of("11-fork/os_fork_order.py")
    (child,) = children(events)
    (said,) = of_kind(events, Write, pid=events[0].pid, object="the output")
    (woken,) = of_kind(events, Read, pid=child, object="pipe 1", count=0)
    (let_go,) = of_kind(events, Close, pid=events[0].pid, fd=4)
    assert before(events, said, let_go)
    assert before(events, let_go, woken)


@pytest.mark.belief(69)
def test_a_signal_that_is_sent_too_early_kills_and_one_that_waits_for_the_child_does_not() -> None:
    early = events_of("11-fork/os_kill_too_early.py")
    (child,) = children(early)
    assert ended(early, child) == "SIGUSR1"
    events = events_of("11-fork/os_kill_example.py")
    (child,) = children(events)
    (ready,) = of_kind(events, Read, pid=events[0].pid, object="pipe 1", count=0)
    (sent,) = of_kind(events, Kill, pid=events[0].pid)
    assert before(events, ready, sent)
    assert [event.sig for event in of_kind(events, Signal, pid=child)] == ["SIGUSR1"]
    assert ended(events, child) == 0
