"""The observer: what it gives, what it refuses, what it leaves behind."""

from __future__ import annotations

import ctypes
import mmap
import os
import signal
import sys
from pathlib import Path

import pytest

from minishell.trace import memory, observer, ptrace
from minishell.trace.event import Cont, Exec, Exit, Fork, Kill, Killed, Pause, Signal, Stop
from minishell.trace.names import OUTSIDE, stable
from minishell.trace.observer import Overran, Refused, observe, observe_script
from minishell.trace.schedule import eldest
from minishell.trace.story import story
from tests.limits import LIMITS_S


def descriptors() -> set[str]:
    return set(os.listdir("/proc/self/fd"))


def children() -> list[str]:
    return Path(f"/proc/self/task/{os.getpid()}/children").read_text().split()


def test_output_status_and_input() -> None:
    seen = observe(["sh", "-c", "cat; echo error >&2; exit 3"], stdin=b"typed\n")
    assert (seen.output, seen.status) == (b"typed\nerror\n", 3)


def test_a_program_that_is_killed_has_a_negative_status() -> None:
    seen = observe(["sh", "-c", "kill -SEGV $$"])
    assert seen.status == -signal.SIGSEGV
    assert [event.sig for event in seen.events if isinstance(event, Killed)] == ["SIGSEGV"]


def test_environment_directory_and_descriptors_are_those_asked_for(tmp_path: Path) -> None:
    kept = os.dup(0)
    os.set_inheritable(kept, True)
    try:
        seen = observe(
            ["sh", "-c", "echo $WORD; pwd; echo /proc/self/fd/*"],
            env={"WORD": "hi", "PATH": "/bin"},
            cwd=str(tmp_path),
        )
    finally:
        os.close(kept)
    word, folder, fds = seen.output.decode().splitlines()
    assert (word, folder) == ("hi", str(tmp_path))
    assert fds.split() == [f"/proc/self/fd/{number}" for number in range(4)]  # 3 is the listing's own


def test_signals_start_as_the_kernel_gives_them(tmp_path: Path) -> None:
    """Python ignores SIGPIPE and we block SIGCHLD: the program must not inherit that."""
    seen = observe(["grep", "-E", "SigBlk|SigIgn", "/proc/self/status"])
    masks = {name: int(mask, 16) for name, mask in (line.split(":\t") for line in seen.output.decode().splitlines())}
    glibcs = 1 << 31 | 1 << 32  # signals 32 and 33: what posix_spawn(3) of our own parent left, if it used that
    assert {name: mask & ~glibcs for name, mask in masks.items()} == {"SigBlk": 0, "SigIgn": 0}


@pytest.mark.parametrize("controlled", [True, False])
def test_nothing_is_left_behind(controlled: bool) -> None:
    before, mask = descriptors(), signal.pthread_sigmask(signal.SIG_BLOCK, ())
    observe(["sh", "-c", "sleep 0.01 & echo x | cat; wait"], controlled=controlled)
    assert (descriptors(), children(), signal.pthread_sigmask(signal.SIG_BLOCK, ())) == (before, [], mask)


@pytest.mark.parametrize("controlled", [True, False])
def test_a_program_without_end_is_killed_with_all_its_children(controlled: bool) -> None:
    before = descriptors()
    endless = ["sh", "-c", "cat /dev/zero >/dev/null & echo begun; wait"]
    for limit_s in LIMITS_S:
        with pytest.raises(Overran, match=f"still running after {limit_s:g} s") as caught:
            observe(endless, controlled=controlled, timeout_s=limit_s)
        if (seen := caught.value.observation).output:
            break
    assert seen.output == b"begun\n"
    assert seen.status == -signal.SIGKILL
    assert len([event for event in seen.events if isinstance(event, Killed)]) == 2
    assert (descriptors(), children()) == (before, [])


def test_a_fork_bomb_is_stopped(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(observer, "MOST_PROCESSES", 20)
    with pytest.raises(Overran, match="more than 20 processes"):
        observe(["sh", "-c", "bomb() { bomb | bomb & }; bomb"])
    assert children() == []


def test_a_flood_of_output_is_stopped(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(observer, "MOST_OUTPUT_BYTES", 1 << 20)
    with pytest.raises(Overran, match="more than 1 MiB"):
        observe(["yes"])


def test_a_program_that_is_not_there() -> None:
    with pytest.raises(FileNotFoundError, match="no-such-program: no such program"):
        observe(["no-such-program"])


def test_where_ptrace_is_refused_the_words_say_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(tid: int, options: int) -> None:
        raise PermissionError(1, "Operation not permitted")

    monkeypatch.setattr(ptrace, "seize", refuse)
    with pytest.raises(Refused, match=r"Operation not permitted.*SYS_PTRACE.*ptrace_scope"):
        observe(["true"])
    assert children() == []


def test_another_system_is_refused_by_name(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", "darwin")
    with pytest.raises(Refused, match="needs Linux"):
        observe(["true"])


def test_an_unknown_processor_is_refused_by_name(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "uname", lambda: os.uname_result(("Linux", "here", "6.1", "#1", "m68k")))
    with pytest.raises(Refused, match="x86_64 and aarch64, not yet on m68k"):
        observe(["true"])


def test_sleeping_takes_no_time_and_still_decides_the_order() -> None:
    seen = observe(["sh", "-c", "(sleep 300; echo late) & (sleep 100; echo early) & wait"], timeout_s=60)
    assert seen.output == b"early\nlate\n"


def test_a_signal_ends_a_sleep() -> None:
    seen = observe(["sh", "-c", "sleep 1000 & sleep 1; kill $!; wait $! 2>&-; echo $?"], timeout_s=60)
    assert seen.output.endswith(b"143\n")


def test_one_that_only_polls_lets_others_go_on() -> None:
    script = "import os\nif not (c := os.fork()): os._exit(0)\nwhile os.waitpid(c, os.WNOHANG) == (0, 0): pass\n"
    assert observe([sys.executable, "-c", script], timeout_s=60).status == 0


def test_one_that_only_computes_lets_others_go_on(tmp_path: Path) -> None:
    script = f"(while ! [ -e {tmp_path}/flag ]; do :; done; echo seen) & : > {tmp_path}/flag; wait"
    assert observe(["sh", "-c", script], timeout_s=60).output == b"seen\n"


def test_the_chooser_decides_who_goes_first() -> None:
    line = "{ echo left >&2; } | { echo right >&2; }"
    assert observe(["dash", "-c", line]).output == b"right\nleft\n"
    assert observe(["dash", "-c", line], choose=eldest).output == b"left\nright\n"


def test_a_stop_and_its_end_are_seen(tmp_path: Path) -> None:
    seen = observe(["sh", "-c", "(kill -STOP $(exec sh -c 'echo $PPID'); echo on) & sleep 1; kill -CONT $!; wait"])
    kinds = [type(event) for event in seen.events if isinstance(event, Stop | Cont)]
    assert (kinds, seen.output) == ([Stop, Cont], b"on\n")


def test_a_signal_tells_its_sender_and_what_it_will_do() -> None:
    seen = observe(["sh", "-c", "trap 'echo caught' USR1; (kill -USR1 $$); :"])
    told = [event for event in stable(seen.events) if isinstance(event, Signal) and event.sig == "SIGUSR1"]
    assert [(event.pid, event.sender, event.action) for event in told] == [(1, 2, "handled")]
    assert seen.output == b"caught\n"


def test_a_signal_that_is_waited_for_is_taken_and_tells_its_sender(tmp_path: Path) -> None:
    script = tmp_path / "script.py"
    script.write_text("""\
import os, signal
signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGUSR1])
parent = os.getpid()
if os.fork() == 0:
    os.kill(parent, signal.SIGUSR1)
    os._exit(0)
signal.sigwait([signal.SIGUSR1])
signal.sigtimedwait([signal.SIGUSR1], 0)
os.wait()
""")
    seen = observe_script(str(script))
    (taken,) = [event for event in stable(seen.events) if isinstance(event, Signal) and event.sig == "SIGUSR1"]
    assert (taken.pid, taken.sender, taken.action, taken.call) == (1, 2, "taken", "rt_sigtimedwait")
    assert (taken.line, taken.blocked) == (7, True)


def test_a_wait_for_signals_that_a_handler_of_another_one_ends_is_a_pause() -> None:
    program = """\
import _signal, os
_signal.signal(_signal.SIGUSR2, lambda *_: os._exit(7))
if os.fork() == 0:
    os.kill(os.getppid(), _signal.SIGUSR2)
    os._exit(0)
_signal.sigwaitinfo([_signal.SIGUSR1])
"""
    seen = observe([sys.executable, "-c", program])
    (pause,) = [event for event in seen.events if isinstance(event, Pause)]
    assert (pause.call, pause.errno, seen.status) == ("rt_sigtimedwait", "EINTR", 7)


def test_arguments_that_are_too_long_are_marked_as_cut_off() -> None:
    seen = observe(["true", "x" * 5000, *["y"] * 300])
    (argv,) = [event.argv for event in seen.events if isinstance(event, Exec)]
    assert (argv[0], argv[1][-2:], len(argv[1])) == ("true", "x…", 4097)
    assert (argv[-2:], len(argv)) == (("y", "…"), 257)


def test_a_signal_through_a_descriptor_of_a_dead_process_is_for_nobody_that_one_knows() -> None:
    program = """\
import contextlib, os, signal
descriptor = os.pidfd_open(child) if (child := os.fork()) else os._exit(0)
os.wait()
with contextlib.suppress(ProcessLookupError):
    signal.pidfd_send_signal(descriptor, signal.SIGTERM)
"""
    seen = observe([sys.executable, "-c", program])
    (kill,) = [event for event in seen.events if isinstance(event, Kill)]
    assert (kill.target, kill.errno) == (OUTSIDE, "ESRCH")


def test_other_children_of_ours_are_left_alone() -> None:
    pid = os.fork()
    if pid == 0:
        os._exit(7)
    observe(["true"])
    assert os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == 7


def test_a_script_knows_its_lines_and_begins_with_itself(tmp_path: Path) -> None:
    script = tmp_path / "script.py"
    script.write_text("import os\n\nif os.fork() == 0:\n    os._exit(4)\nos.wait()\n")
    seen = observe_script(str(script))
    assert [(event.kind, event.line) for event in seen.events if isinstance(event, Fork | Exit)] == [
        ("fork", 3),
        ("exit", 4),
        ("exit", None),
    ]


def test_memory_that_is_there_in_part_is_read_in_part() -> None:
    here = ctypes.create_string_buffer(b"abc", 8)
    assert memory.read(os.getpid(), ctypes.addressof(here), 8) == b"abc\0\0\0\0\0"
    assert memory.read(os.getpid(), 0, 8) == b""
    page = mmap.PAGESIZE
    libc = ctypes.CDLL(None)
    libc.mmap.restype = ctypes.c_void_p
    private = mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS
    pages = libc.mmap(None, ctypes.c_size_t(2 * page), mmap.PROT_READ, private, -1, ctypes.c_long(0))
    libc.munmap(ctypes.c_void_p(pages + page), ctypes.c_size_t(page))
    assert memory.read(os.getpid(), pages + page - 3, 8) == bytes(3)
    libc.munmap(ctypes.c_void_p(pages), ctypes.c_size_t(page))


def test_a_script_has_its_arguments_and_its_own_name(tmp_path: Path) -> None:
    script = tmp_path / "script.py"
    script.write_text("import sys\nprint(__name__, sys.argv[1:], sys.path[0], __file__)\n")
    seen = observe_script(str(script), ["a", "-b"])
    assert seen.output.decode() == f"__main__ ['a', '-b'] {tmp_path} {script}\n"


def test_an_error_in_a_script_shows_only_the_script(tmp_path: Path) -> None:
    script = tmp_path / "script.py"
    script.write_text("def f() -> None:\n    1 / 0\n\n\nf()\n")
    seen = observe_script(str(script))
    assert seen.status == 1
    assert "marks.py" not in seen.output.decode()
    assert seen.output.decode().startswith(f'Traceback (most recent call last):\n  File "{script}", line 5')


def test_the_exit_code_of_a_script_is_its_own(tmp_path: Path) -> None:
    script = tmp_path / "script.py"
    script.write_text("raise SystemExit(42)\n")
    assert observe_script(str(script)).status == 42


def test_a_library_that_a_line_imports_is_not_told(tmp_path: Path) -> None:
    script = tmp_path / "script.py"
    script.write_text("import subprocess\n")
    assert story(observe_script(str(script)).events) == ["A (python)  exits with 0"]


@pytest.mark.parametrize("controlled", [True, False])
def test_an_exec_from_a_thread_ends_the_others(controlled: bool) -> None:
    become = "lambda: os.execv('/bin/echo', ['echo', 'from a thread'])"
    script = f"import os, threading, time\nthreading.Thread(target={become}).start()\ntime.sleep(5)"
    seen = observe([sys.executable, "-c", script], controlled=controlled, timeout_s=60)
    assert (seen.output, seen.status) == (b"from a thread\n", 0)


@pytest.mark.parametrize("controlled", [True, False])
def test_a_program_that_kills_itself_is_seen_to_do_so(controlled: bool) -> None:
    seen = observe(["sh", "-c", "kill -KILL $$"], controlled=controlled)
    assert [event.kind for event in seen.events][-2:] == ["kill", "killed"]
    assert seen.status == -signal.SIGKILL
