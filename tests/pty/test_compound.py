"""Loops, functions and groups under job control: keys end or stop what runs, and the shell goes on."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.pty import processes

if TYPE_CHECKING:
    from tests.pty.shell import Shell


def runs(shell: Shell, program: str) -> list[processes.Stat]:
    """The processes of the session that have become the program and wait."""
    return [each for each in processes.in_session(shell.pid) if processes.is_settled(each.pid, program)]


def busy(shell: Shell) -> bool:
    """Whether the shell itself computes: its processor time grows."""
    before = processes.must_stat(shell.pid).cpu_ticks
    shell.pump(0.02)
    return processes.must_stat(shell.pid).cpu_ticks > before


@pytest.mark.requirement(47)
@pytest.mark.parametrize(
    "line",
    [
        "while :; do sleep 99; done",
        "until sleep 99; do :; done; echo never",
        "for i in 1 2 3; do sleep 99; echo never; done",
        "{ sleep 99; echo never; }",
        "f() { sleep 99; echo never; }; f; echo never",
        "if sleep 99; then echo never; else echo never; fi",
        "case $(sleep 99) in *) echo never ;; esac",
        "eval 'sleep 99; echo never'",
        "true && sleep 99 || echo never",
        "for i in 1 2 3; do sleep 99; done | cat",
        "cat | while read x; do echo never; done",
        "(while :; do sleep 99; done)",
        "x=$(sleep 99; echo never); echo never",
    ],
)
def test_an_interrupt_ends_the_whole_line(shell: Shell, line: str) -> None:
    """The loop does not go on with its next round."""
    shell.enter(line)
    shell.until(lambda: runs(shell, "sleep" if "sleep" in line else "cat"), "the program")
    shell.keys("C-c")
    shell.prompt()
    assert shell.last_status() == 130
    assert "\nnever" not in shell.screen()
    assert shell.run("jobs") == ""


@pytest.mark.parametrize("line", ["while :; do :; done", "f() { f2; }; f2() { :; }; while f; do x=$((x + 1)); done"])
def test_an_interrupt_ends_a_loop_of_builtins(shell: Shell, line: str) -> None:
    shell.enter(line)
    shell.until(lambda: shell.before_cursor() == "" and busy(shell), "the loop to run")
    shell.keys("C-c")
    shell.prompt()
    assert shell.last_status() == 130


@pytest.mark.requirement(47)
@pytest.mark.parametrize(
    "line",
    [
        "(while :; do sleep 99; done)",
        "for i in 1 2 3; do sleep 99; done | cat",
        "cat | while read x; do :; done",
        "{ sleep 99; echo over; } | cat",
    ],
)
def test_a_compound_command_in_processes_is_one_job(shell: Shell, line: str) -> None:
    """All of it is stopped, listed as it was typed, continued, and ended."""
    program = "sleep" if "sleep" in line else "cat"
    shell.enter(line)
    job = shell.until(shell.foreground_job, "the job")
    shell.until(lambda: runs(shell, program), "the program")
    for _ in range(2):
        shell.keys("C-z")
        shell.prompt()
        assert {each.state for each in processes.in_group(job)} == {"T"}
        assert shell.last_status() == 148
        assert "Stopped" in shell.run("jobs")
        shell.enter("fg")
        shell.until(lambda: shell.foreground() == job, "the job to have the terminal")
        shell.until(lambda: {each.state for each in processes.in_group(job)} <= {"S", "Z"}, "the job to go on")
    shell.keys("C-c")
    shell.prompt()
    assert shell.last_status() == 130
    assert shell.run("jobs") == ""


@pytest.mark.parametrize(
    "line",
    [
        "while :; do sleep 99; echo never; done",
        "f() { sleep 99; echo never; }; f; echo never",
        "if sleep 99; then echo never; fi; echo never",
        "{ sleep 99; echo never; }",
        "for i in 1 2; do sleep 99; done; echo never",
    ],
)
def test_a_stop_gives_up_the_rest_of_the_line(shell: Shell, line: str) -> None:
    """What was stopped is a job of its own; the loop or function around it is not continued with it."""
    shell.enter(line)
    job = shell.until(shell.foreground_job, "the job")
    shell.until(lambda: runs(shell, "sleep"), "the program")
    shell.keys("C-z")
    shell.prompt()
    assert "Stopped" in shell.run("jobs")
    shell.enter("fg")
    shell.until(lambda: shell.foreground() == job, "the job to have the terminal")
    shell.keys("C-c")
    shell.prompt()
    assert "\nnever" not in shell.screen()
    assert shell.run("jobs") == ""


@pytest.mark.parametrize("line", ["f() { sleep 99; }; f", "{ sleep 99; true; }", "if true; then sleep 99; fi"])
def test_compound_commands_in_the_background(shell: Shell, line: str) -> None:
    if line.startswith("f()"):
        shell.run("f() { sleep 99; }")
        line = "f"
    pid = shell.background(line)
    shell.until(lambda: runs(shell, "sleep"), "the program")
    assert {each.pgrp for each in runs(shell, "sleep")} == {pid}
    assert "Running" in shell.run("jobs")
    assert shell.run("kill %1; wait %1; echo $?").split("\n")[-1].endswith("143")


def test_read_asks_for_the_rest_of_a_joined_line(shell: Shell) -> None:
    """XCU read, STDERR: with PS2."""
    shell.run("PS2='more> '")
    shell.enter("read x y")
    shell.until(lambda: shell.before_cursor() == "", "read to wait")
    shell.send("one\\\r")
    shell.until(lambda: shell.before_cursor() == "more> ", "the prompt for the rest")
    shell.send("two three\r")
    shell.prompt()
    assert shell.run('echo "$x-$y"') == "onetwo-three"
