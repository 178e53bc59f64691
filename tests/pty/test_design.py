"""What the design of the shell's loop promises, as far as one can see it from outside: the requirements below 1."""

from __future__ import annotations

import subprocess
from typing import TYPE_CHECKING

import pytest

from tests.pty import processes
from tests.pty.shell import PROGRAMS, clean_environment, start_of

if TYPE_CHECKING:
    from pathlib import Path

    from tests.pty.conftest import OpenShell
    from tests.pty.shell import Shell

EPOLL_WAITS = {"232", "281", "441", "22"}
"""epoll_wait, epoll_pwait and epoll_pwait2 on x86-64; epoll_pwait on other machines."""


@pytest.mark.requirement(0.1)
def test_one_event_loop_lives_as_long_as_the_shell(shell: Shell) -> None:
    """The same sockets after many commands; and while a job runs, the loop does not."""
    shell.run("true")
    at_first = internal_descriptors(shell)
    for command in ("true", "echo x | cat", "sleep 0 & wait", "no-such-program"):
        shell.run(command)
    assert internal_descriptors(shell) == at_first
    shell.start("cat")
    shell.until_state(shell.pid, "S")
    assert processes.system_call(shell.pid) not in EPOLL_WAITS
    shell.keys("C-d")
    shell.prompt()


@pytest.mark.requirement(0.2)
def test_an_idle_shell_sleeps(shell: Shell) -> None:
    """Keys and signals wake it, not a clock: it polls neither for children nor for the window's size."""
    job = shell.background("sleep 99")
    shell.until_runs(job, "sleep")
    shell.settle()
    woken = processes.times_woken(shell.pid)
    shell.during(1.2)
    assert processes.times_woken(shell.pid) - woken <= 1


@pytest.mark.requirement(0.2)
def test_children_are_reaped_while_nobody_types(shell: Shell) -> None:
    """No zombie stays until the next command."""
    shell.enter("true & true & (exit 3) &")
    shell.until(lambda: len(processes.children(shell.pid)) == 0 and shell.at_prompt(), "no child, and the prompt")


@pytest.mark.requirement(0.5)
def test_the_kernel_still_makes_signals_of_keys_at_the_prompt(shell: Shell) -> None:
    """ISIG: a ^C too early for the program is a signal for the shell, not a byte that gets lost.

    ICRNL: Enter stays a newline for whoever reads it. NOFLSH: a ^C drops neither typed lines nor notices.
    """
    shell.until(lambda: {"ISIG", "ICRNL", "NOFLSH"} <= shell.modes().on(), "these modes at the prompt")


@pytest.mark.requirement(0.6)
def test_an_interactive_shell_forks(open_shell: OpenShell, home: Path) -> None:
    """Never vfork, as in posix_spawn: Ctrl-Z in its window would leave the shell asleep and deaf."""
    shell = open_shell(variables={"PYTHONPATH": str(PROGRAMS / "watched")})
    for line in ("/bin/true", "/bin/true | /bin/true", "(/bin/true)", "/bin/true & wait", ": $(/bin/true)"):
        shell.run(line)
    assert set((home / "launches").read_text().split()) == {"os.fork"}


@pytest.mark.requirement(0.8)
@pytest.mark.parametrize("text", [":", "/bin/true", "/bin/echo x | cat", "(:); : & wait"])
def test_the_line_editor_is_not_loaded_without_a_person(subject: str, home: Path, text: str) -> None:
    """Nor what costs more than the work itself: a script starts in a tenth of the time."""
    answer = subprocess.run(
        [*start_of(subject), "-c", text],
        capture_output=True,
        check=True,
        cwd=home,
        env=clean_environment(home) | {"PYTHONPROFILEIMPORTTIME": "1"},
        start_new_session=True,
        text=True,
        timeout=120,
    )
    modules = {line.rpartition("|")[2].strip() for line in answer.stderr.splitlines()}
    assert "minishell.cli" in modules
    assert not modules & {"prompt_toolkit", "pygments", "asyncio", "ctypes", "subprocess", "dataclasses"}


@pytest.mark.requirement(0.8)
def test_the_last_command_of_a_script_takes_the_place_of_the_shell(subject: str, home: Path) -> None:
    """One process less: nothing is left to do for the shell after it."""
    shell = subprocess.Popen(
        [*start_of(subject), "-c", "sh -c 'echo $$'"],
        cwd=home,
        env=clean_environment(home),
        stdout=subprocess.PIPE,
        text=True,
    )
    told, _ = shell.communicate(timeout=120)
    assert int(told) == shell.pid


def internal_descriptors(shell: Shell) -> dict[int, str]:
    """The shell's sockets and epoll instances: those of its event loop."""
    found = processes.descriptors(shell.pid)
    return {number: what for number, what in found.items() if what.startswith(("socket:", "anon_inode:"))}
