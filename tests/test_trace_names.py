"""Stable names are given to fields, never by replacing text."""

from __future__ import annotations

from minishell.trace.event import Close, Event, Exit, Fork, Kill, Open, Pipe, Read, Setpgid, Wait, Write
from minishell.trace.names import OUTSIDE, leader, letter, stable


def test_letters() -> None:
    assert [letter(rank) for rank in (1, 2, 26, 27, 28, 703)] == ["A", "B", "Z", "AA", "AB", "AAA"]
    assert letter(-2) == "the group of B"
    assert letter(OUTSIDE) == "a process outside"


def test_processes_are_numbered_in_the_order_of_the_forks() -> None:
    events = (Fork(pid=900, child=17), Fork(pid=900, child=3), Exit(pid=3, code=0), Exit(pid=17, code=0))
    assert [event.pid for event in stable(events)] == [1, 1, 3, 2]


def test_every_field_that_holds_a_process_is_renamed() -> None:
    events: tuple[Event, ...] = (
        Fork(pid=900, child=17),
        Kill(pid=900, target=-17, sig="SIGTERM"),
        Kill(pid=900, target=1, sig="0"),
        Setpgid(pid=17, target=0, pgid=17),
        Wait(pid=900, target=-1, child=17, status=0),
    )
    assert stable(events)[1:] == (
        Kill(pid=1, target=-2, sig="SIGTERM"),
        Kill(pid=1, target=OUTSIDE, sig="0"),
        Setpgid(pid=2, target=0, pgid=2),
        Wait(pid=1, target=-1, child=2, status=0),
    )


def test_everybody_and_the_group_of_the_first_process_are_told_apart() -> None:
    events = (Kill(pid=900, target=-1, sig="SIGTERM"), Kill(pid=900, target=-900, sig="SIGTERM"))
    everybody, group = (event.target for event in stable(events) if isinstance(event, Kill))
    assert (letter(everybody), letter(group)) == ("everybody", "the group of A")
    assert (leader(group), leader(-2), leader(-900)) == (1, 2, 900)
    assert stable(stable(events)) == stable(events)


def test_a_number_used_again_means_the_new_process() -> None:
    events = (
        Fork(pid=900, child=17),
        Exit(pid=17, code=0),
        Wait(pid=900, target=17, child=17, status=0),
        Fork(pid=900, child=17),
        Exit(pid=17, code=1),
    )
    assert [event.pid for event in stable(events)] == [1, 2, 1, 1, 3]


def test_pipes_are_numbered_in_the_order_of_their_making() -> None:
    events = (
        Pipe(pid=9, read=3, write=4, object="pipe:[77]"),
        Pipe(pid=9, read=5, write=6, object="pipe:[12]"),
        Close(pid=9, fd=3, object="pipe:[77]"),
        Pipe(pid=9, read=3, write=7, object="pipe:[77]"),
    )
    assert [getattr(event, "object", "") for event in stable(events)] == ["pipe 1", "pipe 2", "pipe 1", "pipe 3"]


def test_a_pid_that_a_program_prints_becomes_its_letter_but_part_of_a_number_does_not() -> None:
    events = (Fork(pid=900, child=1234), Write(pid=900, fd=1, count=20, data="1234 12345 x1234 900\n"))
    written = stable(events)[1]
    assert isinstance(written, Write)
    assert written.data == "⟨B⟩ 12345 x1234 ⟨A⟩\n"


def test_a_file_behind_a_symbolic_link_keeps_its_own_name() -> None:
    opened = Open(pid=5, path="shortcut", fd=3, object="/home/ada/letter.txt")
    read = Read(pid=5, fd=3, object="/home/ada/letter.txt", count=1, data="x")
    assert [getattr(event, "object", "") for event in stable((opened, read))] == ["/home/ada/letter.txt"] * 2


def test_a_file_keeps_the_relative_name_by_which_it_was_opened() -> None:
    whole = "/tmp/room-1/data.txt"
    events = (Open(pid=9, path="./data.txt", fd=3, object=whole), Read(pid=9, fd=3, object=whole, count=1))
    read = stable(events)[1]
    assert isinstance(read, Read)
    assert read.object == "./data.txt"


def test_what_proc_says_is_named_after_the_process() -> None:
    events = (
        Fork(pid=900, child=17),
        Read(pid=17, fd=3, object="/proc/17/status"),
        Close(pid=17, fd=3, object="/proc/1"),
    )
    assert [getattr(event, "object", "") for event in stable(events)] == ["", "/proc/⟨B⟩/status", "/proc/1"]


def test_naming_twice_changes_nothing() -> None:
    events = (Fork(pid=900, child=17), Pipe(pid=17, read=3, write=4, object="pipe:[5]"), Exit(pid=17, code=0))
    assert stable(stable(events)) == stable(events)
