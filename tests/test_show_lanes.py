"""Events become rows and lanes."""

from __future__ import annotations

from minishell.show.lanes import MOST_EVENTS, Arrow, Badge, Bar, Dot, Part, lanes
from minishell.trace.event import (
    Chdir,
    Close,
    Event,
    Exec,
    Exit,
    Fork,
    Kill,
    Killed,
    Pause,
    Pipe,
    Read,
    Stop,
    Wait,
    Write,
)

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
        Dot(1, 0, 0, "fork", "fork → B", 3, "clone() = B"),
        Dot(2, 0, 0, "waits", "waits for B", 5, "wait4(B, 0x0300) = B"),
        Dot(4, 0, 0, "wait", "wait → B exit 3", 5, "wait4(B, 0x0300) = B"),
        Dot(5, 0, 0, "exit", "exit 0", None, "exit(0)"),
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
    assert picture.arrows == [
        Arrow("fork", 1, 0, 2, 1, "A forks B"),
        Arrow("end", 4, 1, 4, 0, "A learns how B is"),
    ]


def test_exec_changes_the_program_and_a_fork_copies_it() -> None:
    picture = lanes(
        (
            Fork(pid=A, child=B),
            Exec(pid=B, path="/bin/sh", argv=("sh", "-c", "x")),
            Fork(pid=B, child=C),
            Exit(pid=C, code=0),
        )
    )
    assert picture.programs == ["", "sh"]
    assert [(badge.letter, badge.name) for badge in picture.badges] == [("A", ""), ("B", ""), ("C", "sh")]
    assert [(bar.lane, bar.program) for bar in picture.bars if bar.state == "runs"] == [
        (0, 0),
        (1, 0),
        (1, 1),
        (2, 1),
    ]


def test_a_failed_exec_is_no_new_program() -> None:
    picture = lanes((Exec(pid=A, path="/bin/x", argv=("x",), errno="ENOENT"), Exit(pid=A, code=127)))
    assert [(dot.kind, dot.label) for dot in picture.dots] == [("failed", "ENOENT: exec x"), ("exit", "exit 127")]
    assert picture.programs == [""]


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
        Arrow("fork", 2, 0, 3, 1, "A forks B"),
        Arrow("data", 4, 1, 5, 0, "2 bytes from B to A through pipe 1"),
        Arrow("eof", 5, 1, 6, 0, "B closes the last write end of pipe 1: A reads end of file"),
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
    assert picture.arrows == [
        Arrow("fork", 1, 0, 2, 1, "A forks B"),
        Arrow("kill", 2, 0, 4, 1, "A: SIGTERM → B; B: killed by SIGTERM"),
    ]
    assert [bar for bar in picture.bars if bar.state == "waits"] == [Bar(1, 3, 4, 0, "waits")]


def states(*events: Event) -> list[tuple[int, str]]:
    """The lane and the state of each stretch of life that has a length, or goes on."""
    return [(bar.lane, bar.state) for bar in lanes(events).bars if bar.top < bar.bottom or bar.state == "on"]


def test_the_parent_of_a_vfork_waits_and_a_stopped_process_is_stopped() -> None:
    assert states(Fork(pid=A, child=B, via="vfork"), Exit(pid=A, code=0)) == [(0, "runs"), (0, "waits"), (1, "on")]
    assert states(Stop(pid=A, sig="SIGTSTP"), Exit(pid=A, code=0)) == [(0, "runs"), (0, "stopped")]


def test_who_has_not_ended_goes_on_below_the_picture() -> None:
    assert states(Fork(pid=A, child=B), Exit(pid=B, code=0)) == [(0, "runs"), (0, "on"), (1, "runs")]


def test_a_child_that_nobody_waits_for_is_a_zombie_until_its_parent_ends() -> None:
    events = (Fork(pid=A, child=B), Exit(pid=B, code=0), *(Chdir(pid=A, path="/") for _ in range(4)))
    assert (1, "zombie") in states(*events, Exit(pid=A, code=0))
    assert [bar for bar in lanes((*events, Exit(pid=A, code=0))).bars if bar.state == "zombie"] == [
        Bar(1, 3, 6, 0, "zombie")
    ]


def test_a_lane_is_used_again_when_its_process_is_gone() -> None:
    children = range(100, 120)
    picture = lanes(
        event
        for child in children
        for event in (
            Fork(pid=A, child=child),
            Exit(pid=child, code=0),
            Wait(pid=A, target=child, child=child, status=0, blocked=True),
        )
    )
    assert picture.lanes == 2
    assert [badge.letter for badge in picture.badges] == ["A", *"BCDEFGHIJKLMNOPQRSTU"]


def test_processes_alive_at_once_keep_the_order_of_the_tree() -> None:
    picture = lanes(
        (
            Fork(pid=A, child=B),
            Exit(pid=B, code=0),
            Wait(pid=A, target=B, child=B, status=0),
            Fork(pid=A, child=C),
            Fork(pid=C, child=40),
            Fork(pid=A, child=50),
            *(Exit(pid=pid, code=0) for pid in (40, 50, C, A)),
        )
    )
    assert [(badge.letter, badge.lane) for badge in picture.badges] == [
        ("A", 0),
        ("B", 1),
        ("C", 1),
        ("D", 2),
        ("E", 3),
    ]


def test_a_process_that_was_there_before_has_a_lane_of_its_own() -> None:
    picture = lanes((Exit(pid=A, code=0), Exit(pid=B, code=1)))
    assert [(badge.letter, badge.name) for badge in picture.badges] == [("A", ""), ("?", "a process outside")]


def test_who_is_forked_after_the_last_event_that_is_drawn_is_there_too() -> None:
    picture = lanes((Chdir(pid=A, path="/"), Fork(pid=A, child=B)))
    assert [(badge.row, badge.lane) for badge in picture.badges] == [(0, 0), (3, 1)]
    assert picture.rows == 4


def test_the_last_reader_leaves_before_the_writer_is_killed() -> None:
    picture = lanes(
        (
            Pipe(pid=A, read=3, write=4, object=PIPE),
            Fork(pid=A, child=B),
            Close(pid=B, fd=3, object=PIPE),
            Close(pid=A, fd=3, object=PIPE),
            Write(pid=B, fd=4, object=PIPE, errno="EPIPE"),
            Killed(pid=B, sig="SIGPIPE"),
        )
    )
    assert [(arrow.kind, arrow.top, arrow.bottom, arrow.meaning) for arrow in picture.arrows][1:] == [
        ("broken", 3, 5, "A closes the last read end of pipe 1: B cannot write any more")
    ]


def test_parts_of_the_typed_line_know_their_processes() -> None:
    picture = lanes(
        (
            Fork(pid=A, child=B, cause="span 0-4: ls d"),
            Exec(pid=B, path="/bin/ls", argv=("ls", "d"), cause="span 0-4: ls d"),
        )
    )
    assert picture.parts == [Part(0, 4, "ls d", "B", 1)]
    assert picture.programs == ["minishell", "ls"]


def test_what_is_too_much_is_left_out_and_counted() -> None:
    picture = lanes(Chdir(pid=A, path=f"/{number}") for number in range(MOST_EVENTS + 7))
    assert (len(picture.dots), picture.left_out) == (MOST_EVENTS, 7)
