"""What happens when a program cannot be started (requirements 28 to 30)."""

from __future__ import annotations

import ctypes
import os
import resource
from typing import TYPE_CHECKING

import pytest

from tests.pty import processes

if TYPE_CHECKING:
    from pathlib import Path

    from tests.pty.conftest import OpenShell, Script


@pytest.mark.requirement(28)
def test_a_program_that_is_not_there_is_127(script: Script) -> None:
    """ENOENT."""
    for command in ("no-such-program", "/no/such/program", "./no-such-program"):
        answer = script(command)
        assert answer.returncode == 127
        assert command in answer.stderr


@pytest.mark.requirement(28)
def test_a_program_that_cannot_run_is_126(script: Script, home: Path) -> None:
    """EACCES, a directory, a file that is no program."""
    (home / "plain").write_text("echo no\n")
    (home / "binary").write_bytes(b"\x7fELF\0\0\0nonsense\0")
    (home / "binary").chmod(0o755)
    for command in ("./plain", "/", "./binary"):
        answer = script(command)
        assert answer.returncode == 126
        assert command in answer.stderr
        assert answer.stdout == ""


@pytest.mark.requirement(28)
def test_a_script_without_a_first_line_is_run_by_a_shell(script: Script, home: Path) -> None:
    """ENOEXEC: POSIX 2.9.1.6."""
    (home / "bare").write_text('echo "bare $1"\n')
    (home / "bare").chmod(0o755)
    assert script("./bare argument").stdout == "bare argument\n"
    assert script("./bare argument | cat").stdout == "bare argument\n"


@pytest.mark.requirement(28)
def test_a_missing_interpreter_is_named(script: Script, home: Path) -> None:
    """execve says ENOENT though the file is there: the message has to say what is not."""
    (home / "odd").write_text("#!/no/such/interpreter\n")
    (home / "odd").chmod(0o755)
    answer = script("./odd")
    assert answer.returncode in (126, 127)
    assert "/no/such/interpreter" in answer.stderr


@pytest.mark.requirement(28)
def test_too_many_arguments_are_said_to_be_too_many(script: Script) -> None:
    """E2BIG."""
    answer = script("/bin/true $(head -c 3000000 /dev/zero | tr '\\0' x); echo status $?")
    assert answer.stdout == "status 126\n"
    assert "too long" in answer.stderr


@pytest.mark.requirement(29)
def test_a_file_that_cannot_be_opened_is_named(script: Script, home: Path) -> None:
    """The command does not run, the status is 1, and the message names the file, not the command."""
    answer = script("touch ran </no/such/file; echo status $?; echo x >/no/such/file | cat")
    assert answer.stdout == "status 1\n"
    assert answer.stderr.count("/no/such/file") >= 2
    assert not (home / "ran").exists()


@pytest.mark.requirement(30)
def test_when_no_more_processes_can_be_had_the_shell_stays_usable(open_shell: OpenShell) -> None:
    """EAGAIN in the middle of a pipeline: the stages that started end, and the prompt comes back."""
    shell = open_shell(before_exec=lambda: limit_processes(4))
    said = shell.run(" | ".join(["sleep 99"] * 12))
    assert said != ""
    assert shell.last_status() != 0
    assert processes.children(shell.pid) == []
    assert shell.foreground() == shell.pid
    assert shell.run("echo x | cat") == "x"


def limit_processes(more: int) -> None:
    """In the child: allow so many processes beside this one.

    RLIMIT_NPROC counts the processes of the *real* user, and exempts root and two capabilities: getrlimit(2).
    """
    if os.getuid() == 0:
        for capability in (CAP_SYS_ADMIN, CAP_SYS_RESOURCE):
            if ctypes.CDLL(None).prctl(PR_CAPBSET_DROP, capability, 0, 0, 0) != 0:
                raise OSError("prctl(PR_CAPBSET_DROP)")
        os.setresuid(40000 + os.getpid() % 20000, 0, 0)
    limit = threads_of_the_user(os.getpid()) + more
    resource.setrlimit(resource.RLIMIT_NPROC, (limit, limit))


PR_CAPBSET_DROP = 24
CAP_SYS_ADMIN = 21
CAP_SYS_RESOURCE = 24


def threads_of_the_user(pid: int) -> int:
    """How many threads the real user of a process has: what RLIMIT_NPROC counts."""
    user = processes.real_user(pid)
    return sum(processes.threads(one.pid) for one in processes.everybody() if processes.real_user(one.pid) == user)
