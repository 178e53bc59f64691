"""What many people believe of files and permissions, and what happens instead (lessons 06 to 09)."""

import os
from collections.abc import Sequence
from os.path import basename

import pytest

from minishell.trace.event import Event, Exit, Fork, Open, Read, Umask, Write
from tests.misconceptions.seen import before, children, events_of, of_kind, written


@pytest.mark.belief(59)
def test_umask_takes_away_and_gives_nothing() -> None:
    events = events_of("06-permissions/os_umask.py")
    assert [change.mask for change in of_kind(events, Umask)] == [0o000, 0o022, 0o027, 0o077]
    assert written(events, "the output").splitlines()[1:] == [
        "000    666            777             600",
        "022    644            755             600",
        "027    640            750             600",
        "077    600            700             600",
    ]


@pytest.mark.belief(60)
def test_who_may_not_open_a_file_can_remove_it_if_the_directory_lets_them() -> None:
    events = events_of("07-directories/os_unlink.py")
    (refused,) = of_kind(events, Open, errno="EACCES")
    assert refused.path == "box/sealed"
    (wrote,) = of_kind(events, Write, object="box/mine")
    said = written(events, "the output").splitlines()
    assert said[1] == "unlink: done; the box holds []"
    assert wrote.data == "anything\n"
    assert said[3] == "unlink: [Errno 13] Permission denied: 'box/mine'"


@pytest.mark.belief(61)
def test_a_removed_file_is_there_as_long_as_somebody_has_it_open() -> None:
    events = events_of("07-directories/os_unlink_open.py")
    assert [opened.path for opened in of_kind(events, Open, path="letter.txt")] == ["letter.txt"]
    said = written(events, "the output").splitlines()
    assert said[:2] == ["the name exists: False", "names the file has: 0"]
    (read,) = [read for read in of_kind(events, Read) if read.data == "still here\n"]
    assert read.object.startswith("letter.txt") or "letter.txt (deleted)" in read.object
    assert said[3] == "its size: 23"


@pytest.mark.belief(62)
def test_a_hard_link_leads_to_the_file_and_a_symbolic_link_to_the_name() -> None:
    events = events_of("08-symbolic-links/os_hard_links.py")
    by_hard_link = of_kind(events, Open, path="other-name")
    assert len(by_hard_link) == 2
    assert of_kind(events, Open, path="shortcut", errno="ENOENT")
    (by_symbolic_link,) = of_kind(events, Open, path="shortcut")
    assert basename(by_symbolic_link.object) == "letter.txt"
    assert read_after(events, by_hard_link[1]) == "Dear Ada\n"
    assert read_after(events, by_symbolic_link) == "Dear Charles\n"


@pytest.mark.belief(63)
def test_pruning_keeps_walk_out_only_from_the_top() -> None:
    events = events_of("09-walking-a-tree/os_walk_prune.py")
    opened = [one.path for one in of_kind(events, Open) if one.path.startswith("garden")]
    top_down, bottom_up = opened[:4], opened[4:]
    assert top_down == ["garden", "garden/beds", "garden/beds/herbs", "garden/beds/roses"]
    assert sorted(bottom_up) == [*top_down, "garden/shed", "garden/shed/tools"]


@pytest.mark.belief(64)
def test_the_file_is_exchanged_between_access_and_open() -> None:
    events = events_of("06-permissions/os_access_race.py")
    parent, (other,) = events[0].pid, children(events)
    (opened,) = of_kind(events, Open, path="letter.txt")
    (forked,), (gone,) = of_kind(events, Fork), of_kind(events, Exit, pid=other)
    checked = [write for write in of_kind(events, Write, pid=parent) if write.data.startswith("checked")]
    assert before(events, forked, gone)
    assert before(events, gone, opened)
    assert basename(opened.object) == "diary.txt"
    assert read_after(events, opened) == "Nobody shall read this.\n"
    assert of_kind(events, Open, path="letter.txt", errno="ELOOP")
    assert checked


@pytest.mark.belief(72)
@pytest.mark.skipif(os.geteuid() != 0, reason="only root has two users to choose from")
def test_access_asks_for_the_real_user_and_open_for_the_effective_one() -> None:
    events = events_of("06-permissions/os_access_effective.py", as_user="root")
    made, refused = (one for one in events if isinstance(one, Open) and one.path == "for-root.txt")
    assert (made.mode, made.errno) == ("read, create", "")
    assert (refused.mode, refused.errno) == ("read", "EACCES")
    said = written(events, "the output").splitlines()
    assert said[:3] == [
        "real user: 0  effective user: 65534",
        "access says: True",
        "access, asked for the effective user: False",
    ]


@pytest.mark.belief(73)
def test_r_lists_a_directory_and_x_lets_pass() -> None:
    events = events_of("07-directories/os_directory_bits.py")
    tries = [
        (one.path, one.errno)
        for one in events
        if isinstance(one, Open) and one.path in ("house", "house/letter") and "create" not in one.mode
    ]
    assert tries == [
        ("house", ""),  # r--
        ("house/letter", "EACCES"),
        ("house", "EACCES"),  # --x
        ("house/letter", ""),
        ("house", ""),  # rwx
        ("house/letter", ""),
    ]


def read_after(events: Sequence[Event], opened: Open) -> str:
    """What was read first through the descriptor that this call opened."""
    later = events[events.index(opened) :]
    return of_kind(later, Read, pid=opened.pid, fd=opened.fd)[0].data
