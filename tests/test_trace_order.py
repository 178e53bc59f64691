"""What had to come before what, and logical time."""

from __future__ import annotations

from minishell.trace.event import (
    Cloexec,
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
    Signal,
    Stop,
    Wait,
    Write,
)
from minishell.trace.names import stable
from minishell.trace.order import Edge, Point, order

A, B, C = 700, 701, 702
P = "pipe 1"


def across(*events: Event) -> list[tuple[str, int, int, int]]:
    """The edges between processes: kind, numbers of the two events, bytes."""
    return [
        (edge.kind, edge.source.event, edge.target.event, edge.size)
        for edge in order(events).edges
        if edge.kind != "program"
    ]


def test_a_child_begins_after_its_fork_and_an_end_comes_before_the_wait_that_tells_it() -> None:
    events = (Fork(pid=A, child=B), Exit(pid=B, code=3), Wait(pid=A, target=-1, child=B, status=0x300))
    ordered = order(events)
    assert ordered.edges == [
        Edge("fork", Point(0), Point(1)),
        Edge("program", Point(0), Point(2)),
        Edge("end", Point(1), Point(2)),
    ]
    assert ordered.levels == {Point(0): 0, Point(1): 1, Point(2): 2}


def test_a_blocked_call_has_two_points() -> None:
    events = (
        Fork(pid=A, child=B),
        Exit(pid=B, code=0),
        Wait(pid=A, target=-1, child=B, status=0, blocked=True),
    )
    assert order(events).levels == {Point(0): 0, Point(1): 1, Point(2, begins=True): 1, Point(2): 2}


def test_bytes_leave_a_pipe_in_the_order_in_which_they_came() -> None:
    assert across(
        Pipe(pid=A, read=3, write=4, object=P),
        Fork(pid=A, child=B),
        Write(pid=A, fd=4, object=P, count=10),
        Write(pid=A, fd=4, object=P, count=5),
        Read(pid=B, fd=3, object=P, count=12),
        Read(pid=B, fd=3, object=P, count=3),
    ) == [("fork", 1, 4, 0), ("data", 2, 4, 10), ("data", 3, 4, 2), ("data", 3, 5, 3)]


def test_end_of_file_comes_from_the_last_close_of_a_write_end() -> None:
    assert across(
        Pipe(pid=A, read=3, write=4, object=P),
        Fork(pid=A, child=B),
        Close(pid=B, fd=4, object=P),
        Close(pid=A, fd=4, object=P),
        Read(pid=B, fd=3, object=P, count=0),
    ) == [("fork", 1, 2, 0), ("eof", 3, 4, 0)]


def test_a_write_end_is_also_closed_by_dup2_over_it_by_exec_and_by_an_end() -> None:
    def eof_after(*closing: Event) -> int:
        events = (
            Pipe(pid=A, read=3, write=4, object=P, cloexec=True),
            Fork(pid=A, child=B),
            Close(pid=B, fd=4, object=P),
            *closing,
            Read(pid=B, fd=3, object=P, count=0),
        )
        return next(source for kind, source, _, _ in across(*events) if kind == "eof")

    assert eof_after(Dup(pid=A, old=0, new=4)) == 3
    assert eof_after(Exec(pid=A, path="/bin/true")) == 3
    assert eof_after(Cloexec(pid=A, fd=4, on=False), Exec(pid=A, path="/bin/true"), Exit(pid=A, code=0)) == 5
    assert eof_after(Dup(pid=A, old=4, new=9), Close(pid=A, fd=4), Killed(pid=A, sig="SIGKILL")) == 5
    assert eof_after(Close(pid=A, fd=3, last=99)) == 3


def test_a_signal_comes_from_the_kill_that_sent_it_each_kill_once() -> None:
    assert across(
        Fork(pid=A, child=B),
        Kill(pid=A, target=B, sig="SIGUSR1"),
        Signal(pid=B, sig="SIGUSR1", sender=A),
        Signal(pid=B, sig="SIGUSR1", sender=A),
    ) == [("fork", 0, 2, 0), ("kill", 1, 2, 0)]


def test_a_kill_of_a_group_reaches_all_its_members() -> None:
    assert across(
        Fork(pid=A, child=B),
        Setpgid(pid=A, target=B, pgid=B),
        Fork(pid=A, child=C),
        Setpgid(pid=A, target=C, pgid=B),
        Kill(pid=A, target=-B, sig="SIGTERM"),
        Killed(pid=B, sig="SIGTERM"),
        Killed(pid=C, sig="SIGTERM"),
    ) == [("fork", 0, 5, 0), ("kill", 4, 5, 0), ("fork", 2, 6, 0), ("kill", 4, 6, 0)]


def test_a_kill_of_the_first_processs_own_group_does_not_mean_everybody() -> None:
    events = (
        Fork(pid=A, child=B),
        Setpgid(pid=A, target=B, pgid=B),
        Kill(pid=A, target=-A, sig="SIGCONT"),
        Signal(pid=B, sig="SIGCONT"),
    )
    assert across(*stable(events)) == [("fork", 0, 3, 0)]
    everybody = (*events[:2], Kill(pid=A, target=-1, sig="SIGCONT"), events[3])
    assert across(*stable(everybody)) == [("fork", 0, 3, 0), ("kill", 2, 3, 0)]


def test_a_stop_and_its_end() -> None:
    assert across(
        Fork(pid=A, child=B),
        Kill(pid=A, target=B, sig="SIGSTOP"),
        Stop(pid=B, sig="SIGSTOP"),
        Wait(pid=A, target=B, child=B, status=0x137F),
        Kill(pid=A, target=B, sig="SIGCONT"),
        Cont(pid=B),
    ) == [("fork", 0, 2, 0), ("kill", 1, 2, 0), ("end", 2, 3, 0), ("kill", 4, 5, 0)]


def test_the_parent_of_a_vfork_goes_on_after_the_childs_exec() -> None:
    assert across(
        Fork(pid=A, child=B, via="vfork"),
        Exec(pid=B, path="/nowhere", errno="ENOENT"),
        Exec(pid=B, path="/bin/true"),
        Wait(pid=A, target=B, child=0),
    ) == [("fork", 0, 1, 0), ("vfork", 2, 3, 0)]


def test_the_last_read_end_is_closed_before_a_write_fails() -> None:
    assert across(
        Pipe(pid=A, read=3, write=4, object=P),
        Fork(pid=A, child=B),
        Close(pid=B, fd=3, object=P),
        Close(pid=A, fd=3, object=P),
        Write(pid=B, fd=4, object=P, errno="EPIPE"),
    ) == [("fork", 1, 2, 0), ("broken", 3, 4, 0)]


def test_a_write_that_fails_is_noticed_when_it_returns() -> None:
    assert Write(pid=B, fd=4, time_ns=1, end_ns=5, errno="EPIPE").moment_ns == 5
    assert Write(pid=B, fd=4, time_ns=1, end_ns=5, count=1).moment_ns == 1


def test_a_signal_to_ones_own_group_reaches_the_others_in_it() -> None:
    assert across(
        Fork(pid=A, child=B),
        Kill(pid=A, target=0, sig="SIGUSR1"),
        Signal(pid=B, sig="SIGUSR1", sender=A, action="handled"),
        Setpgid(pid=B, target=0, pgid=0),
        Kill(pid=A, target=0, sig="SIGUSR2"),
        Signal(pid=B, sig="SIGUSR2", action="handled"),
        Kill(pid=A, target=-1, sig="SIGTERM"),
        Killed(pid=B, sig="SIGTERM"),
    ) == [("fork", 0, 2, 0), ("kill", 1, 2, 0), ("kill", 6, 7, 0)]


def test_what_a_terminal_shows_is_not_what_it_gives() -> None:
    assert across(
        Fork(pid=A, child=B),
        Write(pid=A, fd=1, object="/dev/pts/1", count=6),
        Read(pid=B, fd=0, object="/dev/pts/1", count=6),
    ) == [("fork", 0, 2, 0)]
