"""How programs are started: groups, the terminal, signals, descriptors (requirements 14 to 27 and 31 to 33)."""

from __future__ import annotations

import os
import re
import signal
from typing import TYPE_CHECKING

import pytest

from tests.pty import processes

if TYPE_CHECKING:
    from pathlib import Path

    from tests.pty.conftest import Door, OpenShell, Script
    from tests.pty.shell import Shell


# -- process groups and the terminal


@pytest.mark.requirement(14)
def test_short_pipelines_never_fail_to_join_their_group(shell: Shell, presses: int) -> None:
    """Parent and child both call setpgid; whoever comes late ignores the refusal."""
    line = "; ".join(["true | cat"] * 10)
    for _ in range(presses // 10):
        assert shell.run(line) == ""


@pytest.mark.requirement(15)
def test_all_stages_share_the_group_of_the_first(shell: Shell) -> None:
    """Ctrl-C must reach every stage: one group, and it owns the terminal."""
    job = shell.start("sleep 91 | sleep 92 | sleep 93")
    shell.until(lambda: len(processes.in_group(job)) == 3, "three processes in one group")
    first, *_ = processes.children(shell.pid)
    assert job == first != shell.pid
    shell.keys("C-c")
    shell.prompt()


@pytest.mark.requirement(16)
@pytest.mark.race(4)
def test_the_first_stage_may_end_before_the_others_join(shell: Shell, home: Path, door: Door) -> None:
    """While opening the door delays the second stage, the first has long ended."""
    shell.enter("sh -c 'echo $$ >leader' | cat <door | cat; echo do''ne")
    leader = shell.until(lambda: read(home / "leader").strip(), "the first stage")
    shell.until_gone(int(leader))
    shell.until(door.lets_through, "the second stage at the door")
    shell.prompt()
    assert "done" in shell.screen()


@pytest.mark.requirement(17)
def test_a_later_stage_may_read_the_terminal_after_the_first_has_ended(shell: Shell, presses: int) -> None:
    """As in `ls | less`: the group owns the terminal though its leader is gone."""
    for number in range(presses // 6):
        shell.enter("true | head -n 1 /dev/tty")
        shell.until(shell.foreground_job, "the job to own the terminal")
        shell.send(f"line{number}\r")
        shell.prompt()
        assert shell.count(f"line{number}") == 2  # the terminal's echo, and what head printed
    assert "Stopped" not in shell.screen()


@pytest.mark.requirement(18)
@pytest.mark.race(3)
def test_a_program_owns_the_terminal_before_it_reads(shell: Shell, presses: int) -> None:
    """A program that reads at once is never stopped by SIGTTIN."""
    for number in range(presses // 3):
        shell.start("head -n 1")
        shell.send(f"line{number}\r")
        shell.prompt()
        assert shell.count(f"line{number}") == 2
    assert "Stopped" not in shell.screen()


@pytest.mark.requirement(19)
@pytest.mark.parametrize("setting", ["true", "trap - TTOU TTIN TSTP", "trap 'echo trapped' TTOU"])
def test_handing_the_terminal_over_stops_nobody(shell: Shell, setting: str) -> None:
    """tcsetpgrp from the background raises SIGTTOU: ignored or blocked around it, on both sides."""
    shell.run(setting)
    shell.run("stty tostop")
    for number in range(5):
        assert shell.run(f"echo x{number} | cat") == f"x{number}"
        assert shell.run("stty -a | grep -o ' tostop'") == " tostop"
    assert "trapped" not in shell.run("true")


# -- signals

MASKS = "grep -hE 'SigIgn|SigBlk'"


@pytest.mark.requirement(20)
@pytest.mark.parametrize(
    "command",
    [
        f"{MASKS} /proc/self/status",
        f"{MASKS} /proc/self/status | cat",
        f"true | {MASKS} /proc/self/status",
        f"({MASKS} /proc/self/status)",
        f"{{ {MASKS} /proc/self/status; }} | cat",
        f"{MASKS} /proc/self/status & wait",
    ],
)
def test_programs_start_with_every_signal_at_its_default(shell: Shell, command: str) -> None:
    """Nothing ignored and nothing blocked, though Python ignores SIGPIPE and the shell SIGTTOU."""
    said = shell.run(command)
    masks = dict(re.findall(r"(SigBlk|SigIgn):\s+([0-9a-f]{16})$", said, re.MULTILINE))
    assert {name: processes.members(int(mask, 16)) for name, mask in masks.items()} == {
        "SigBlk": frozenset(),
        "SigIgn": frozenset(),
    }


@pytest.mark.requirement(20)
def test_a_writer_dies_of_the_pipe_nobody_reads(shell: Shell) -> None:
    """`yes | head -n 1`: SIGPIPE kills yes, silently (128 + 13)."""
    assert shell.run("{ sh -c 'yes; echo $? >&2'; } | head -n 1") == "y\n141"


@pytest.mark.requirement(21)
def test_what_was_ignored_at_entry_stays_ignored(script: Script) -> None:
    """POSIX 2.14: `nohup` works on a shell too."""
    answer = script("kill -HUP $$; echo survived", "sh", "-c", 'trap \'\' HUP; "$0" "$@"')
    assert answer.stdout == "survived\n"
    answer = script("grep SigIgn /proc/self/status", "sh", "-c", 'trap \'\' INT USR1; "$0" "$@"')
    assert ignored(answer.stdout) == {signal.SIGINT, signal.SIGUSR1}


@pytest.mark.requirement(21)
@pytest.mark.parametrize("trap", ["trap 'echo never' INT", "trap - INT", "(trap - INT; kill -INT $$)"])
def test_what_was_ignored_at_entry_cannot_be_trapped_by_a_script(script: Script, trap: str) -> None:
    """POSIX.1-2024 XCU trap: neither trapped nor reset, by the shell or by what it starts."""
    text = f"{trap}; kill -INT $$; sh -c 'kill -INT $$; echo child'; echo survived"
    answer = script(text, "sh", "-c", 'trap \'\' INT; "$0" "$@"')
    assert (answer.stdout, answer.stderr, answer.returncode) == ("child\nsurvived\n", "", 0)


@pytest.mark.requirement(21)
def test_what_was_ignored_at_entry_stays_ignored_in_an_interactive_shell(open_shell: OpenShell) -> None:
    """Only the shell's own dispositions are undone for a child, not its parent's wishes."""
    shell = open_shell(before_exec=lambda: ignore(signal.SIGUSR1, signal.SIGHUP))
    assert ignored(shell.run("grep SigIgn /proc/self/status")) == {signal.SIGHUP, signal.SIGUSR1}


@pytest.mark.requirement(21)
def test_without_job_control_a_background_job_ignores_the_keyboard(script: Script) -> None:
    """POSIX 2.11: SIGINT and SIGQUIT ignored, and /dev/null as input."""
    answer = script("grep SigIgn /proc/self/status & wait")
    assert ignored(answer.stdout) == {signal.SIGINT, signal.SIGQUIT}
    assert script("readlink /proc/self/fd/0 & wait").stdout == "/dev/null\n"


@pytest.mark.requirement(23)
def test_a_signal_to_a_subshell_does_not_wake_the_shell(shell: Shell) -> None:
    """The child of a fork shares the parent's wakeup socket until it lets go of it."""
    subshell = shell.background("(trap : USR1; sleep 95; :)")
    shell.until(lambda: signal.SIGUSR1 in processes.signals(subshell).caught, "the trap to be set")
    shell.until(lambda: processes.only_child(subshell), "the subshell's own child")
    shell.settle()
    woken = processes.times_woken(shell.pid)
    for _ in range(5):
        os.kill(subshell, signal.SIGUSR1)
        shell.until(lambda: not processes.signals(subshell).pending, "the signal to be delivered")
    shell.during(0.2)
    assert processes.times_woken(shell.pid) == woken


@pytest.mark.requirement(24)
def test_output_is_written_once(shell: Shell, script: Script, home: Path) -> None:
    """Nothing that waits in a buffer at fork is written twice, and no child runs Python's exit."""
    shell.run("echo x | cat >once; (echo y; echo z) >>once; echo w & wait")
    assert read(home / "once") == "x\ny\nz\n"
    answer = script("echo a; echo b | cat; (echo c); { echo d; } & wait; echo e; (exit 3); true | false")
    assert sorted(answer.stdout.split()) == ["a", "b", "c", "d", "e"]


@pytest.mark.requirement(25)
def test_the_shell_has_one_thread(shell: Shell) -> None:
    """fork copies one thread: with two, the child could wait forever for a lock."""
    shell.send("ec")
    shell.keys("Tab", "C-u")
    shell.prompt()
    shell.run("sleep 0 & wait; echo x | cat")
    assert processes.threads(shell.pid) == 1


# -- descriptors


@pytest.mark.requirement(26)
def test_each_stage_holds_only_its_own_ends_of_the_pipes(shell: Shell) -> None:
    """A stray writing end would keep the reader from ever seeing the end of input."""
    job = shell.start("sleep 91 | sleep 92 | sleep 93")
    shell.until(lambda: len(processes.in_group(job)) == 3, "three processes")
    for process in processes.in_group(job):
        shell.until_runs(process.pid, "sleep")
    first, second, third = (processes.descriptors(process.pid) for process in processes.in_group(job))
    assert sorted(first) == sorted(second) == sorted(third) == [0, 1, 2]
    assert first[1] == second[0] != second[1] == third[0]
    assert first[0] == third[1] == third[2]
    shell.keys("C-c")
    shell.prompt()


@pytest.mark.requirement(26)
def test_descriptors_that_the_user_opened_are_inherited(shell: Shell, home: Path) -> None:
    """Every single digit is the user's: the shell keeps its own at 10 and above."""
    (home / "three").write_text("three\n")
    shell.run("exec " + " ".join(f"{number}<three" for number in range(3, 10)))
    for number in range(3, 10):
        assert shell.run(f"head -n 1 <&{number}") == "three"
        shell.run(f"exec {number}<&-")
    assert shell.run("echo Q''Q") == "QQ"
    assert min(set(processes.descriptors(shell.pid)) - {0, 1, 2}) >= 10


@pytest.mark.requirement(26)
def test_what_a_redirection_puts_aside_is_out_of_the_users_way(shell: Shell, home: Path) -> None:
    """While a group's output leads elsewhere the shell keeps the old one at 10 or above, and no program gets it."""
    shell.run("{ echo /proc/$$/fd/*; echo; ls /proc/self/fd; } >told 2>&1 3</dev/null 5>&1")
    own, programs = read(home / "told").split("\n\n")
    numbers = {int(name.rpartition("/")[2]) for name in own.split()}
    opened = {0, 1, 2, 3, 4, 5}  # 4 is the directory that is being read
    assert {number for number in numbers if number < 10} == opened == {*map(int, programs.split())}
    assert len(numbers) >= len(opened) + 4


@pytest.mark.requirement(26, 29)
def test_failures_leave_neither_descriptors_nor_children(shell: Shell) -> None:
    """Whatever was opened before the command could not be started is closed again."""
    shell.run("true | cat")
    before = processes.descriptors(shell.pid)
    for command in (
        "no-such-program | cat",
        "cat </no/such/file | cat",
        "true | cat >/no/such/directory/file",
        "true 3</dev/null 4</no/such/file",
        "echo x >&9",
        "exec 5</no/such/file",
        "{ echo x; } >/dev/null 2</no/such/file",
        'echo "$(cat </no/such/file)"',
        "(exit 3) & wait",
    ):
        shell.run(command)
    assert processes.descriptors(shell.pid) == before
    assert processes.children(shell.pid) == []


@pytest.mark.requirement(26)
def test_a_reader_sees_the_end_when_the_writer_ends(shell: Shell) -> None:
    """`yes | head` ends, and so does a reader of a background writer."""
    assert shell.run("yes | head -n 2 | cat") == "y\ny"


@pytest.mark.requirement(27)
def test_a_descriptor_duplicated_onto_itself_is_inherited(shell: Shell, home: Path) -> None:
    """dup2(n, n) changes nothing, not even close-on-exec, but the child needs it open."""
    (home / "f").write_text("content\n")
    for number in range(3, 10):
        assert shell.run(f"cat {number}<f <&{number}") == "content"


# -- background, substitutions, numbers


@pytest.mark.requirement(31)
@pytest.mark.race(8)
def test_a_background_job_does_not_take_the_terminal(shell: Shell) -> None:
    """A reader in the background stops; the one in the foreground is undisturbed."""
    reader = shell.background("cat")
    shell.until_state(reader, "T")
    job = shell.start("cat")
    os.kill(reader, signal.SIGCONT)
    shell.until_state(reader, "T")
    assert shell.foreground() == job
    shell.send("hello\r")
    shell.until(lambda: shell.count("hello") == 2, "the echo and the copy")
    shell.keys("C-d")
    shell.prompt()
    assert processes.state(reader) == "T"


@pytest.mark.requirement(32)
def test_a_command_substitution_stays_in_the_shells_group(shell: Shell) -> None:
    """It gets no terminal; Ctrl-C ends it and the line with it."""
    shell.enter("echo begun $(sleep 94) over; echo la''ter")
    sleeper = shell.until(lambda: processes.descendant(shell.pid, "sleep"), "the substitution's child")
    assert processes.must_stat(sleeper).pgrp == shell.foreground() == shell.pid
    shell.keys("C-c")
    shell.prompt()
    assert "later" not in shell.screen()
    shell.until_gone(sleeper)


@pytest.mark.requirement(32)
def test_a_command_substitution_cannot_be_stopped(shell: Shell) -> None:
    """Ctrl-Z would leave the shell waiting for output that nobody writes."""
    shell.enter("echo begun $(sleep 94) over")
    sleeper = shell.until(lambda: processes.descendant(shell.pid, "sleep"), "the substitution's child")
    shell.keys("C-z")
    shell.during(0.1)
    assert processes.state(sleeper) != "T"
    os.kill(sleeper, signal.SIGTERM)
    shell.prompt()
    assert "begun over" in shell.screen()


@pytest.mark.requirement(32)
@pytest.mark.parametrize("line", ["grep SigIgn /proc/self/status", ":; (grep SigIgn /proc/self/status; :)"])
def test_what_runs_in_a_command_substitution_ignores_ctrl_z(shell: Shell, line: str) -> None:
    """Where the shell has a parent, the kernel does deliver the signal, and nobody could continue what it stops."""
    status = next(text for text in shell.run(f'echo "$({line})"').splitlines() if text.startswith("SigIgn"))
    assert signal.SIGTSTP in ignored(status)


@pytest.mark.requirement(33)
def test_the_last_background_process_and_the_numbers_of_jobs(shell: Shell) -> None:
    """`$!` is the last stage's pid; a job takes the smallest number that is free."""
    last = shell.background("sleep 91 | sleep 92")
    shell.until_runs(last, "sleep")
    assert processes.must_stat(last).pgrp != last
    second = shell.background("sleep 93")
    shell.run("kill %1")
    shell.until_gone(last)
    shell.run("wait %1")
    shell.run("jobs")
    assert "[1]" in shell.run("sleep 94 &")
    shell.run("kill %1 %2; wait")
    shell.until_gone(second)
    shell.run("jobs")
    assert "[1]" in shell.run("sleep 95 &")


# -- helpers


def read(path: Path) -> str:
    return path.read_text() if path.exists() else ""


def ignored(line: str) -> frozenset[int]:
    """The signals in the line SigIgn of /proc/PID/status."""
    return processes.members(int(line.split()[1], 16))


def ignore(*numbers: int) -> None:
    for number in numbers:
        signal.signal(number, signal.SIG_IGN)
