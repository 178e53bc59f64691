"""Shells that were started by another shell: who has the terminal, and in whose group they are."""

from __future__ import annotations

import os
import signal
from typing import TYPE_CHECKING

import pytest

from tests.pty import processes
from tests.pty.shell import PROMPT

if TYPE_CHECKING:
    from pathlib import Path

    from tests.pty.conftest import Door, OpenTerminal
    from tests.pty.shell import Shell

INNER = "INNER> "
SAID = "echo sa''id; read end"
"""What a shell without job control does once the shell in it has ended."""


def inner(minishell: str, prompt: str = INNER) -> str:
    return f"PS1='{prompt}' {minishell} -i"


@pytest.mark.requirement(1)
def test_continued_in_the_background_it_stops_again(bash: Shell, minishell: str) -> None:
    """As often as that happens: it does not take the terminal from the shell that has it."""
    pid = bash.background(inner(minishell))
    bash.until_state(pid, "T")
    for _ in range(3):
        woken = processes.times_woken(pid)
        os.kill(pid, signal.SIGCONT)
        bash.until(lambda: processes.times_woken(pid) > woken, "the shell to wake")  # noqa: B023
        bash.until_state(pid, "T")
        assert bash.foreground() == bash.pid
    bash.enter("fg")
    bash.expect_prompt(INNER)
    assert bash.foreground() == pid


@pytest.mark.requirement(1, 5)
def test_in_an_orphaned_group_nobody_could_continue_it_so_it_does_not_stop(
    bash: Shell, minishell: str, home: Path, door: Door
) -> None:
    """The kernel discards SIGTTIN there, and reading fails: no job control, no prompt for ever, and no terminal."""
    bash.run(f"(sh -c 'echo $$ >pid; cat door; exec {minishell} -i' </dev/tty >out 2>&1 &)")
    bash.until(door.lets_through, "the shell at the door")
    pid = int((home / "pid").read_text())
    bash.until_gone(pid)
    assert bash.foreground() == bash.pid
    assert "job control is off" in (home / "out").read_text()


@pytest.mark.requirement(12)
def test_three_shells_and_a_raw_program_deep(bash: Shell, minishell: str) -> None:
    """On each level the terminal belongs to the innermost, in modes of its own, and comes back unchanged."""
    at_bash = bash.modes()
    levels = [(inner(minishell, "A> "), "A> "), ("PS1='B> ' bash --norc --noprofile -i", "B> ")]
    levels.append((inner(minishell, "C> "), "C> "))
    groups, modes = [bash.pid], [at_bash]
    for command, prompt in levels:
        bash.send(f"{command}\r")
        bash.expect_prompt(prompt)
        assert bash.foreground() not in groups
        groups.append(bash.foreground())
        modes.append(bash.modes())
    bash.send("raw.py\r")
    bash.expect("STARTED: terminal mine, raw")
    bash.keys("r")
    for prompt in ("C> ", "B> ", "A> "):
        bash.expect_prompt(prompt)
        assert bash.foreground() == groups.pop()
        bash.until(lambda: bash.modes() == modes[-1], "the modes of this level")
        modes.pop()
        bash.send("exit\r")
    bash.prompt()
    assert bash.modes() == at_bash


@pytest.mark.requirement(78)
def test_suspended_it_is_in_the_group_of_those_it_was_started_with(bash: Shell, minishell: str) -> None:
    """They stop with it, as one job: the group that it had left has the terminal, and bash can see it stop."""
    job = bash.start(f'sh -c "{inner(minishell)}; {SAID}"')
    bash.expect_prompt(INNER)
    pid = bash.foreground()
    assert pid != job
    for _ in range(2):
        assert processes.must_stat(pid).pgrp == pid
        bash.send("suspend\r")
        bash.prompt()
        for each in (job, pid):
            bash.until_state(each, "T")
        assert processes.must_stat(pid).pgrp == job
        bash.enter("fg")
        bash.expect_prompt(INNER)
        assert bash.foreground() == pid
    bash.send("exit\r")
    bash.expect("said")
    assert bash.foreground() == job


@pytest.mark.requirement(78, 1)
def test_suspended_and_continued_in_the_background_it_waits(bash: Shell, minishell: str) -> None:
    job = bash.start(inner(minishell))
    bash.expect_prompt(INNER)
    bash.send("suspend\r")
    bash.prompt()
    woken = processes.times_woken(job)
    bash.run("bg")
    bash.until(lambda: processes.times_woken(job) > woken, "the shell to wake")
    bash.until_state(job, "T")
    assert bash.foreground() == bash.pid
    bash.enter("fg")
    bash.expect_prompt(INNER)


@pytest.mark.requirement(11)
@pytest.mark.parametrize("file", ["nosuch", "plain", "/", "binary"])
def test_after_exec_has_failed_an_interactive_shell_has_its_terminal(
    open_terminal: OpenTerminal, minishell: str, home: Path, file: str
) -> None:
    """It has given the terminal, its group and its signals back by then, and takes them once more."""
    (home / "plain").write_text("echo never\n")
    (home / "binary").write_bytes(b"\x7fELF\0\0\0nonsense\0")
    (home / "binary").chmod(0o755)
    terminal = open_terminal(["sh", "-c", f"{minishell} -i; {SAID}"])
    terminal.expect_prompt(PROMPT)
    pid = terminal.foreground()
    ignored = processes.signals(pid).ignored
    terminal.send(f"exec {file if '/' in file else f'./{file}'}\r")
    terminal.until(lambda: terminal.count(PROMPT.strip()) == 2, "the next prompt")
    terminal.expect_prompt(PROMPT)
    assert terminal.foreground() == pid == processes.must_stat(pid).pgrp
    assert processes.signals(pid).ignored == ignored
    terminal.send("echo $?; cat\r")
    terminal.expect("127" if file == "nosuch" else "126")
    terminal.until(lambda: terminal.foreground() != pid, "cat to own the terminal")
    terminal.keys("C-z")
    terminal.expect("Stopped")
    terminal.expect_prompt(PROMPT)


@pytest.mark.requirement(11)
def test_a_program_that_exec_put_in_the_shells_place_is_in_the_group_the_shell_was_in(
    open_terminal: OpenTerminal, minishell: str
) -> None:
    terminal = open_terminal(["sh", "-c", f"{minishell} -i; {SAID}"])
    terminal.expect_prompt(PROMPT)
    pid = terminal.foreground()
    modes = terminal.modes()
    terminal.send("exec cat\r")
    terminal.until(lambda: processes.is_settled(pid, "cat"), "the shell to become cat")
    assert processes.must_stat(pid).pgrp == terminal.foreground() == terminal.pid
    assert terminal.modes() != modes
    terminal.keys("C-d")
    terminal.expect("said")
