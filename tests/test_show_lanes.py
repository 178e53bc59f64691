"""Events become rows and lanes."""

from __future__ import annotations

from minishell.show.lanes import Arrow, Badge, Bar, Dot, lanes
from minishell.trace.event import Close, Event, Exec, Exit, Fork, Kill, Killed, Pause, Pipe, Read, Stop, Wait, Write

A, B, C = 10, 20, 30
PIPE = "pipe:[5]"


def dots(*events: Event) -> list[tuple[int, int, str]]:
    return [(dot.row, dot.lane, dot.label) for dot in lanes(events).dots]


def test_no_events_no_picture() -> None:
    assert (lanes(()).rows, lanes(()).lanes) == (0, 0)


def test_a_fork_a_zombie_and_a_wait() -> None:
    picture = lanes(
        (
            Fork(pid=A, child=B, cause="line 3", call="clone"),
            Exit(pid=B, code=3),
            Wait(pid=A, target=B, child=B, status=0x300, blocked=True, cause="line 5", call="wait4"),
            Exit(pid=A, code=0),
        )
    )
    assert (picture.rows, picture.lanes, picture.programs) == (6, 2, ["python"])
    assert picture.badges == [Badge(0, 0, 0, "A", "python"), Badge(2, 1, 0, "B", "python")]
    assert picture.dots == [
        Dot(1, 0, 0, "fork", "fork → B", 3, "clone() = B", room=2),
        Dot(2, 0, 0, "waits", "waits for B", 5, "wait4(B, 0x0300) = B"),
        Dot(4, 0, 0, "wait", "wait → B exit 3", 5, "wait4(B, 0x0300) = B"),
        Dot(5, 0, 0, "exit", "exit 0", None, "exit(0)", room=2),
        Dot(3, 1, 0, "exit", "exit 3", None, "exit(3)"),
    ]
    assert picture.bars == [
        Bar(0, 0, 1, 0, "runs"),
        Bar(0, 1, 2, 0, "runs"),
        Bar(0, 2, 4, 0, "waits"),
        Bar(0, 4, 5, 0, "runs"),
        Bar(1, 2, 3, 0, "runs"),
        Bar(1, 3, 4, 0, "zombie"),
    ]
    assert picture.arrows == [Arrow("fork", 1, 0, 2, 1), Arrow("end", 4, 1, 4, 0)]


def test_exec_changes_the_program_and_a_fork_copies_it() -> None:
    picture = lanes(
        (
            Fork(pid=A, child=B),
            Exec(pid=B, path="/bin/sh", argv=("sh", "-c", "x")),
            Fork(pid=B, child=C),
            Exit(pid=C, code=0),
        )
    )
    assert picture.programs == ["python", "sh"]
    assert [(badge.letter, badge.name) for badge in picture.badges] == [("A", "python"), ("B", "python"), ("C", "sh")]
    assert [(bar.lane, bar.program) for bar in picture.bars] == [(0, 0), (1, 0), (1, 1), (2, 1)]


def test_a_failed_exec_is_no_new_program() -> None:
    picture = lanes((Exec(pid=A, path="/bin/x", argv=("x",), errno="ENOENT"), Exit(pid=A, code=127)))
    assert [(dot.kind, dot.label) for dot in picture.dots] == [("failed", "ENOENT: exec x"), ("exit", "exit 127")]
    assert picture.programs == ["python"]


def test_children_stand_right_of_their_parent_the_first_child_first() -> None:
    events = (
        Fork(pid=A, child=B),
        Fork(pid=A, child=C),
        Fork(pid=B, child=40),
        *(Exit(pid=pid, code=0) for pid in (40, C, B, A)),
    )
    assert [badge.letter for badge in lanes(events).badges] == ["A", "B", "D", "C"]


def test_bytes_and_end_of_file_are_arrows() -> None:
    picture = lanes(
        (
            Pipe(pid=A, read=3, write=4, object=PIPE),
            Fork(pid=A, child=B),
            Close(pid=A, fd=4, object=PIPE),
            Write(pid=B, fd=4, object=PIPE, count=2, data="a\n"),
            Exit(pid=B, code=0),
            Read(pid=A, fd=3, object=PIPE, count=2, data="a\n"),
            Read(pid=A, fd=3, object=PIPE, count=0),
        )
    )
    assert picture.arrows == [
        Arrow("fork", 2, 0, 3, 1),
        Arrow("data", 4, 1, 5, 0),
        Arrow("eof", 5, 1, 6, 0),
    ]


def test_a_signal_is_an_arrow_and_a_pause_is_waiting() -> None:
    picture = lanes(
        (
            Fork(pid=A, child=B),
            Pause(pid=B),
            Kill(pid=A, target=B, sig="SIGTERM"),
            Killed(pid=B, sig="SIGTERM"),
        )
    )
    assert picture.arrows == [Arrow("fork", 1, 0, 2, 1), Arrow("kill", 2, 0, 4, 1)]
    assert [bar for bar in picture.bars if bar.state == "waits"] == [Bar(1, 3, 4, 0, "waits")]


def test_the_parent_of_a_vfork_waits_and_a_stopped_process_is_stopped() -> None:
    assert [bar.state for bar in lanes((Fork(pid=A, child=B, via="vfork"), Exit(pid=A, code=0))).bars] == [
        "runs",
        "waits",
    ]
    assert [bar.state for bar in lanes((Stop(pid=A, sig="SIGTSTP"), Exit(pid=A, code=0))).bars] == [
        "runs",
        "stopped",
    ]


def test_a_program_that_tidies_up_is_not_drawn_but_the_close_that_ends_a_pipe_is() -> None:
    assert dots(
        Pipe(pid=A, read=3, write=4, object=PIPE, cause="line 1"),
        Exec(pid=A, path="/bin/cat", argv=("cat",), cause="line 2"),
        Close(pid=A, fd=0, object=PIPE),
        Close(pid=A, fd=4, object=PIPE),
        Exit(pid=A, code=0),
    ) == [(1, 0, "pipe 1: fd 4 → fd 3"), (2, 0, "exec cat"), (3, 0, "close(4)"), (4, 0, "exit 0")]
