"""What many people believe of pipelines, and what happens instead (lesson 22)."""

import pytest

from minishell.trace.event import Close, Exec, Exit, Killed, Read, Write
from tests.misconceptions.seen import (
    before,
    ended,
    events_of,
    events_of_line,
    of_kind,
    runner,
    table_given,
    worlds,
)


@pytest.mark.belief(28)
def test_both_programs_of_a_pipeline_run_at_once() -> None:
    events = events_of_line("yes | head -n 3")
    yes, head = runner(events, "yes"), runner(events, "head")
    first_end = next(event for event in events if isinstance(event, Exit | Killed) and event.pid in (yes, head))
    for pid in (yes, head):
        (became,) = of_kind(events, Exec, pid=pid)
        assert before(events, became, first_end)


@pytest.mark.belief(31)
def test_yes_is_ended_by_sigpipe() -> None:
    events = events_of_line("yes | head -n 3")
    yes, head = runner(events, "yes"), runner(events, "head")
    assert (ended(events, yes), ended(events, head)) == ("SIGPIPE", 0)
    assert of_kind(events, Write, pid=yes, errno="EPIPE")


@pytest.mark.belief(30, 68)
def test_a_reader_sees_the_end_only_when_nobody_holds_the_write_end() -> None:
    events = events_of("22-pipelines/forgotten.py")
    parent, ls, wc = events[0].pid, runner(events, "ls"), runner(events, "wc")
    (end,) = of_kind(events, Read, pid=wc, object="pipe 1", count=0)
    (gone,) = [event for event in events if isinstance(event, Exit) and event.pid == ls]
    (let_go,) = of_kind(events, Close, pid=parent, fd=4)
    assert before(events, gone, let_go)
    assert before(events, let_go, end)
    for event, world in worlds(events):
        if event is let_go:
            assert world.holders("pipe 1", "write") == [(parent, 4)]


@pytest.mark.belief(38)
def test_a_pipe_carries_standard_output_only() -> None:
    events = events_of_line("ls nowhere | wc -l")
    ls, wc = runner(events, "ls"), runner(events, "wc")
    given = table_given(events, "ls")
    assert given[1].startswith("pipe")
    assert given[2] == table_given(events, "wc")[2] != given[1]
    assert {event.fd for event in of_kind(events, Write, pid=ls)} == {2}
    assert [event.count for event in of_kind(events, Read, pid=wc, object=given[1])] == [0]
