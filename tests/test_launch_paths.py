"""Two ways from a plan to a process: what becomes of the child must be the same.

Generated plans are carried out by fork and by posix_spawn.  Each child becomes a program that stops itself; the
kernel then tells in /proc what has become of it: not the child, which could only tell what it thinks.
"""

from __future__ import annotations

import errno
import os
import signal
import tempfile
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from minishell.builtins.registry import lookup
from minishell.ids import Fd, Pid
from minishell.kernel.calls import Kernel
from minishell.kernel.signals import NAMES, NUMBERS
from minishell.run.launch import ALL_SIGNALS, by_fork, joins_group, launch
from minishell.run.plan import OWN_GROUP, Action, ChildPlan, Close, Duplicate, Here, Open, Program
from minishell.run.script import capture
from minishell.run.spawn import by_spawn
from minishell.shell import Shell
from tests.scripted_kernel import FIFO, Gone, ScriptedKernel

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    Launcher = Callable[[Shell, ChildPlan], Pid]

STOP = "kill -STOP $$"
SIGNALS = tuple(NUMBERS[name] for name in ("INT", "QUIT", "HUP", "USR1", "PIPE", "XFSZ", "TSTP", "TTIN", "CHLD"))
HELD = 3
"""How many files the parent holds open for its children."""


def make_shell(kernel: Kernel, *, on_terminal: bool = False) -> Shell:
    shell = Shell(kernel, {})
    shell.capture = capture
    shell.find_builtin = lookup
    shell.on_terminal = on_terminal
    return shell


def forked(shell: Shell, plan: ChildPlan) -> Pid:
    return by_fork(shell, plan, None)


def spawned(shell: Shell, plan: ChildPlan) -> Pid:
    return by_spawn(shell.kernel, plan)


# Generated plans


@dataclass(frozen=True)
class Surroundings:
    """What the parent is like when it starts the child."""

    umask: int
    blocked: frozenset[int]
    ignored: frozenset[int]
    handled: frozenset[int]


descriptors = st.integers(0, 9).map(Fd)
held = st.integers(0, HELD - 1).map(lambda number: Fd(-1 - number))  # becomes a number when the file is open
paths = st.sampled_from(["present", "new", "/dev/null"])
flags = st.sampled_from(
    [
        os.O_RDONLY | os.O_CREAT,
        os.O_WRONLY | os.O_CREAT | os.O_TRUNC,
        os.O_WRONLY | os.O_CREAT | os.O_APPEND,
        os.O_RDWR | os.O_CREAT,
    ]
)
steps: st.SearchStrategy[Action] = st.one_of(
    st.builds(Open, descriptors, paths, flags, st.none()),
    st.builds(Duplicate, descriptors | held, descriptors),
    st.builds(Close, descriptors),
)
subsets = st.lists(st.sampled_from(SIGNALS), unique=True, max_size=5)
words = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=8)
plans = st.builds(
    lambda group, default, ignored, actions, arguments, env: ChildPlan(
        group=group,
        default_signals=tuple(default),
        ignored_signals=tuple(ignored),
        actions=tuple(actions),
        program=Program("/bin/sh", ("a name", "-c", STOP, *arguments), env),
    ),
    st.sampled_from([None, OWN_GROUP]),
    subsets,
    subsets,
    st.lists(steps, max_size=8),
    st.lists(words, max_size=3),
    st.dictionaries(st.sampled_from(["A", "HOME", "LC_ALL"]), words, max_size=2),
)
surroundings = st.builds(
    Surroundings,
    st.sampled_from([0o022, 0o077, 0o007]),
    subsets.map(frozenset),
    subsets.map(frozenset),
    subsets.map(frozenset),
)
SWAP = (Duplicate(Fd(1), Fd(9)), Duplicate(Fd(2), Fd(1)), Duplicate(Fd(9), Fd(2)), Close(Fd(9)))
UNTOUCHED = Surroundings(0o022, frozenset(), frozenset(), frozenset())
PLAIN = Program("/bin/sh", ("sh", "-c", STOP), {})


@settings(max_examples=80)
@example(ChildPlan(actions=SWAP, program=PLAIN), UNTOUCHED)
@example(ChildPlan(actions=(Duplicate(Fd(-1), Fd(-1)),), program=PLAIN), UNTOUCHED)
@example(ChildPlan(actions=(Duplicate(Fd(9), Fd(1)),), program=PLAIN), UNTOUCHED)
@example(ChildPlan(default_signals=(2,), ignored_signals=(2,), program=PLAIN), UNTOUCHED)
@given(plans, surroundings)
def test_both_ways_make_the_same_child(plan: ChildPlan, around: Surroundings) -> None:
    with folder(), surrounded(around), open_files() as files:
        real = with_files(plan, files)
        shell = make_shell(Kernel())
        assert outcome(shell, real, forked) == outcome(shell, real, spawned)


@contextmanager
def folder() -> Iterator[None]:
    """A working directory with a file in it, and umask and directory put back."""
    before = os.getcwd()
    with tempfile.TemporaryDirectory() as name:
        os.chdir(name)
        Path("present").write_text("present\n")
        try:
            yield
        finally:
            os.chdir(before)


@contextmanager
def surrounded(around: Surroundings) -> Iterator[None]:
    before = {signum: signal.getsignal(signum) for signum in SIGNALS}
    mask = signal.pthread_sigmask(signal.SIG_BLOCK, around.blocked)
    umask = os.umask(around.umask)
    for signum in around.handled:
        signal.signal(signum, lambda number, frame: None)
    for signum in around.ignored - {signal.SIGCHLD}:  # the kernel would throw statuses away
        signal.signal(signum, signal.SIG_IGN)
    try:
        yield
    finally:
        os.umask(umask)
        for signum, action in before.items():
            signal.signal(signum, action)
        signal.pthread_sigmask(signal.SIG_SETMASK, mask)


@contextmanager
def open_files() -> Iterator[list[int]]:
    """Files at different offsets, every second one inherited across execve."""
    files = []
    try:
        for number in range(HELD):
            fd = os.open("present", os.O_RDONLY)
            os.lseek(fd, number, os.SEEK_SET)
            os.set_inheritable(fd, number % 2 == 0)
            files.append(fd)
        yield files
    finally:
        for fd in files:
            os.close(fd)


def with_files(plan: ChildPlan, files: list[int]) -> ChildPlan:
    """Negative numbers stand for the parent's files."""

    def real(fd: Fd) -> Fd:
        return Fd(files[-1 - fd]) if fd < 0 else fd

    actions = [
        Duplicate(real(step.old), real(step.new)) if isinstance(step, Duplicate) else step for step in plan.actions
    ]
    return ChildPlan(
        plan.group, plan.terminal, plan.default_signals, plan.ignored_signals, tuple(actions), plan.program
    )


@dataclass(frozen=True)
class Child:
    seen: dict[str, Any]
    files: dict[str, str]


def outcome(shell: Shell, plan: ChildPlan, start: Launcher) -> Child | str:
    """What the child is like once it is the program; or that it could not become it."""
    for name in ("new", "present"):
        Path(name).write_text("present\n")
    Path("new").unlink()
    try:
        pid = start(shell, plan)
    except OSError:
        return "refused"
    _, word = os.waitpid(pid, os.WUNTRACED)
    if not os.WIFSTOPPED(word):
        return "refused" if os.waitstatus_to_exitcode(word) == 1 else f"ended with status word {word}"
    try:
        return Child(described(pid), {path.name: path.read_text() for path in Path().iterdir()})
    finally:
        os.kill(pid, signal.SIGKILL)
        _, word = os.waitpid(pid, 0)
        assert os.WTERMSIG(word) == signal.SIGKILL


def described(pid: int) -> dict[str, Any]:
    proc = Path(f"/proc/{pid}")
    status = dict(line.split(":\t", 1) for line in (proc / "status").read_text().splitlines() if ":\t" in line)
    group = int((proc / "stat").read_text().rpartition(")")[2].split()[2])
    return {
        "descriptors": {
            fd.name: (os.readlink(fd), offset_and_flags(proc, fd.name)) for fd in (proc / "fd").iterdir()
        },
        "group": "own" if group == pid else group,
        "parent": status["PPid"],
        "signals": {name: signals(status[name]) for name in ("SigPnd", "ShdPnd", "SigBlk", "SigIgn", "SigCgt")},
        "umask": status["Umask"],
        "directory": os.readlink(proc / "cwd"),
        "program": os.readlink(proc / "exe"),
        "arguments": (proc / "cmdline").read_bytes(),
        "environment": (proc / "environ").read_bytes(),
    }


def signals(mask: str) -> set[str]:
    """The names in a mask.  Not those without a name: glibc's posix_spawn ignores 32 and 33, which are its own."""
    return {name for number, name in NAMES.items() if int(mask, 16) >> (number - 1) & 1}


def offset_and_flags(proc: Path, fd: str) -> list[str]:
    """The flags are octal and hold O_CLOEXEC."""
    return [line for line in (proc / "fdinfo" / fd).read_text().splitlines() if line.startswith(("pos:", "flags:"))]


@pytest.mark.parametrize("start", [forked, spawned])
@pytest.mark.requirement(20, 21)
def test_the_child_is_as_the_plan_says(start: Launcher) -> None:
    """Two children can be equal and both be wrong."""
    everything = frozenset(SIGNALS)
    around = Surroundings(0o077, everything, frozenset({signal.SIGUSR1, signal.SIGQUIT}), frozenset({signal.SIGINT}))
    plan = ChildPlan(
        group=OWN_GROUP,
        default_signals=(signal.SIGUSR1, signal.SIGPIPE, signal.SIGXFSZ),
        ignored_signals=(signal.SIGHUP,),
        actions=(Open(Fd(7), "new", os.O_WRONLY | os.O_CREAT, None), Duplicate(Fd(7), Fd(5)), Close(Fd(7))),
        program=Program("/bin/sh", ("a name", "-c", STOP, "x"), {"A": "b"}),
    )
    inherited = {fd for fd in os.listdir("/proc/self/fd") if is_inherited(int(fd))}
    with folder(), surrounded(around):
        child = outcome(make_shell(Kernel()), plan, start)
        directory = os.getcwd()
    assert isinstance(child, Child)
    seen = child.seen
    assert seen["group"] == "own"
    assert seen["signals"]["SigBlk"] == set()
    assert seen["signals"]["SigIgn"] == {"HUP", "QUIT"}, "one by plan, one inherited"
    assert seen["umask"] == "0077"
    assert seen["directory"] == directory
    assert seen["arguments"] == b"a name\0-c\0" + STOP.encode() + b"\0x\0"
    assert seen["environment"] == b"A=b\0"
    assert seen["descriptors"].keys() - inherited == {"0", "1", "2", "5"} - inherited
    assert seen["descriptors"]["5"][0] == f"{directory}/new"
    assert child.files == {"present": "present\n", "new": ""}


def is_inherited(fd: int) -> bool:
    """Whether this process, in which the test runs, would hand the descriptor down."""
    try:
        return os.get_inheritable(fd)
    except OSError:  # the one that read the list
        return False


def test_a_process_of_spawn_leaves_the_shells_own_signals_alone() -> None:
    plan = ChildPlan(ignored_signals=(signal.SIGINT, signal.SIGUSR1), program=Program("/bin/true", ("true",), {}))
    before = signal.getsignal(signal.SIGINT), signal.getsignal(signal.SIGUSR1)
    pid = by_spawn(Kernel(), plan)
    assert (signal.getsignal(signal.SIGINT), signal.getsignal(signal.SIGUSR1)) == before
    assert os.waitpid(pid, 0)[1] == 0


# Refused programs


@dataclass(frozen=True)
class Refusal:
    content: bytes | None
    mode: int
    status: int
    message: str
    arguments: tuple[str, ...] = ()


REFUSALS = {
    "ENOENT": Refusal(None, 0, 126, "minishell: program: No such file or directory\n"),
    "interpreter": Refusal(
        b"#!/no/such -x\n",
        0o755,
        126,
        "minishell: program: its first line asks for /no/such, and there is no such interpreter\n",
    ),
    "EACCES": Refusal(b"#!/bin/sh\n", 0o644, 126, "minishell: program: Permission denied\n"),
    "ENOEXEC": Refusal(b"exit 7\n", 0o755, 7, ""),
    "binary": Refusal(b"\x01\0\n", 0o755, 126, "minishell: ./program: is a binary file, not a script\n"),
    "E2BIG": Refusal(
        b"#!/bin/sh\n",
        0o755,
        126,
        "minishell: program: the arguments and the environment together are too long for the system (E2BIG)\n",
        ("x" * 200_000,),
    ),
    "NUL": Refusal(b"#!/bin/sh\n", 0o755, 126, "minishell: program: embedded null byte\n", ("a\0b",)),
}


@pytest.mark.parametrize("on_terminal", [True, False], ids=["fork", "spawn first"])
@pytest.mark.parametrize("name", REFUSALS)
def test_a_refused_program_is_told_of_in_the_same_words(name: str, on_terminal: bool) -> None:
    """posix_spawn does not tell what was refused: the plan is then carried out again by fork."""
    refusal = REFUSALS[name]
    actions = (Open(Fd(2), "said", os.O_WRONLY | os.O_CREAT | os.O_APPEND, None),)
    plan = ChildPlan(actions=actions, program=Program("./program", ("program", *refusal.arguments), {}))
    with folder():
        if refusal.content is not None:
            Path("program").write_bytes(refusal.content)
            Path("program").chmod(refusal.mode)
        pid = launch(make_shell(Kernel(), on_terminal=on_terminal), plan)
        _, word = os.waitpid(pid, 0)
        assert (os.waitstatus_to_exitcode(word), Path("said").read_text()) == (refusal.status, refusal.message)


@pytest.mark.parametrize("on_terminal", [True, False], ids=["fork", "spawn first"])
@pytest.mark.parametrize(
    ("action", "message"),
    [
        (Duplicate(Fd(77), Fd(1)), "minishell: 77: no such descriptor is open\n"),
        (Duplicate(Fd(1), Fd(99_999_999)), "minishell: 99999999: the number is too large\n"),
        (Open(Fd(1), "no/such", os.O_RDONLY, None), "minishell: no/such: No such file or directory\n"),
        (Open(Fd(1), "a\0b", os.O_RDONLY, None), "minishell: a^@b: a file name cannot hold a NUL byte\n"),
    ],
)
def test_a_refused_redirection_is_told_of_in_the_same_words(action: Action, message: str, on_terminal: bool) -> None:
    """… and the program is not started."""
    said = Open(Fd(2), "said", os.O_WRONLY | os.O_CREAT | os.O_APPEND, None)
    plan = ChildPlan(actions=(said, action), program=Program("/usr/bin/touch", ("touch", "started"), {}))
    with folder():
        pid = launch(make_shell(Kernel(), on_terminal=on_terminal), plan)
        _, word = os.waitpid(pid, 0)
        assert (os.waitstatus_to_exitcode(word), Path("said").read_text()) == (1, message)
        assert not Path("started").exists()


def test_a_file_that_must_be_new_is_made_once() -> None:
    """noclobber: posix_spawn would make the file, be refused the program, and fork would find the file there."""
    new = Open(Fd(1), "new", os.O_WRONLY | os.O_CREAT | os.O_EXCL, None)
    with folder():
        Path("program").write_text("echo made\n")
        Path("program").chmod(0o755)
        pid = launch(make_shell(Kernel()), ChildPlan(actions=(new,), program=Program("./program", ("program",), {})))
        assert os.waitpid(pid, 0)[1] == 0
        assert Path("new").read_text() == "made\n"


# Which way is taken


NO_TERMINAL = OSError(errno.ENXIO, "No such device or address")
LS = Program("/bin/ls", ("ls",), {})


def ways(plan: ChildPlan, **answers: list[Any]) -> list[str]:
    """Which ways were tried, by a shell that finds no terminal unless `open` finds one."""
    kernel = ScriptedKernel()
    shell = Shell(kernel, {})
    kernel.answers = {"open": [NO_TERMINAL], **answers}
    launch(shell, plan)
    return [name for name in kernel.names() if name in ("fork", "posix_spawn")]


def test_spawn_is_for_plain_programs_without_a_terminal() -> None:
    file = Open(Fd(0), "file", os.O_RDONLY, None)
    assert ways(ChildPlan(actions=(file, Duplicate(Fd(0), Fd(5)), Close(Fd(0))), program=LS)) == ["posix_spawn"]


@pytest.mark.requirement(0.6)
def test_fork_is_taken_where_there_is_a_terminal() -> None:
    """Between vfork and exec a Ctrl-Z would stop the child, and with it the shell, for good."""
    assert ways(ChildPlan(program=LS), open=[Fd(3)]) == ["fork"]


@pytest.mark.parametrize(
    "action",
    [
        Here(Fd(0), "text"),
        Open(Fd(0), "pipe", os.O_RDONLY, None),
        Open(Fd(1), "new", os.O_WRONLY | os.O_CREAT | os.O_EXCL, None),
    ],
    ids=["here-document", "FIFO", "noclobber"],
)
def test_fork_is_taken_for_what_spawn_cannot_do_or_must_not(action: Action) -> None:
    assert ways(ChildPlan(actions=(action,), program=LS), stat=[FIFO]) == ["fork"]


def test_fork_is_tried_when_spawn_is_refused() -> None:
    assert ways(ChildPlan(program=LS), posix_spawn=[PermissionError(errno.EACCES, "")]) == ["posix_spawn", "fork"]


def test_a_terminal_is_looked_for_once() -> None:
    kernel = ScriptedKernel(open=[NO_TERMINAL])
    shell = Shell(kernel, {})
    for _ in range(3):
        launch(shell, ChildPlan(program=LS))
    assert kernel.names().count("open") == 1


# The two halves of fork


@pytest.mark.requirement(22)
def test_the_parent_forks_with_all_signals_blocked_and_no_more() -> None:
    kernel = ScriptedKernel(fork=[Pid(42)], sigprocmask=[{signal.SIGUSR1}])
    shell = make_shell(kernel)
    kernel.calls.clear()
    assert by_fork(shell, ChildPlan(group=OWN_GROUP, program=LS), None) == 42
    assert kernel.calls == [
        ("sigprocmask", signal.SIG_SETMASK, ALL_SIGNALS),
        ("fork",),
        ("sigprocmask", signal.SIG_SETMASK, {signal.SIGUSR1}),
    ]


@pytest.mark.requirement(14)
@pytest.mark.parametrize("refusal", [PermissionError(errno.EACCES, ""), ProcessLookupError(errno.ESRCH, "")])
def test_the_parent_may_come_too_late_to_put_a_child_into_its_group(refusal: OSError) -> None:
    """The child has done so, and is another program by now, or has ended."""
    kernel = ScriptedKernel(setpgid=[refusal])
    joins_group(make_shell(kernel), Pid(43), Pid(42))
    assert kernel.calls[-1] == ("setpgid", 43, 42)


@pytest.mark.requirement(22)
def test_the_mask_is_put_back_when_fork_is_refused() -> None:
    kernel = ScriptedKernel(fork=[BlockingIOError(errno.EAGAIN, "")], sigprocmask=[{signal.SIGUSR1}])
    shell = make_shell(kernel)
    with pytest.raises(BlockingIOError):
        by_fork(shell, ChildPlan(program=LS), None)
    assert kernel.calls[-1] == ("sigprocmask", signal.SIG_SETMASK, {signal.SIGUSR1})


def child_calls(
    plan: ChildPlan, body: Callable[[], int] | None = None, **answers: list[Any]
) -> list[tuple[Any, ...]]:
    """What the child calls, from its birth until it is gone."""
    kernel = ScriptedKernel(fork=[Pid(0)], **answers)
    with pytest.raises(Gone):
        by_fork(make_shell(kernel), plan, body)
    return kernel.calls[kernel.names().index("fork") + 1 :]


@pytest.mark.requirement(14, 18, 19)
def test_the_child_does_what_the_plan_says_in_its_order() -> None:
    plan = ChildPlan(
        group=Pid(40),
        terminal=Fd(10),
        default_signals=(2, 3),
        ignored_signals=(1,),
        actions=(Duplicate(Fd(5), Fd(0)), Close(Fd(5)), Open(Fd(1), "f", os.O_WRONLY, None)),
        program=Program("/bin/ls", ("ls", "-l"), {"A": "b"}),
    )
    assert child_calls(plan, getpgrp=[Pid(40)], open=[Fd(5)]) == [
        ("setpgid", 0, 40),
        ("getpgrp",),
        ("tcsetpgrp", 10, 40),
        ("sigaction", 2, signal.SIG_DFL),
        ("sigaction", 3, signal.SIG_DFL),
        ("sigaction", 1, signal.SIG_IGN),
        ("sigprocmask", signal.SIG_SETMASK, ()),
        ("dup2", 5, 0),
        ("close", 5),
        ("open", "f", os.O_WRONLY),
        ("dup2", 5, 1),
        ("close", 5),
        ("execve", "/bin/ls", ("ls", "-l"), {"A": "b"}),
    ]


def test_a_child_without_a_program_ends_with_the_status_of_its_body() -> None:
    assert child_calls(ChildPlan(), lambda: 3)[-1] == ("_exit", 3)


def test_a_child_that_cannot_join_its_group_ends_and_says_so() -> None:
    calls = child_calls(ChildPlan(group=Pid(40), program=LS), setpgid=[PermissionError(errno.EPERM, "Not permitted")])
    assert calls == [
        ("setpgid", 0, 40),
        ("write", 2, b"minishell: a child cannot be set up: Not permitted\n"),
        ("_exit", 126),
    ]


@pytest.mark.requirement(24)
def test_a_bug_in_the_body_does_not_climb_into_a_second_shell(capsys: pytest.CaptureFixture[str]) -> None:
    def body() -> int:
        raise ZeroDivisionError("a bug")

    assert child_calls(ChildPlan(), body)[-1] == ("_exit", 125)
    assert "ZeroDivisionError: a bug" in capsys.readouterr().err


def test_not_even_an_unknown_kind_of_exception_does(capsys: pytest.CaptureFixture[str]) -> None:
    def body() -> int:
        raise SystemExit(0)

    assert child_calls(ChildPlan(), body)[-1] == ("_exit", 125)
