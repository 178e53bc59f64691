"""What many people believe of file descriptors, and what happens instead (lesson 05)."""

import pytest

from minishell.trace.event import Close, Dup, Exec, Fork, Open, Read, Write
from tests.misconceptions.seen import (
    before,
    children,
    events_of,
    events_of_line,
    of_kind,
    runner,
    table_at,
    table_given,
    written,
)

LESSON = "05-file-descriptors"


@pytest.mark.belief(6)
def test_one_open_before_fork_is_one_position() -> None:
    events = events_of(f"{LESSON}/os_fd_shared.py")
    parent, (child,) = events[0].pid, children(events)
    (opened,) = of_kind(events, Open, path="out.txt")
    (forked,) = of_kind(events, Fork)
    assert before(events, opened, forked)
    writes = of_kind(events, Write, object="out.txt", fd=opened.fd)
    assert [(write.pid, write.data) for write in writes] == [(child, "BBBB"), (parent, "AA")]
    assert "the file holds b'BBBBAA'" in written(events, "the output")


@pytest.mark.belief(7)
def test_an_open_in_each_process_is_a_position_in_each() -> None:
    events = events_of(f"{LESSON}/os_fd_separate.py")
    parent, (child,) = events[0].pid, children(events)
    assert {opened.pid for opened in of_kind(events, Open, path="out.txt")} == {parent, child}
    writes = of_kind(events, Write, object="out.txt")
    assert [(write.pid, write.data) for write in writes] == [(child, "BBBB"), (parent, "AA")]
    assert "the file holds b'AABB'" in written(events, "the output")


@pytest.mark.belief(8)
def test_close_in_the_child_leaves_the_parent_its_descriptor() -> None:
    events = events_of(f"{LESSON}/os_fd_close.py")
    parent, (child,) = events[0].pid, children(events)
    (closed,) = of_kind(events, Close, pid=child, fd=3)
    assert of_kind(events, Write, pid=child, fd=3, errno="EBADF")
    (write,) = of_kind(events, Write, pid=parent, fd=3)
    assert (write.object, write.data) == ("diary.txt", "parent\n")
    assert before(events, closed, write)
    assert table_at(events, write)[3] == "diary.txt"


@pytest.mark.belief(34)
def test_dup2_takes_the_old_descriptor_first() -> None:
    wrong = events_of(f"{LESSON}/os_fd_dup2_wrong.py")
    (dup,) = of_kind(wrong, Dup)
    assert (dup.old, dup.new, dup.object) == (1, 3, "the output")
    assert of_kind(wrong, Write, object="out.txt") == []

    right = events_of(f"{LESSON}/os_fd_dup2.py")
    assert (4, 1, "out.txt") in [(dup.old, dup.new, dup.object) for dup in of_kind(right, Dup)]
    assert table_given(right, "echo") == {0: "the input", 1: "out.txt", 2: "the output"}
    assert written(right, "out.txt") == "between\na child, too\n"


@pytest.mark.belief(36)
def test_the_shell_empties_the_file_before_sort_is_there_to_read_it() -> None:
    events = events_of_line("sort names.txt > names.txt", LESSON)
    sort = runner(events, "sort")
    (emptied,) = of_kind(events, Open, mode="write, create, truncate")
    (became,) = of_kind(events, Exec, pid=sort)
    assert emptied.path == "names.txt"
    assert before(events, emptied, became)
    (reopened,) = of_kind(events, Open, pid=sort, path="names.txt", mode="read")
    counts = [read.count for read in of_kind(events, Read, pid=sort, fd=reopened.fd, object=reopened.object)]
    assert counts[-1:] == [0]
    assert sum(counts) == 0
    assert of_kind(events, Write, pid=sort) == []


@pytest.mark.belief(36)
def test_sort_with_o_does_not_empty_the_file_before_it_has_read_it() -> None:
    events = events_of_line("sort names.txt -o names.txt", LESSON)
    sort = runner(events, "sort")
    opens = of_kind(events, Open, path="names.txt")
    assert {opened.pid for opened in opens} == {sort}
    assert [opened.mode for opened in opens if "truncate" in opened.mode] == []
    last = of_kind(events, Read, pid=sort, object="names.txt")[-1]
    (write,) = of_kind(events, Write, pid=sort)
    assert (last.count, write.data) == (0, "basil\nmint\nthyme\n")
    assert before(events, last, write)


@pytest.mark.belief(41)
def test_five_prints_are_one_write_at_the_end() -> None:
    events = events_of(f"{LESSON}/os_fd_buffer.py")
    assert [write.data for write in of_kind(events, Write, fd=1)] == [
        "write\n",
        "print 1\nprint 2\nprint 3\nprint 4\nprint 5\n",
    ]
