"""The door to the kernel: what each call promises in its docstring is what Linux does."""

from __future__ import annotations

import errno
import inspect
import os
import select
import signal
import termios
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from minishell.ids import FIRST_PRIVATE_FD, Fd, Pid
from minishell.kernel.calls import Kernel
from minishell.kernel.signals import JOB_CONTROL, NAMES, NUMBERS, PYTHONS, describe, number
from minishell.kernel.status import RUNNING, Exited, Killed, Stopped, decode, ended
from tests.scripted_kernel import CALLS, HARMLESS, Gone, ScriptedKernel

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

KERNEL = Kernel()


@pytest.fixture
def pipe() -> Iterator[tuple[Fd, Fd]]:
    read, write = KERNEL.pipe()
    yield read, write
    os.close(read)
    os.close(write)


@pytest.fixture
def child() -> Iterator[Pid]:
    """A process that waits to be killed."""
    pid = Pid(os.posix_spawn("/bin/sleep", ["sleep", "600"], {}))
    yield pid
    try:
        os.kill(pid, signal.SIGKILL)
        os.waitpid(pid, 0)
    except (ProcessLookupError, ChildProcessError):
        pass


@pytest.fixture
def terminal() -> Iterator[Fd]:
    """A pseudo-terminal that nobody controls."""
    master, slave = os.openpty()
    yield Fd(slave)
    os.close(master)
    os.close(slave)


def refusal(call: Callable[..., object], *given: object) -> int | None:
    with pytest.raises(OSError) as refused:  # noqa: PT011
        call(*given)
    return refused.value.errno


@pytest.mark.parametrize("call", sorted(CALLS))
def test_each_call_has_a_sentence_for_learners(call: str) -> None:
    first = (inspect.getdoc(getattr(Kernel, call)) or "").partition("\n")[0]
    assert len(first) > 20
    assert "." in first or ":" in first


# Descriptors


def test_new_descriptors_are_not_inherited(pipe: tuple[Fd, Fd], tmp_path: Path) -> None:
    """PEP 446."""
    file = KERNEL.open(str(tmp_path / "f"), os.O_RDWR | os.O_CREAT)
    memory = KERNEL.memfd_create("x")
    private = KERNEL.dup(file)
    try:
        assert not any(map(os.get_inheritable, [*pipe, file, memory, private]))
    finally:
        for fd in (file, memory, private):
            KERNEL.close(fd)


@pytest.mark.requirement(26)
def test_private_descriptors_leave_the_low_numbers_to_the_user(pipe: tuple[Fd, Fd]) -> None:
    private = KERNEL.dup(pipe[0])
    KERNEL.close(private)
    assert private >= FIRST_PRIVATE_FD == 10


@pytest.mark.requirement(27)
def test_dup2_is_inherited_even_onto_itself(pipe: tuple[Fd, Fd]) -> None:
    read, write = pipe
    free = KERNEL.dup(read)
    KERNEL.close(free)
    assert KERNEL.dup2(read, free) == free
    inherited = os.get_inheritable(free)
    KERNEL.close(free)
    assert inherited
    assert KERNEL.dup2(write, write) == write
    assert os.get_inheritable(write)


def test_what_is_not_open_is_ebadf(pipe: tuple[Fd, Fd]) -> None:
    closed = KERNEL.dup(pipe[0])
    KERNEL.close(closed)
    calls: list[Callable[[Fd], object]] = [KERNEL.close, KERNEL.dup, KERNEL.fstat, KERNEL.tcgetpgrp]
    assert [refusal(call, closed) for call in calls] == [errno.EBADF] * 4
    assert refusal(KERNEL.dup2, closed, Fd(1)) == errno.EBADF
    assert not KERNEL.isatty(closed)


def test_a_pipe_ends_when_its_last_writer_is_gone(pipe: tuple[Fd, Fd]) -> None:
    read, write = pipe
    second = KERNEL.dup(write)
    assert KERNEL.write(second, b"abc") == 3
    KERNEL.close(second)
    assert KERNEL.read(read, 2) == b"ab"
    assert KERNEL.read(read, 2) == b"c"
    assert select.select([read], [], [], 0) == ([], [], []), "not yet: `write` is open"


def test_a_pipe_nobody_reads_is_epipe() -> None:
    read, write = KERNEL.pipe()
    KERNEL.close(read)
    try:
        assert refusal(KERNEL.write, write, b"x") == errno.EPIPE
        assert refusal(KERNEL.lseek, write, 0, os.SEEK_CUR) == errno.ESPIPE
    finally:
        KERNEL.close(write)


def test_copies_share_the_offset_and_memory_is_a_file() -> None:
    memory = KERNEL.memfd_create("here-document")
    copy = KERNEL.dup(memory)
    try:
        assert os.readlink(f"/proc/self/fd/{memory}") == "/memfd:here-document (deleted)"
        KERNEL.write(memory, b"abc")
        assert KERNEL.lseek(copy, 0, os.SEEK_CUR) == 3
        KERNEL.lseek(copy, 1, os.SEEK_SET)
        assert KERNEL.read(memory, 9) == b"bc"
    finally:
        KERNEL.close(memory)
        KERNEL.close(copy)


# Processes


def test_fork_returns_twice() -> None:
    pid = KERNEL.fork()
    if pid == 0:
        KERNEL._exit(7 if KERNEL.getppid() != os.getpid() else 8)
    assert KERNEL.waitpid(pid, 0) == (pid, 7 << 8)


def test_waitpid_without_waiting(child: Pid) -> None:
    assert KERNEL.waitpid(child, os.WNOHANG) == (0, 0)
    KERNEL.kill(child, signal.SIGSTOP)
    assert decode(KERNEL.waitpid(child, os.WUNTRACED)[1]) == Stopped(signal.SIGSTOP)
    KERNEL.kill(child, signal.SIGCONT)
    assert decode(KERNEL.waitpid(child, os.WCONTINUED)[1]) == RUNNING
    KERNEL.kill(child, signal.SIGTERM)
    assert decode(KERNEL.waitpid(child, 0)[1]) == Killed(signal.SIGTERM, False)
    assert refusal(KERNEL.waitpid, child, 0) == errno.ECHILD
    assert refusal(KERNEL.kill, child, 0) == errno.ESRCH
    assert refusal(KERNEL.setpgid, child, child) == errno.ESRCH


@pytest.mark.requirement(14)
def test_setpgid_of_a_child_that_has_execd_is_refused(child: Pid) -> None:
    """posix_spawn returns when the child has exec'd."""
    assert refusal(KERNEL.setpgid, child, child) == errno.EACCES


def test_a_process_of_posix_spawn_blocks_nothing() -> None:
    before = KERNEL.sigprocmask(signal.SIG_BLOCK, [signal.SIGUSR1])
    try:
        words = ("grep", "-q", "^SigBlk:.0000000000000000$", "/proc/self/status")
        pid = KERNEL.posix_spawn("/bin/grep", words, {}, group=Pid(0))
    finally:
        KERNEL.sigprocmask(signal.SIG_SETMASK, before)
    assert KERNEL.waitpid(pid, 0) == (pid, 0)


@pytest.mark.parametrize(
    ("content", "mode", "number"),
    [
        (None, 0, errno.ENOENT),
        ("#!/no/such\n", 0o755, errno.ENOENT),
        ("echo\n", 0o755, errno.ENOEXEC),
        ("echo\n", 0o644, errno.EACCES),
    ],
)
def test_a_refused_execve_returns_by_raising(tmp_path: Path, content: str | None, mode: int, number: int) -> None:
    file = tmp_path / "program"
    if content is not None:
        file.write_text(content)
        file.chmod(mode)
    assert refusal(KERNEL.execve, str(file), ("program",), {}) == number
    assert refusal(KERNEL.execve, "/bin/true", ("true", "x" * 200_000), {}) == errno.E2BIG


# Signals


def test_sigaction_tells_what_was_before() -> None:
    default, ignore = int(signal.SIG_DFL), int(signal.SIG_IGN)  # the C half of `signal` knows no enumerations
    before = KERNEL.sigaction(signal.SIGUSR1, ignore)
    assert KERNEL.sigaction(signal.SIGUSR1, default) == ignore
    assert KERNEL.sigaction(signal.SIGUSR1, before) == default


def test_a_blocked_signal_waits_to_be_taken() -> None:
    before = KERNEL.sigprocmask(signal.SIG_BLOCK, [signal.SIGUSR1])
    assert signal.SIGUSR1 not in before
    KERNEL.kill(KERNEL.getpid(), signal.SIGUSR1)
    taken = KERNEL.sigwaitinfo([signal.SIGUSR1, signal.SIGUSR2])
    assert KERNEL.sigprocmask(signal.SIG_SETMASK, before) == before | {signal.SIGUSR1}
    assert taken == signal.SIGUSR1


def test_all_signals_have_names_and_numbers() -> None:
    valid = {int(signum) for signum in signal.valid_signals()}
    assert set(NAMES) == {signum for signum in valid if not signal.SIGRTMIN < signum < signal.SIGRTMAX} - {
        signal.SIGRTMIN,
        signal.SIGRTMAX,
    }
    assert all(NUMBERS[name] == signum for signum, name in NAMES.items())
    assert [NAMES[signum] for signum in JOB_CONTROL] == ["QUIT", "TSTP", "TTIN", "TTOU"]
    assert {signum for signum in NAMES if signum in PYTHONS} == {signal.SIGPIPE, signal.SIGXFSZ}


@pytest.mark.parametrize("text", ["INT", "SIGINT", "int", "sigint", "2", "02"])
def test_a_signal_has_several_names(text: str) -> None:
    assert number(text) == signal.SIGINT


@pytest.mark.parametrize("text", ["", "SIG", "NOPE", "0", "-2", "65", "²", "2.0", " 2", "9" * 30, "9" * 5000])
def test_what_is_no_signal_has_none(text: str) -> None:
    assert number(text) is None


@given(st.text(max_size=8))
def test_no_text_is_too_strange_to_be_no_signal(text: str) -> None:
    assert number(text) is None or number(text) in NAMES


def test_signals_are_described_in_words() -> None:
    assert describe(signal.SIGSEGV) == "Segmentation fault"
    assert describe(signal.SIGSTOP) == "Stopped (signal)"
    assert all(describe(signum) for signum in range(1, signal.NSIG))


@given(st.integers(0, 255))
def test_every_exit_status_is_decoded(status: int) -> None:
    assert decode(status << 8) == Exited(status)
    assert decode(status << 8).status == status
    assert ended(decode(status << 8))


# The terminal


@pytest.mark.requirement(56)
def test_modes_are_set_at_once(terminal: Fd) -> None:
    assert KERNEL.isatty(terminal)
    modes = KERNEL.tcgetattr(terminal)
    modes[3] &= ~termios.ECHO
    KERNEL.tcsetattr(terminal, modes)
    assert KERNEL.tcgetattr(terminal) == modes


def test_a_terminal_that_does_not_control_us_has_no_group_for_us(terminal: Fd) -> None:
    assert refusal(KERNEL.tcgetpgrp, terminal) == errno.ENOTTY
    assert refusal(KERNEL.tcsetpgrp, terminal, KERNEL.getpgrp()) == errno.ENOTTY


# Files


def test_files_are_looked_at_through_links_or_not(tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to("missing")
    assert refusal(KERNEL.stat, str(tmp_path / "link")) == errno.ENOENT
    assert KERNEL.lstat(str(tmp_path / "link")).st_size == len("missing")
    assert KERNEL.scandir(str(tmp_path)) == ["link"]
    assert not KERNEL.access(str(tmp_path / "link"), os.F_OK)


def test_even_root_may_not_execute_what_nobody_may(tmp_path: Path) -> None:
    (tmp_path / "f").write_text("")
    assert KERNEL.access(str(tmp_path / "f"), os.R_OK)
    assert not KERNEL.access(str(tmp_path / "f"), os.X_OK)


def test_the_umask_takes_permissions_from_new_files(tmp_path: Path) -> None:
    before = KERNEL.umask(0o077)
    try:
        KERNEL.close(KERNEL.open(str(tmp_path / "f"), os.O_WRONLY | os.O_CREAT))
    finally:
        assert KERNEL.umask(before) == 0o077
    assert (tmp_path / "f").stat().st_mode & 0o777 == 0o600


def test_a_removed_directory_has_no_name(tmp_path: Path) -> None:
    before = KERNEL.getcwd()
    (tmp_path / "gone").mkdir()
    KERNEL.chdir(str(tmp_path / "gone"))
    (tmp_path / "gone").rmdir()
    try:
        assert refusal(KERNEL.getcwd) == errno.ENOENT
    finally:
        KERNEL.chdir(before)


def test_the_environment_may_hold_any_bytes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ODD", "a\udcff=")
    assert KERNEL.environ() == dict(os.environ)
    assert KERNEL.environ()["ODD"] == "a\udcff="


# The scripted kernel, which other tests rely on


def test_a_scripted_kernel_has_all_calls_and_makes_none() -> None:
    assert HARMLESS.keys() <= CALLS
    kernel = ScriptedKernel(fork=[Pid(5), OSError(errno.EAGAIN, "")])
    assert kernel.fork() == 5
    assert refusal(kernel.fork) == errno.EAGAIN
    kernel.kill(Pid(os.getpid()), signal.SIGKILL)
    assert kernel.calls == [("fork",), ("fork",), ("kill", os.getpid(), signal.SIGKILL)]


def test_after_the_end_nothing_is_written_down() -> None:
    kernel = ScriptedKernel()
    with pytest.raises(Gone):
        kernel._exit(3)
    with pytest.raises(Gone):
        kernel.close(Fd(1))
    assert kernel.calls == [("_exit", 3)]
