"""What many people believe of variables and the working directory, and what happens instead (lessons 02 and 03)."""

from collections.abc import Sequence
from os.path import basename

import pytest

from minishell.trace.event import Chdir, Event, Exec, Fork, Write
from tests.misconceptions.seen import children, ended, events_of, events_of_line, of_kind, runner


@pytest.mark.belief(43)
def test_a_variable_reaches_a_program_only_when_it_is_exported() -> None:
    events = events_of_line("greeting=hello; printenv greeting", status=1)
    printenv = runner(events, "printenv")
    assert ended(events, printenv) == 1
    assert of_kind(events, Write, pid=printenv) == []

    events = events_of_line("greeting=hello; export greeting; printenv greeting")
    printenv = runner(events, "printenv")
    assert [write.data for write in of_kind(events, Write, pid=printenv)] == ["hello\n"]


@pytest.mark.belief(44)
def test_a_variable_is_replaced_before_the_assignment_beside_it_is_made() -> None:
    events = events_of_line("X=1 printf '[%s]' $X")
    assert [write.data for write in of_kind(events, Write, fd=1)] == ["[]"]
    events = events_of_line("X=1 /usr/bin/env sh -c 'exit $X'", status=1)
    (became,) = of_kind(events, Exec, path="/usr/bin/env")
    assert became.argv == ("/usr/bin/env", "sh", "-c", "exit $X")


@pytest.mark.belief(3)
def test_what_a_child_puts_into_its_environment_stays_there() -> None:
    events = events_of("02-environment/os_environ_child.py")
    parent, (child,) = events[0].pid, children(events)
    writes = of_kind(events, Write, fd=1)
    assert [(write.pid, write.data) for write in writes] == [
        (child, "child:  garden\n"),
        (parent, "parent: kitchen\n"),
    ]


@pytest.mark.belief(42)
def test_a_program_changes_its_own_directory_and_not_that_of_the_shell() -> None:
    events = events_of_line("/usr/bin/env -C garden ls; ls; true", "03-working-directory")
    env, ls = children(events)
    assert chdirs(events) == [(env, "garden")]
    assert printed(events, env) == ["basil", "mint", "thyme"]
    assert "garden" in printed(events, ls)


@pytest.mark.belief(42)
def test_cd_is_carried_out_by_the_shell_itself() -> None:
    events = events_of_line("cd garden", "03-working-directory")
    assert chdirs(events) == [(events[0].pid, "garden")]
    assert of_kind(events, Fork) == []


@pytest.mark.belief(45)
def test_cd_in_parentheses_moves_a_child() -> None:
    events = events_of_line("(cd garden; ls); ls; true", "03-working-directory")
    subshell, ls = children(events)
    assert chdirs(events) == [(subshell, "garden")]
    assert "garden" in printed(events, ls)


def chdirs(events: Sequence[Event]) -> list[tuple[int, str]]:
    """Who changed its directory, and the last part of where to."""
    return [(change.pid, basename(change.path)) for change in of_kind(events, Chdir)]


def printed(events: Sequence[Event], pid: int) -> list[str]:
    """What a process and its children wrote, word by word."""
    family = {pid, *children(events, pid)}
    return "".join(write.data for write in of_kind(events, Write, fd=1) if write.pid in family).split()
