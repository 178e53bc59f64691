"""What many people believe of signals and groups, and what happens instead (lessons 25 to 27)."""

from __future__ import annotations

import pytest

from minishell.trace.event import Cont, Exec, Kill, Read, Setpgid, SigAction, Signal, Stop, Wait, Write
from tests.misconceptions.seen import (
    before,
    children,
    ended,
    events_of,
    events_of_line,
    of_kind,
    written,
)


@pytest.mark.belief(49)
def test_fork_keeps_a_handler_and_exec_loses_it() -> None:
    events = events_of("27-signals-and-traps/inherited.py")
    copy, program = children(events)
    assert [event.action for event in of_kind(events, Signal, pid=copy, sig="SIGUSR1")] == ["handled"]
    assert "the handler runs" in written(events, "the output", copy)
    assert ended(events, program) == "SIGUSR1"


@pytest.mark.belief(50)
def test_five_signals_of_one_kind_arrive_once() -> None:
    events = events_of("27-signals-and-traps/once.py")
    assert len(of_kind(events, Kill, sig="SIGUSR1")) == 5
    assert len(of_kind(events, Signal, sig="SIGUSR1")) == 1


@pytest.mark.belief(51)
def test_a_process_that_is_sent_sigterm_may_go_on_and_choose_its_own_end() -> None:
    events = events_of_line("sh polite.sh", "27-signals-and-traps", status=143)
    (sent,) = of_kind(events, Kill, sig="SIGTERM")
    polite = sent.pid
    assert ended(events, polite) == 143
    said = [event for event in of_kind(events, Write, pid=polite) if "asked to end" in event.data]
    assert before(events, sent, said[0])


@pytest.mark.belief(52)
def test_signal_0_is_a_question() -> None:
    events = events_of("27-signals-and-traps/asking.py")
    (child,) = children(events)
    asked = [event.errno for event in events if isinstance(event, Kill) and event.target == child]
    assert asked == ["", "ESRCH"]
    assert of_kind(events, Signal, pid=child) == []
    assert ended(events, child) == 0


@pytest.mark.belief(58)
def test_nohup_ignores_sighup_and_becomes_the_program() -> None:
    events = events_of_line(
        "nohup sh -c 'kill -s HUP $$; exit 6' </dev/null >out 2>&1", "27-signals-and-traps", status=6
    )
    (nohup,) = {event.pid for event in of_kind(events, Exec) if event.argv[0] == "nohup"}
    (decision,) = [
        event for event in of_kind(events, SigAction, pid=nohup, sig="SIGHUP") if event.action == "ignored"
    ]
    (sent,) = of_kind(events, Kill, sig="SIGHUP")
    assert sent.pid == nohup
    assert before(events, decision, sent)
    assert ended(events, nohup) == 6
    assert of_kind(events, Setpgid, pid=nohup) == []


@pytest.mark.belief(70)
def test_one_call_with_the_number_of_the_group_reaches_all_members() -> None:
    events = events_of("25-process-groups/group_of_three.py")
    first, second, third = children(events)
    (sent,) = of_kind(events, Kill)
    assert sent.target == -first
    assert [ended(events, pid) for pid in (first, second, third)] == ["SIGTERM"] * 3
    by_parent = of_kind(events, Setpgid, pid=events[0].pid)
    assert [event.target for event in by_parent] == [first, second, third]


@pytest.mark.belief(71)
def test_a_signal_interrupts_a_read_and_python_reads_again() -> None:
    events = events_of("27-signals-and-traps/interrupted.py")
    (handled,) = of_kind(events, Signal, sig="SIGALRM")
    reads = [event for event in events if isinstance(event, Read) and event.object == "pipe 1"]
    assert [(event.errno, event.data) for event in reads] == [("EINTR", ""), ("", "data")]
    assert before(events, handled, reads[1])


@pytest.mark.belief(57)
def test_a_stopped_process_goes_on() -> None:
    events = events_of("26-keys/stop_and_go.py")
    (child,) = children(events)
    (stop,) = of_kind(events, Stop, pid=child)
    (cont,) = of_kind(events, Cont, pid=child)
    assert before(events, stop, cont)
    assert ended(events, child) == 3
    assert len(of_kind(events, Wait, child=child)) == 3
