"""What many people believe of the keys of a terminal, and what happens instead (lessons 24 and 26)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from minishell.trace.event import Event, Exec, Exit, Killed, Read, Signal, Stop, load
from tests.pty import processes

if TYPE_CHECKING:
    from pathlib import Path

    from tests.pty.shell import Shell


def seen(home: Path) -> tuple[Event, ...]:
    """The events so far of the line that was traced."""
    with (home / "events").open() as lines:
        return load(lines)


@pytest.mark.belief(53, 54)
def test_ctrl_c_is_sent_by_the_kernel_to_the_foreground_group_alone(shell: Shell, home: Path) -> None:
    background = shell.background("sleep 99")
    job = shell.start("trace --json -o events sleep 98 | cat")
    shell.until(lambda: len(processes.in_group(job)) == 2, "both processes")
    shell.until(lambda: {p.name for p in processes.in_group(job)} == {"sleep", "cat"}, "both programs")
    members = {process.pid for process in processes.in_group(job)}
    shell.keys("C-c")
    shell.prompt()
    events = seen(home)
    arrived = [event for event in events if isinstance(event, Signal) and event.sig == "SIGINT"]
    assert {event.pid for event in arrived} == members
    assert {event.sender for event in arrived} == {0}  # the kernel
    assert {event.pid for event in events if isinstance(event, Killed) and event.sig == "SIGINT"} == members
    assert processes.state(background) == "S"


@pytest.mark.belief(56)
def test_ctrl_d_sends_no_signal_and_ends_a_read_with_nothing(shell: Shell, home: Path) -> None:
    job = shell.start("trace --json -o events cat")
    shell.until_runs(job, "cat")
    shell.keys("C-d")
    shell.prompt()
    events = seen(home)
    (cat,) = {event.pid for event in events if isinstance(event, Exec) and event.argv[0] == "cat" and not event.errno}
    reads = [event.count for event in events if isinstance(event, Read) and event.pid == cat and event.fd == 0]
    assert reads == [0]
    assert [event for event in events if isinstance(event, Signal) and event.pid == cat] == []
    assert [event.code for event in events if isinstance(event, Exit) and event.pid == cat] == [0]


@pytest.mark.belief(55)
def test_a_background_job_that_reads_the_terminal_is_stopped(shell: Shell, home: Path) -> None:
    shell.run("trace --json -o events 'cat &'")
    shell.expect("Stopped")
    shell.until(lambda: any(isinstance(event, Stop) for event in seen(home)), "the stop in the trace")
    events = seen(home)
    (cat,) = {event.pid for event in events if isinstance(event, Exec) and event.argv[0] == "cat" and not event.errno}
    assert [event.sig for event in events if isinstance(event, Stop) and event.pid == cat] == ["SIGTTIN"]
    assert not [
        event for event in events if isinstance(event, Read) and event.pid == cat and event.fd == 0 and event.count
    ]


@pytest.mark.belief(57)
def test_ctrl_z_stops_a_program_and_fg_lets_it_go_on(shell: Shell, home: Path) -> None:
    job = shell.start("trace --json -o events sleep 99")
    shell.until_runs(job, "sleep")
    shell.keys("C-z")
    shell.prompt()
    assert [event.sig for event in seen(home) if isinstance(event, Stop)] == ["SIGTSTP"]
    assert processes.state(job) == "T"
    assert shell.start("fg") == job
    shell.until_state(job, "S")
    shell.keys("C-c")
    shell.prompt()
