"""Scripts on a terminal: job control by `set -m`, silent, and what Ctrl-C does to a script."""

from __future__ import annotations

import re
import shlex
import signal
from typing import TYPE_CHECKING

import pytest

from tests.pty import processes
from tests.pty.shell import start_of

if TYPE_CHECKING:
    from pathlib import Path

    from tests.pty.conftest import OpenTerminal
    from tests.pty.shell import Shell
    from tests.pty.terminal import Terminal


class Elsewhere:
    """A shell on a terminal that it sees only as /dev/tty: 0, 1 and 2 are files."""

    def __init__(self, start: OpenTerminal, minishell: str, home: Path, arguments: str, input: str = "") -> None:
        (home / "in").write_text(input)
        self.home = home
        line = f"{minishell} {arguments} <in >out 2>err; echo status $?"
        self.terminal: Terminal = start(["sh", "-c", line])

    def job(self, program: str) -> int:
        """The job that has the terminal, once it runs the program."""
        terminal = self.terminal

        def owner() -> int:
            group = terminal.foreground()
            return group if processes.is_settled(group, program) and group != terminal.pid else 0

        return terminal.until(owner, f"{program} to own the terminal")

    def ended(self) -> tuple[str, str]:
        """What it has written to standard output and standard error, once it has ended."""
        self.terminal.expect("status ")
        return (self.home / "out").read_text(), (self.home / "err").read_text()


@pytest.mark.requirement(4)
def test_a_script_controls_jobs_on_a_terminal_that_is_none_of_its_files(
    open_terminal: OpenTerminal, minishell: str, home: Path
) -> None:
    """Ctrl-Z stops the job and not the script; fg gives it the terminal once more, and Ctrl-C ends it."""
    script = "set -m; sleep 99; echo $?; jobs; fg; echo never"
    shell = Elsewhere(open_terminal, minishell, home, f"-c {shlex.quote(script)}")
    job = shell.job("sleep")
    shell.terminal.keys("C-z")
    shell.terminal.until(lambda: "Stopped" in (home / "out").read_text(), "the list of jobs")
    assert shell.job("sleep") == job
    shell.terminal.keys("C-c")
    out, err = shell.ended()
    assert out == "148\n[1]+  Stopped                 sleep 99\nsleep 99\n"
    assert err == ""
    assert shell.terminal.count("status 130") == 1


@pytest.mark.requirement(4)
def test_an_interactive_shell_controls_jobs_on_a_terminal_that_is_none_of_its_files(
    open_terminal: OpenTerminal, minishell: str, home: Path
) -> None:
    """Commands come from one file and output goes to another; keys still go to the job."""
    shell = Elsewhere(open_terminal, minishell, home, "-i", "sleep 99\necho $?\nfg\necho $?\n")
    job = shell.job("sleep")
    shell.terminal.keys("C-z")
    shell.terminal.until(lambda: "148" in (home / "out").read_text(), "the status of a stopped job")
    assert shell.job("sleep") == job
    shell.terminal.keys("C-c")
    out, err = shell.ended()
    assert out == "148\nsleep 99\n130\n"
    assert "[1]+  Stopped" in err


@pytest.mark.parametrize(
    ("script", "out"),
    [
        ("sleep 0 & wait; echo $?", "0\n"),
        ("sleep 0 & sleep 0 & wait %1; wait %2; echo $?", "0\n"),
        ("sh -c 'exit 3' & wait $!; echo $?; true; jobs", "3\n"),
        ("sleep 99 & kill %1; wait %1; echo $?", "143\n"),
        ("sleep 99 & kill -9 $!; wait; true; true", ""),
        ("sh -c 'kill -STOP $$'; echo $?; kill -9 %%; wait %1; true", "147\n"),
        ("sh -c 'kill -STOP $$; exit 3'; bg; wait %1; echo $?", "[1] sh -c 'kill -STOP $$; exit 3'\n3\n"),
        ("sh -c 'kill -STOP $$; exit 3'; fg; echo $?", "sh -c 'kill -STOP $$; exit 3'\n3\n"),
        ("sh -c 'kill -STOP $$' | sh -c 'kill -STOP $$; exit 4'; echo $?; fg >/dev/null; echo $?", "147\n4\n"),
        ("sleep 99 | sleep 98 & kill -- -$(jobs -p); wait $!; echo $?", "143\n"),
        ("(set -m; sleep 0; sleep 0 & wait; echo $?)", "0\n"),
    ],
)
def test_a_script_with_job_control_gives_no_notice(
    open_terminal: OpenTerminal, minishell: str, home: Path, script: str, out: str
) -> None:
    """Notices belong to interactive shells. POSIX.1-2024 XCU 2.11."""
    shell = Elsewhere(open_terminal, minishell, home, f"-mc {shlex.quote(script)}")
    assert shell.ended() == (out, "")


def test_each_job_of_a_script_has_a_group_if_it_asked_for_that(
    open_terminal: OpenTerminal, minishell: str, home: Path
) -> None:
    script = "set -m; sleep 99 & echo $!; set +m; sleep 98 & echo $! $$; cat </dev/tty"
    shell = Elsewhere(open_terminal, minishell, home, f"-c {shlex.quote(script)}")
    shell.job("cat")
    own, shared, script_pid = (int(word) for word in (home / "out").read_text().split())
    assert processes.must_stat(own).pgrp == own
    assert processes.must_stat(shared).pgrp == processes.must_stat(script_pid).pgrp == script_pid


@pytest.mark.requirement(1)
def test_a_script_with_job_control_waits_in_the_background(bash: Shell, minishell: str) -> None:
    """It could not give its jobs a terminal that is not its own."""
    pid = bash.background(f"{minishell} -c 'set -m; echo Q''Q'")
    bash.until_state(pid, "T")
    assert bash.foreground() == bash.pid
    assert bash.count("QQ") == 0
    bash.enter("fg")
    bash.expect("QQ")
    bash.prompt()


@pytest.mark.requirement(32)
def test_a_job_in_the_foreground_of_a_subshell_gets_the_keys(shell: Shell) -> None:
    """A subshell has no terminal to give: with `set -m` too the job stays in the group that the keys go to."""
    job = shell.start("(set -m; sleep 99; echo never)")
    shell.until(lambda: len(processes.in_group(job)) == 2, "the program in the subshell's group")
    shell.keys("C-z")
    shell.prompt()
    shell.start("fg")
    shell.keys("C-c")
    shell.prompt()
    assert "\nnever" not in shell.screen()
    assert processes.in_group(job) == []


# -- Ctrl-C


@pytest.mark.requirement(47, 48)
@pytest.mark.parametrize(
    ("traps", "status"),
    [("trap 'echo caught' INT", 0), ("trap '' INT", 0), ("trap 'exit 5' INT", 5), ("trap - INT", None)],
)
@pytest.mark.parametrize("options", ["-c", "-mc"])
def test_what_a_script_makes_of_ctrl_c(
    open_terminal: OpenTerminal, subject: str, traps: str, status: int | None, options: str
) -> None:
    """The program dies of it, or ignores it with the script; a trap of the script runs once that has ended.

    With job control the key is for the group of the program alone, but it is the script that the user wants to end.
    """
    program = "cat; echo later"
    terminal = open_terminal([*start_of(subject), options, f"{traps}; {program}"])
    terminal.until(
        lambda: processes.is_settled(processes.only_child(terminal.pid) or 0, "cat"),
        "the program to read",
    )
    terminal.keys("C-c")
    if traps == "trap '' INT":
        terminal.send("read\r")
        terminal.until(lambda: terminal.count("read") == 2, "the program to go on")
        terminal.keys("C-d")
    assert terminal.status() == (-signal.SIGINT if status is None else status)
    terminal.until(lambda: terminal.at_end, "all that was written")
    assert ("later" in terminal.screen()) == (status == 0)
    assert ("caught" in terminal.screen()) == ("caught" in traps)


@pytest.mark.requirement(21)
def test_without_job_control_the_keys_spare_what_runs_in_the_background(
    open_terminal: OpenTerminal, minishell: str
) -> None:
    """POSIX.1-2024 2.12: an asynchronous list ignores them; the script, which waits for cat, dies of Ctrl-C."""
    script = shlex.quote("sleep 99 & echo pid $!; cat; echo never")
    line = f"trap : INT QUIT; {minishell} -c {script}; echo status $?; trap '' QUIT; cat"
    terminal = open_terminal(["sh", "-c", line])
    terminal.expect(re.compile(r"^pid (\d+)$", re.MULTILINE))
    background = int(terminal.screen().split()[1])
    script_pid = processes.must_stat(background).parent
    terminal.until(lambda: len(processes.children(script_pid)) == 2, "both programs")
    terminal.until(lambda: processes.is_settled(processes.children(script_pid)[1], "cat"), "cat to read")
    terminal.keys("C-c")
    terminal.expect("status 130")
    terminal.keys("C-\\")
    terminal.until(lambda: not processes.signals(background).pending, "the signals to be delivered")
    assert processes.alive(background)
    assert "never" not in terminal.screen()


@pytest.mark.requirement(47)
@pytest.mark.parametrize("options", ["-c", "-mc"])
def test_ctrl_c_ends_a_loop_of_a_script(open_terminal: OpenTerminal, subject: str, options: str) -> None:
    terminal = open_terminal([*start_of(subject), options, "while :; do cat; echo never; done"])
    terminal.until(lambda: processes.is_settled(processes.only_child(terminal.pid) or 0, "cat"), "cat to read")
    terminal.keys("C-c")
    assert terminal.status() == -signal.SIGINT
    assert "never" not in terminal.screen()
