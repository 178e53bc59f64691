"""What many people believe of pipes to and from a program, and what happens instead (lesson 04)."""

import pytest

from minishell.trace.event import Read, SigAction, Write
from tests.misconceptions.seen import children, ended, events_of, of_kind

LESSON = "04-pipes"


@pytest.mark.belief(29)
def test_a_pipe_that_nobody_reads_takes_64_kib_and_one_page_more_for_each_that_is_read() -> None:
    events = events_of(f"{LESSON}/os_pipe_capacity.py")
    (refused,) = of_kind(events, Write, object="pipe 1", errno="EAGAIN")
    counts = [write.count for write in of_kind(events, Write, object="pipe 1")]
    assert counts == [4096] * 17
    assert sum(counts[:16]) == 65536
    assert [write.count for write in of_kind(events[: events.index(refused)], Write, object="pipe 1")] == [4096] * 16


@pytest.mark.belief(33)
def test_three_writes_are_one_read() -> None:
    events = events_of(f"{LESSON}/os_pipe_messages.py")
    writes = of_kind(events, Write, object="pipe 1")
    reads = of_kind(events, Read, object="pipe 1")
    assert [write.data for write in writes] == ["to", "get", "her", "to\n", "get\n", "her\n"]
    assert [read.data for read in reads] == ["together", "to\nget\nher\n", ""]


@pytest.mark.belief(40)
def test_who_writes_everything_first_ends_in_a_circle_of_waiting() -> None:
    events = events_of(f"{LESSON}/os_popen2_deadlock.py")
    parent, (helper,) = events[0].pid, children(events)
    (ours,) = of_kind(events, Write, pid=parent, object="pipe 1", errno="EINTR")
    (theirs,) = of_kind(events, Write, pid=helper, object="pipe 2", errno="EPIPE")
    assert ours.blocked
    assert theirs.blocked
    assert theirs.time_ns < ours.end_ns  # both were waiting when the alarm rang
    assert of_kind(events, Read, pid=parent, object="pipe 2") == []


@pytest.mark.belief(40)
def test_who_reads_while_writing_gets_everything_through() -> None:
    events = events_of(f"{LESSON}/os_popen2_communicate.py")
    parent, (tr,) = events[0].pid, children(events)
    assert sum(write.count for write in of_kind(events, Write, pid=parent, object="pipe 1")) == 300_000
    assert sum(read.count for read in of_kind(events, Read, pid=parent, object="pipe 2")) == 300_000
    assert ended(events, tr) == 0


@pytest.mark.belief(32)
def test_yes_from_python_is_killed_only_if_sigpipe_is_put_back() -> None:
    events = events_of(f"{LESSON}/os_popen_sigpipe.py")
    assert "SIGPIPE" in events[0].ignored  # type: ignore[attr-defined]
    restored, ignoring = children(events)
    assert (ended(events, restored), ended(events, ignoring)) == ("SIGPIPE", 1)
    assert of_kind(events, SigAction, pid=restored, sig="SIGPIPE", action="default")
    assert of_kind(events, SigAction, pid=ignoring, sig="SIGPIPE", action="default") == []
    assert of_kind(events, Write, pid=ignoring, fd=1, errno="EPIPE")
