"""wait, fg and bg at the prompt: which job, which status, which is current then (requirements 38, 45, 60, 61, 65)."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from tests.pty import processes

if TYPE_CHECKING:
    from tests.pty.conftest import Door, OpenShell
    from tests.pty.shell import Shell


@pytest.mark.requirement(45)
@pytest.mark.parametrize("name", ["%1", "%%", "%?exit", "$!", "%1 $!"])
def test_a_job_that_has_ended_and_is_not_told_yet_gives_its_status_once(shell: Shell, name: str) -> None:
    """By number, name or pid; asked for a second time there is no such job or process: 127."""
    first = 127 if " " in name else 3
    line = f'(exit 3) & wait_for_state.py "$!" Z; wait {name}; echo st $?; wait {name.split()[0]}; echo st $?'
    assert re.findall(r"^st (\d+)$", shell.run(line), re.MULTILINE) == [str(first), "127"]


@pytest.mark.requirement(45)
def test_a_job_that_has_been_told_has_no_number_but_its_status_can_be_had_by_pid(shell: Shell) -> None:
    """POSIX.1-2024 2.11: the notice takes the job from the list, not the process from those that wait knows."""
    job = shell.background("(exit 3)")
    shell.expect(re.compile(r"^\[1\]\+  Done\(3\)", re.MULTILINE))
    shell.prompt()
    shell.run("wait %1")
    assert shell.last_status() == 127
    shell.run(f"(exit 5) & wait {job}")
    assert shell.last_status() == 3
    shell.run(f"wait {job}")
    assert shell.last_status() == 127


@pytest.mark.requirement(45)
def test_wait_without_operands_leaves_nothing_to_ask_for(shell: Shell) -> None:
    job = shell.background("(exit 3)")
    shell.run("wait")
    assert shell.last_status() == 0
    shell.run(f"wait {job}")
    assert shell.last_status() == 127


@pytest.mark.requirement(38, 42)
def test_waiting_for_a_stopped_job_gives_the_status_of_a_stop(shell: Shell) -> None:
    """And again: the job is still there. Whoever waited for its end would wait for himself."""
    job = shell.start("sleep 99")
    shell.keys("C-z")
    shell.prompt()
    for name in ("%1", str(job)):
        shell.run(f"wait {name}")
        assert shell.last_status() == 148
    assert "Stopped" in shell.run("jobs")


@pytest.mark.requirement(38)
def test_a_job_that_is_stopped_while_it_is_waited_for_ends_the_wait(shell: Shell) -> None:
    """Somebody has to act now, and that is who waits here."""
    job = shell.background("cat /dev/tty")  # stopped by SIGTTIN, sooner or later
    shell.run("wait %1")
    assert shell.last_status() == 149
    assert processes.state(job) == "T"


@pytest.mark.requirement(60)
def test_fg_and_bg_take_several_jobs(shell: Shell) -> None:
    """fg one after the other, until one stops; the one used last is the current one."""
    for number in (91, 92, 93):
        shell.start(f"sleep {number}")
        shell.keys("C-z")
        shell.prompt()
    shell.run("bg %1 %2")
    listed = shell.run("jobs")
    assert re.findall(r"^\[(.)\](.)  (\w+) +sleep", listed, re.MULTILINE) == [
        ("1", " ", "Running"),
        ("2", "-", "Running"),
        ("3", "+", "Stopped"),
    ]
    first = shell.start("fg %3 %1 %2")
    shell.keys("C-c")
    shell.prompt()
    shell.until_gone(first)
    second = shell.start("fg %1 %2")
    shell.keys("C-z")
    shell.prompt()
    assert processes.state(second) == "T"
    assert re.findall(r"^\[(.)\](.)  (\w+) +sleep", shell.run("jobs"), re.MULTILINE) == [
        ("1", "+", "Stopped"),
        ("2", "-", "Running"),
    ]
    assert shell.start("fg %-") != second
    shell.keys("C-c")
    shell.prompt()


@pytest.mark.requirement(60)
def test_when_the_current_job_has_gone_the_previous_one_is_current(shell: Shell) -> None:
    """And of the others the one that was used last is the previous one."""
    for number in (91, 92, 93):
        shell.start(f"sleep {number}")
        shell.keys("C-z")
        shell.prompt()
    for expected in (["[1] ", "[2]-", "[3]+"], ["[1]-", "[2]+"], ["[1]+"]):
        assert re.findall(r"^\[.\].", shell.run("jobs"), re.MULTILINE) == expected
        job = int(shell.run("jobs -p %+"))
        shell.run("kill %%")
        shell.until_gone(job)
        shell.prompt()
    assert shell.run("jobs") == ""


@pytest.mark.requirement(61)
@pytest.mark.parametrize("command", ["fg", "bg"])
def test_without_job_control_jobs_stay_where_they_are(shell: Shell, command: str) -> None:
    """The shell goes on, and so does the job."""
    shell.run("set +m")
    job = shell.background("sleep 99")
    assert "there is no job control" in shell.run(command)
    assert shell.last_status() == 1
    assert processes.must_stat(job).pgrp == shell.pid
    shell.run("set -m")
    assert "started without job control" in shell.run(command)
    assert shell.last_status() == 1
    shell.run(f"kill {job}")
    shell.until_gone(job)


@pytest.mark.requirement(65)
def test_without_set_b_a_notice_waits_for_the_next_prompt(shell: Shell, door: Door) -> None:
    """POSIX.1-2024 2.11: at once only with -b, which an editor that can do it without harm switches on."""
    shell.run("set +b")
    job = shell.background("cat door")
    shell.type("echo abc")
    shell.until(door.lets_through, "the job at the door")
    shell.until(lambda: processes.state(job) == "", "the job to be reaped")
    shell.type("def")
    assert "Done" not in shell.screen()
    shell.keys("Enter")
    shell.prompt()
    assert re.search(r"^abcdef\n\[1\]\+  Done +cat door$", shell.screen(), re.MULTILINE)
    shell.run("set -b")
    shell.run("cat door &")
    shell.until(door.lets_through, "the second job at the door")
    shell.until(lambda: shell.count("Done  ") == 2, "its notice")


@pytest.mark.requirement(65)
def test_notices_go_to_standard_error(shell: Shell) -> None:
    """Whoever reads the output of a command gets that alone."""
    shell.run("exec 2>notices")
    shell.run("(exit 3) & wait")
    assert "Done(3)" not in shell.screen()
    assert re.search(r"^\[1\]\+  Done\(3\) +\(exit 3\)$", shell.run("cat notices"), re.MULTILINE)


@pytest.mark.requirement(7)
@pytest.mark.parametrize("leave", ["exit", "exit 3", "eval exit"])
def test_a_running_job_does_not_keep_anybody_from_leaving(open_shell: OpenShell, leave: str) -> None:
    """Only stopped ones would be lost."""
    shell = open_shell()
    shell.background("sleep 99")
    shell.enter(leave)
    assert shell.status() == (3 if leave == "exit 3" else 0)
