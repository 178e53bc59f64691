"""Bad circumstances: what cannot be run, what the system refuses, what is closed, full or too large.

After each of them nothing is left behind, nothing is a Python traceback, and the shell goes on where POSIX lets it.
"""

from __future__ import annotations

import errno
import itertools
import os
import re
import resource
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import pytest

from minishell.builtins.registry import lookup
from minishell.errors import ShellExit
from minishell.ids import Fd, Pid
from minishell.kernel.calls import Kernel
from minishell.run.script import run_shell, run_text
from minishell.shell import Shell
from minishell.source import Source

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

TIMEOUT_S = 120
"""Far more than any of these takes, so that only a shell that hangs is ended by it."""

SIGNS_OF_A_BUG = re.compile(r"Traceback|Exception ignored|Error in sys|Fatal Python error")

NOBODY = 54_321
"""A user who has no processes and no pipes: limits that the kernel counts by user do not disturb others."""


class Result(NamedTuple):
    output: str
    errors: str
    status: int


class Runner:
    """Run scripts in a shell without a terminal, in a session of its own, and see that the session ends with it."""

    def __init__(self, home: Path) -> None:
        self.home = home
        self.patience_s = TIMEOUT_S
        """How long the rest of the session may take to end: an observer ends a moment after the shell"""

    def __call__(
        self,
        script: str,
        *,
        first: Callable[[], object] = lambda: None,
    ) -> Result:
        """`first` is called in the child before it becomes the shell.  A long script is read from a file."""
        (self.home / "script").write_text(script)
        output, errors = self.home.with_suffix(".output"), self.home.with_suffix(".errors")
        with output.open("wb") as stdout, errors.open("wb") as stderr:
            shell = subprocess.Popen(
                [sys.executable, "-m", "minishell", "script"],
                stdin=subprocess.DEVNULL,
                stdout=stdout,
                stderr=stderr,
                cwd=self.home,
                env={
                    "PATH": "/usr/bin:/bin",
                    "LC_ALL": "C.UTF-8",
                    "PYTHONPATH": str(Path(__file__).parents[1]),
                    "PYTHONDONTWRITEBYTECODE": "1",
                },
                preexec_fn=first,
                start_new_session=True,
            )
            try:
                status = shell.wait(TIMEOUT_S)
            finally:
                end_s = time.monotonic() + self.patience_s
                while (left := dict(session(shell.pid))) and time.monotonic() < end_s:
                    os.sched_yield()
                for pid in left:
                    os.kill(pid, signal.SIGKILL)
                shell.wait()
        assert not left, f"left running: {left}"
        said = errors.read_text(errors="surrogateescape")
        assert not SIGNS_OF_A_BUG.search(said), said
        return Result(output.read_text(errors="surrogateescape"), said, status if status >= 0 else 128 - status)


def session(leader: int) -> Iterator[tuple[int, str]]:
    """The processes of a session that have not ended: pid and name."""
    for proc in Path("/proc").iterdir():
        try:
            name, _, numbers = (proc / "stat").read_text().partition("(")[2].rpartition(")")
        except OSError:
            continue
        state, _, _, of_session = numbers.split()[:4]
        if of_session == str(leader) and state != "Z":
            yield int(proc.name), name


@pytest.fixture
def run(tmp_path: Path) -> Runner:
    home = tmp_path / "home"
    home.mkdir()
    return Runner(home)


def become_nobody() -> None:
    """Root is above the limits that are counted by user."""
    if os.geteuid() == 0:
        os.setgroups([])
        os.setgid(NOBODY)
        os.setuid(NOBODY)


# What cannot be run


CANNOT_BE_RUN = [
    ("no-such-program", 127, "no-such-program: command not found"),
    ("./no/such", 127, "./no/such: No such file or directory"),
    ("./script/x", 127, "./script/x: Not a directory"),
    ("./plain", 126, "./plain: Permission denied"),
    ("./folder", 126, "./folder: is a directory"),
    ("./orphan", 126, "./orphan: its first line asks for /no/such, and there is no such interpreter"),
    ("./binary", 126, "./binary: is a binary file, not a script"),
    ("./loop", 126, "./loop: Too many levels of symbolic links"),
    ("./" + "x" * 300, 126, "File name too long"),
    ("''", 127, "an empty word is no command"),
]


@pytest.mark.parametrize("form", ["{}", "{} | cat; {}", "x=$({})", "({})", "{} & wait $!"])
def test_what_cannot_be_run_is_named_and_the_script_goes_on(run: Runner, form: str) -> None:
    (run.home / "plain").write_text("")
    (run.home / "folder").mkdir()
    (run.home / "orphan").write_text("#!/no/such\n")
    (run.home / "binary").write_bytes(b"\x01\0\n")
    (run.home / "loop").symlink_to("loop")
    for name in ("orphan", "binary"):
        (run.home / name).chmod(0o755)
    result = run("".join(f"{form.format(line, line)}\necho $?\n" for line, _, _ in CANNOT_BE_RUN))
    assert result.output.split() == [str(status) for _, status, _ in CANNOT_BE_RUN]
    told = iter(result.errors.splitlines())
    for line, _, message in CANNOT_BE_RUN:
        assert any(message in each for each in told), f"nothing about {line} in its place"


@pytest.mark.parametrize("name", ["no-such-program", "./folder"])
def test_exec_of_what_cannot_be_run_ends_a_script(run: Runner, name: str) -> None:
    (run.home / "folder").mkdir()
    result = run(f"exec {name}\necho not reached\n")
    assert (result.output, result.status) == ("", 126 if "/" in name else 127)
    assert name in result.errors


def test_exec_of_what_cannot_be_run_ends_only_the_subshell_it_stands_in(run: Runner) -> None:
    assert run("(exec no-such-program; echo not reached)\necho $?\n").output == "127\n"


@pytest.mark.parametrize("form", ["{}", "{} | cat", "{} & wait $!", "x=$({})"])
def test_arguments_that_are_too_long_are_said_to_be(run: Runner, form: str) -> None:
    """One argument may have 32 pages: execve(2), MAX_ARG_STRLEN."""
    result = run(f"{form.format('/bin/true ' + 'x' * 200_000)}\necho alive $?\n")
    assert result.output == ("alive 0\n" if "|" in form else "alive 126\n")
    assert "too long for the system (E2BIG)" in result.errors


# What the system refuses


class Refusing(Kernel):
    """A kernel that has run out of something when the `last`-th call of a kind comes."""

    def __init__(self, last: int) -> None:
        self.left = last
        self.refused = ""

    def count(self, call: str, number: int) -> None:
        self.left -= 1
        if self.left == 0:
            self.refused = call
            raise OSError(number, os.strerror(number))

    def fork(self) -> Pid:
        self.count("fork", errno.EAGAIN)
        return super().fork()

    def pipe(self) -> tuple[Fd, Fd]:
        self.count("pipe", errno.EMFILE)
        return super().pipe()

    def open(self, path: str, flags: int, mode: int = 0o666) -> Fd:
        self.count("open", errno.EMFILE)
        return super().open(path, flags, mode)

    def dup(self, fd: Fd) -> Fd:
        self.count("dup", errno.EMFILE)
        return super().dup(fd)

    def memfd_create(self, name: str) -> Fd:
        self.count("memfd_create", errno.EMFILE)
        return super().memfd_create(name)


LINES = {
    "program": "/bin/true",
    "pipeline": "cat /dev/zero | cat | head -c 1 </dev/zero | cat >f",
    "builtins in a pipeline": "echo a | echo b | { echo c; }",
    "redirections of a builtin": "echo a >f 2>&1 <f",
    "group": "{ echo a; /bin/echo b; } >f 2>&1",
    "here-document": ": <<E\na\nE",
    "large here-document": f": <<E\n{'x' * 9999}\nE",
    "here-document of a group": "{ cat; } <<E >f\na\nE",
    "substitution": "x=$(echo a; /bin/echo b)",
    "substitution of a pipeline": "echo $(echo a | cat) >f",
    "background": "/bin/true & (exit 3) & echo a | cat &",
    "subshell": "(echo a >f; /bin/true)",
}


@pytest.mark.parametrize("options", [set(), {"monitor"}], ids=["", "job control"])
@pytest.mark.parametrize("line", LINES.values(), ids=LINES)
def test_whatever_is_refused_nothing_is_left_behind(
    line: str,
    options: set[str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
) -> None:
    """The first call that can be refused is, then the second, and so on, until the line runs unhindered."""
    monkeypatch.chdir(tmp_path)
    for last in itertools.count(1):
        kernel = Refusing(last)
        before = open_descriptors()
        status, shell = run_here(kernel, line, options)
        shell.kernel = Kernel()
        run_text(shell, Source("-c", "wait"))
        where = f"refused: {kernel.refused}, call {last}"
        said = capfd.readouterr().err
        assert open_descriptors() == before, where
        assert not SIGNS_OF_A_BUG.search(said), where
        with pytest.raises(ChildProcessError):
            os.waitpid(-1, os.WNOHANG)
        assert not shell.jobs.by_pid, where
        if not kernel.refused:
            break
        assert said or (kernel.refused == "fork" and status == 0), f"{where}, and nobody was told"  # it may try again
        assert status != 0 or "|" in line or "&" in line, where
    assert last > 1, "nothing could be refused"


def run_here(kernel: Kernel, line: str, options: Iterable[str] = ()) -> tuple[int, Shell]:
    """Run a line in a shell in this process, which always forks."""
    shell = Shell(kernel, {"PATH": "/usr/bin:/bin"}, options=set(options))
    shell.find_builtin = lookup
    shell.on_terminal = True
    try:
        return run_shell(shell, lambda: run_text(shell, Source("-c", line))), shell
    except ShellExit as leaving:
        return leaving.status, shell


def open_descriptors() -> dict[str, str]:
    found = {}
    for name in os.listdir("/proc/self/fd"):
        try:
            found[name] = os.readlink(f"/proc/self/fd/{name}")
        except OSError:  # the one that read the list
            continue
    return found


@pytest.mark.parametrize("nth", [1, 2, 3])
@pytest.mark.requirement(30)
def test_the_stages_before_a_refused_fork_are_ended_and_reaped(nth: int, capfd: pytest.CaptureFixture[str]) -> None:
    class NoMoreForks(Kernel):
        forks = 0
        started: list[int]

        def fork(self) -> Pid:
            self.forks += 1
            if self.forks == nth:
                raise BlockingIOError(errno.EAGAIN, os.strerror(errno.EAGAIN))
            pid = super().fork()
            self.started.append(pid)
            return pid

    kernel = NoMoreForks()
    kernel.started = []
    status, _ = run_here(kernel, "sleep 600 | sleep 600 | sleep 600; echo not reached")
    assert status == 254
    assert len(kernel.started) == nth - 1
    assert not [pid for pid in kernel.started if Path(f"/proc/{pid}").exists()]
    captured = capfd.readouterr()
    assert captured.out == ""
    assert captured.err.startswith("-c:1:1: the system refuses another process\nhelp: ")


class OneAtATime(Kernel):
    """As long as there is a child, even one that only waits to be reaped, there is no room for another."""

    child = Pid(0)

    def fork(self) -> Pid:
        if self.child and Path(f"/proc/{self.child}").exists():
            os.waitid(os.P_PID, self.child, os.WEXITED | os.WNOWAIT)
            raise BlockingIOError(errno.EAGAIN, os.strerror(errno.EAGAIN))
        self.child = super().fork()
        return self.child


@pytest.mark.parametrize("options", [set(), {"monitor"}], ids=["", "job control"])
@pytest.mark.parametrize("separator", ["&", "|"])
@pytest.mark.requirement(30)
def test_a_zombie_makes_room_for_the_process_that_was_refused(
    separator: str, options: set[str], capfd: pytest.CaptureFixture[str]
) -> None:
    """With job control the group of the stages reaped is gone: the next one has to start another."""
    line = f"/bin/true {separator} /bin/true {separator} /bin/echo three"
    status, shell = run_here(OneAtATime(), line, options)
    assert (status, capfd.readouterr()) == (0, ("three\n", ""))
    assert not shell.jobs.by_pid


@pytest.mark.requirement(30)
def test_a_user_who_may_have_no_more_processes_is_told_so(capfd: pytest.CaptureFixture[str]) -> None:
    def limit() -> None:
        become_nobody()
        resource.setrlimit(resource.RLIMIT_NPROC, (1, 1))

    assert in_a_child(limit, "echo before\nuname | uname\necho not reached") == 254
    captured = capfd.readouterr()
    assert captured.out == "before\n"
    assert captured.err.startswith("-c:2:1: the system refuses another process\n")


def in_a_child(first: Callable[[], object], line: str) -> int:
    """The status of a shell in a copy of this process, in which `first` is called first."""
    run_here(Kernel(), "uname | cat >/dev/null <<E\nE")  # what is imported late could not be read by another user
    pid = os.fork()
    if pid == 0:
        status = 125
        try:
            first()
            status, _ = run_here(Kernel(), line)
        finally:
            os._exit(status)
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])


@pytest.mark.parametrize("limit", range(3, 14))
def test_with_few_descriptors_lines_work_or_fail_in_words(run: Runner, limit: int) -> None:
    """Everything has been loaded when the limit comes, as in a shell that is in use."""
    lines = [
        "true | true | true",
        "/bin/true | /bin/true",
        "echo $(echo a) $(/bin/echo b)",
        "echo a >f 2>&1 3>&1",
        "{ cat; } <<E\na\nE",
        f"cat <<E >f\n{'x' * 9999}\nE",
        "(echo a) </dev/null",
        "/bin/true & wait",
        "echo *",
    ]
    warm = "; ".join(line for line in lines if "<<E" not in line) + "\n" + "\n".join(lines)
    script = f"{warm}\nprlimit --pid $$ --nofile={limit}:{limit}\necho now\n" + "\n".join(lines) + "\necho alive\n"
    result = run(script)
    output = result.output.split("now\n")[1]
    if output.endswith("alive\n"):
        wanted = run(script.replace(f"={limit}:{limit}", "=99:99")).output.split("now\n")[1]
        assert output == wanted or result.errors, "what did not work was told of"
    else:
        assert result.status == 1
        assert result.errors.endswith("there are too many open descriptors for another pipe\n")


FULL = {
    "echo x >/dev/full": 1,
    "pwd >/dev/full": 1,
    "sleep 600 & jobs >/dev/full": 1,
    "set >/dev/full": 1,
    "{ echo x; } >/dev/full": 1,
    "echo x | cat >/dev/full": 1,
    "(echo x) >/dev/full": 1,
    "echo x >/dev/full | cat": 0,
    "x=$(echo x >/dev/full)": 1,
    "exec 3>/dev/full; echo x >&3": 1,
}


def test_a_full_disk_is_a_failure_that_is_told(run: Runner) -> None:
    result = run("".join(f"{line}\necho $?\n" for line in FULL) + "kill $!\nwait\n")
    assert list(map(int, result.output.split())) == list(FULL.values())
    assert result.errors.count("No space left on device\n") == len(FULL)


def test_a_here_document_that_cannot_be_stored_fails_its_command_alone(run: Runner) -> None:
    def first() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (50_000, 50_000))

    result = run(f"cat <<E\n{'x' * 60_000}\nE\necho $?\n", first=first)
    assert result.output == f"{128 + signal.SIGXFSZ}\n"
    assert "File size limit exceeded" in result.errors


# What is closed


CLOSED = [closed for count in range(4) for closed in itertools.combinations((0, 1, 2), count)]

WITH_CLOSED = [  # a line, and its status with standard output open and closed
    ("echo a", 0, 1),
    ("/bin/echo a", 0, 1),
    ("echo a | cat", 0, 1),
    ("echo a | cat | cat >f", 0, 0),
    ("/bin/echo a >f; /bin/cat <f", 0, 1),
    ("x=$(echo a)", 0, 0),
    ("x=$(/bin/echo a | cat); echo $x", 0, 1),
    ("cat <<E\na\nE", 0, 1),
    ("cat <<E >f\na\nE", 0, 0),
    ("{ cat; } <<E 2>&- >f\na\nE", 0, 0),
    ("(echo a)", 0, 1),
    ("(echo a) >f; cat <f >g", 0, 0),
    ("no-such-program", 127, 127),
    ("/bin/true & wait $!", 0, 0),
    ("exec 3>f; echo a >&3; exec 3>&-", 0, 0),
    ("{ echo a >&7; } 7>f", 0, 0),
    ("ls -d . | { cat; } >f", 0, 0),
]


def close(fds: Iterable[int]) -> None:
    for fd in fds:
        os.close(fd)


@pytest.mark.parametrize("closed", CLOSED, ids=str)
def test_with_standard_descriptors_closed(run: Runner, closed: tuple[int, ...]) -> None:
    """A new pipe or file then gets one of their numbers, and must not be taken for what usually is there."""
    script = "".join(f"{line}\necho $? >>statuses\n" for line, _, _ in WITH_CLOSED)
    result = run(script, first=lambda: close(closed))
    statuses = (run.home / "statuses").read_text().split()
    assert dict(zip([line for line, _, _ in WITH_CLOSED], map(int, statuses), strict=True)) == {
        line: when_closed if 1 in closed else when_open for line, when_open, when_closed in WITH_CLOSED
    }
    printing = [line for line, when_open, when_closed in WITH_CLOSED if when_open != when_closed]
    assert result.output == ("" if 1 in closed else "a\n" * len(printing))


@pytest.mark.parametrize("closed", CLOSED, ids=str)
def test_what_was_closed_stays_closed_for_programs(run: Runner, closed: tuple[int, ...]) -> None:
    result = run(
        "echo a >f; { echo b; } 2>f; x=$(echo c); cat <<E >f\nE\ntrue | true\nls /proc/self/fd >list\n",
        first=lambda: close(closed),
    )
    assert result.status == 0
    seen = set(map(int, (run.home / "list").read_text().split()))
    standard = {0, 1, 2} - set(closed) | {1}  # 1 is redirected
    assert seen - {min({0, 1, 2, 3} - standard)} == standard, "and the one with which ls reads the list"


def test_builtins_whose_reader_is_gone_neither_complain_nor_last(run: Runner) -> None:
    """The writer dies of SIGPIPE, or has written before the reader ended: either way in silence."""
    result = run("echo x | true\n" * 200 + "pwd | true\necho $?\n")
    assert result == Result("0\n", "", 0)


def test_a_builtin_that_writes_without_end_ends_with_its_reader(run: Runner) -> None:
    line = " ".join(["x" * 1000] * 300)
    result = run(f"set -o pipefail\necho {line} | true\necho $?\n")
    assert result == Result(f"{128 + signal.SIGPIPE}\n", "", 0)


# Ends


def test_a_killed_child_is_told_of(run: Runner) -> None:
    result = run("sh -c 'kill -KILL $$'\necho $?\n")
    assert result == Result("137\n", "Killed\n", 0)


def test_one_killed_stage_does_not_hold_up_the_others(run: Runner) -> None:
    assert run("sh -c 'kill -KILL $$' | cat | cat\necho $?\n") == Result("0\n", "", 0)


def test_waiting_for_what_never_was_a_child_is_127(run: Runner) -> None:
    assert run("".join(f"wait {word}\necho $?\n" for word in ("1", "0", "99999999"))).output == "127\n" * 3


NO_NUMBERS = ("²", "1x", "x", "''", "9" * 30, "9" * 5000)
"""Python refuses to read more than 4300 digits, and takes ² for a digit that is no number."""

TAKE_NUMBERS = (
    "wait {}",
    "kill {}",
    "kill %{}",
    "kill -l {}",
    "kill -s {} $$",
    "kill -{} $$",
    "fg {}",
    "bg %{}",
    "trap x {}",
    "exit {}",
    "umask {}",
)


@pytest.mark.parametrize("word", NO_NUMBERS, ids=lambda word: word[:3])
def test_what_is_no_number_is_refused(run: Runner, word: str) -> None:
    result = run("".join(f"({form.format(word)}); echo $?\n" for form in TAKE_NUMBERS))
    statuses = dict(zip(TAKE_NUMBERS, map(int, result.output.split()), strict=True))
    assert all(statuses.values()), statuses
    assert len(result.errors.splitlines()) >= len(TAKE_NUMBERS) - 1, "exit alone may take it as a large status"


@pytest.mark.requirement(46)
def test_killing_a_job_that_has_ended_is_refused(run: Runner) -> None:
    result = run("/bin/true & wait %1\nkill %1\necho $?\n")
    assert result.output == "1\n"
    assert "%1: no such job" in result.errors or "no such job" in result.errors


def test_a_job_may_end_while_it_is_being_killed(run: Runner) -> None:
    """Ended but not reaped, ended and reaped, or alive: whichever it is, nothing else is hit."""
    result = run("/bin/true & kill %1\n" * 100 + "echo alive\n")
    assert result.output == "alive\n"


def test_statuses_are_known_though_sigchld_was_ignored(run: Runner) -> None:
    """The kernel forgets the statuses of children while SIGCHLD is ignored."""
    result = run(
        "/bin/false\necho $?\n/bin/false & wait $!\necho $?\nx=$(exit 3)\necho $?\n",
        first=lambda: signal.signal(signal.SIGCHLD, signal.SIG_IGN),
    )
    assert result.output == "1\n1\n3\n"


# FIFOs


@pytest.mark.parametrize(
    "script",
    [
        "cat <fifo & echo x >fifo; wait",
        "cat <fifo | cat & echo x >fifo; wait",
        "echo x >fifo & cat <fifo; wait",
        "echo x >fifo & cat fifo; wait",
        "/bin/echo x >fifo & /bin/cat <fifo; wait",
        "{ echo x; } >fifo & { cat; } <fifo; wait",
        "echo x >fifo | cat <fifo; wait",
        "cat <fifo >&2 | echo x >fifo; wait",
        "(cat <fifo) & (echo x >fifo); wait",
        "cat <link & /bin/echo x >link; wait",
    ],
)
def test_both_ends_of_a_fifo_meet(run: Runner, script: str) -> None:
    """Opening one end waits for the other, so the shell must not open it where it still has the other to start."""
    os.mkfifo(run.home / "fifo")
    (run.home / "link").symlink_to("fifo")
    result = run(f"{script}\n")
    assert (result.output + result.errors, result.status) == ("x\n", 0)


# What is large


@pytest.mark.parametrize("reader", ["wc -c <<E", "{ wc -c; } <<E", "wc -c <<E | cat"])
def test_here_documents_of_any_size(run: Runner, reader: str) -> None:
    sizes = (1, 4095, 4096, 4097, 65_535, 65_536, 65_537, 70_000, 10_000_000)
    result = run("".join(f"{reader}\n{'x' * (size - 1)}\nE\n" for size in sizes))
    assert list(map(int, result.output.split())) == list(sizes)


def test_here_documents_that_nobody_reads(run: Runner) -> None:
    readers = ("true <<E", ": <<E", "/bin/true <<E", "{ true; } <<E", "true <<E </dev/null", "true <<E | cat")
    result = run("".join(f"{reader}\n{'x' * 200_000}\nE\necho $?\n" for reader in readers))
    assert result == Result("0\n" * len(readers), "", 0)


def test_a_here_document_where_pipes_are_small(capfd: pytest.CaptureFixture[str]) -> None:
    """Who has many pipes gets small ones, and a write of more than they hold would wait for ever: pipe(7)."""

    def have_many_pipes() -> None:
        become_nobody()
        signal.alarm(TIMEOUT_S)  # a shell that writes for ever ends
        resource.setrlimit(resource.RLIMIT_NOFILE, (4096, 4096))
        for _ in range(1100):
            os.pipe()

    line = f"{{ wc -c; }} <<E\n{'x' * 29_999}\nE\nwc -c <<E\n{'x' * 29_999}\nE"
    assert in_a_child(have_many_pipes, line) == 0
    assert capfd.readouterr().out == "30000\n30000\n"


def test_fifty_megabytes_of_captured_output(run: Runner) -> None:
    result = run("x=$(head -c 50000000 /dev/zero | tr '\\0' x)\necho \"$x\" | wc -c\n")
    assert result == Result("50000001\n", "", 0)


def test_every_one_of_a_hundred_stages_has_three_descriptors(run: Runner) -> None:
    line = " | ".join(f"ls /proc/self/fd >list{number}" for number in range(100))
    assert run(f"{line}\necho done\nls /proc/self/fd\n") == Result("done\n0\n1\n2\n3\n", "", 0)
    lists = {(run.home / f"list{number}").read_text() for number in range(100)}
    assert lists == {"0\n1\n2\n3\n"}, "3 is the one with which ls reads the list"


@pytest.mark.parametrize(
    "line",
    ["{0} | {0} | {0}", "({0}) | cat", "echo $({0})", "echo $({0} | cat)", "{0} & wait", "( ({0}) | cat ) | cat"],
)
@pytest.mark.requirement(26)
def test_copies_of_the_shell_hold_no_pipe_that_is_not_theirs(run: Runner, line: str) -> None:
    """`echo` is the shell itself: its 3 is the one with which it reads the list, all others would be leaks."""
    result = run(line.format("echo /proc/self/fd/* >&2") + "\n")
    lists = set(result.errors.splitlines())
    assert lists == {"/proc/self/fd/0 /proc/self/fd/1 /proc/self/fd/2 /proc/self/fd/3"}


def test_a_captured_command_does_not_hold_the_end_that_reads_it(run: Runner) -> None:
    result = run("x=$(: <&3)\necho $?\n")
    assert result.output == "1\n"
    assert "3: no such descriptor is open" in result.errors


def test_memory_stays_flat_over_thousands_of_jobs(run: Runner) -> None:
    """What `wait` may still be asked for is all that is kept of a job that has ended."""
    thousand = "/bin/true &\n" * 1000 + "wait\ngrep VmRSS /proc/$$/status\ncat /proc/$$/task/$$/children\n"
    result = run(thousand * 3 + ":\n")
    assert result.errors == ""
    kilobytes = list(map(int, re.findall(r"VmRSS:\s+(\d+) kB", result.output)))
    assert kilobytes[2] < kilobytes[0] + 1000
    children = [line.split() for line in re.split(r"VmRSS.*\n", result.output)[1:]]
    assert [len(pids) for pids in children] == [1, 1, 1], "the cat that reads the list, and no zombie"


def test_the_runner_sees_what_it_looks_for(run: Runner) -> None:
    """A traceback, and a process left behind."""
    with pytest.raises(AssertionError, match="Traceback"):
        run("echo Traceback >&2\n")
    run.patience_s = 0
    with pytest.raises(AssertionError, match=r"left running: .*sleep"):
        run("sleep 600 &\n")
