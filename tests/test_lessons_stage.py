"""The clean room: what an example finds there, and that nobody survives it."""

import os
import signal
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

from minishell.lessons import stage
from minishell.lessons.stage import Outcome, first_pid, play, room_for
from tests.limits import LIMITS_S

FORTY_LINES = "print('x' * 99)\n" * 40


@pytest.fixture
def lesson(tmp_path: Path) -> Path:
    """An empty lesson."""
    folder = tmp_path / "01-test"
    folder.mkdir()
    return folder


@pytest.fixture(params=["namespace", "plain"])
def isolation(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """Both ways of keeping an example in its room."""
    name: str = request.param
    if name == "plain":
        monkeypatch.setattr(stage, "namespace", lambda user="learner": ())
    return name


def perform(lesson: Path, source: str, *args: str, limit_s: float = 20, output_limit: int = 1 << 20) -> Outcome:
    """Run a script in a clean room."""
    (lesson / "script.py").write_text(source)
    return act(lesson, ["python3", "script.py", *args], limit_s=limit_s, output_limit=output_limit)


def act(lesson: Path, command: Sequence[str], *, limit_s: float = 20, output_limit: int = 1 << 20) -> Outcome:
    """Run a command in a clean room."""
    with room_for(lesson) as room:
        return play(room, command, seed="test", time_limit_s=limit_s, output_limit=output_limit)


def perform_with_fifo(lesson: Path, source: str, limit_s: float = 20) -> tuple[Outcome, bool]:
    """Run a script that finds a named pipe; also whether anybody holds that open for reading afterwards."""
    (lesson / "script.py").write_text(source)
    with room_for(lesson) as room:
        fifo = room.folder / "fifo"
        os.mkfifo(fifo)
        fifo.chmod(0o666)
        outcome = play(room, ["python3", "script.py"], seed="test", time_limit_s=limit_s)
        try:
            os.close(os.open(fifo, os.O_WRONLY | os.O_NONBLOCK))
        except OSError:
            return outcome, False
    return outcome, True


def test_output_and_status_come_back(lesson: Path, isolation: str) -> None:
    assert perform(lesson, "import sys; print('hello'); sys.exit(3)") == Outcome("ended", 3 << 8, b"hello\n")


def test_a_signal_is_told_apart_from_a_status(lesson: Path, isolation: str) -> None:
    outcome = perform(lesson, "import os, signal; os.kill(os.getpid(), signal.SIGTERM)")
    assert (os.WIFSIGNALED(outcome.status), os.WTERMSIG(outcome.status)) == (True, signal.SIGTERM)


def test_standard_error_is_part_of_the_output(lesson: Path) -> None:
    assert perform(lesson, "import os; os.write(1, b'a'); os.write(2, b'b'); os.write(1, b'c')").output == b"abc"


def test_pids_are_chosen(lesson: Path) -> None:
    script = "import os\nprint(os.getpid(), flush=True)\nif os.fork() == 0: print(os.getpid())\nelse: os.wait()\n"
    pid = first_pid("test")
    assert perform(lesson, script).output == f"{pid}\n{pid + 1}\n".encode()


def test_the_environment_is_the_same_everywhere(lesson: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SECRET", "of the build machine")
    names = perform(lesson, "import os; print(*sorted(os.environ))").output.decode()
    assert names == (
        "COLUMNS HOME LANG LINES LOGNAME PATH PYTHONDONTWRITEBYTECODE PYTHONHASHSEED SHELL TERM TMPDIR TZ USER\n"
    )


def test_files_have_fixed_times_and_modes(lesson: Path) -> None:
    (lesson / "data").write_text("x")
    (lesson / "data").chmod(0o600)
    source = "import os; s = os.stat('data'); print(oct(s.st_mode), int(s.st_mtime)); print(oct(os.umask(0)))"
    assert perform(lesson, source).output == b"0o100644 1000000000\n0o22\n"


def test_only_standard_descriptors_are_open(lesson: Path) -> None:
    assert (
        perform(lesson, "import os; print(sorted(os.listdir('/proc/self/fd')))").output == b"['0', '1', '2', '3']\n"
    )


def test_input_is_empty(lesson: Path) -> None:
    assert perform(lesson, "import sys; print(repr(sys.stdin.read()))").output == b"''\n"


def test_signals_have_their_default_meaning(lesson: Path) -> None:
    outcome = act(lesson, ["sh", "-c", "kill -PIPE $$; echo survived"])
    assert (outcome.output, os.WTERMSIG(outcome.status)) == (b"", signal.SIGPIPE)


def test_what_the_builder_ignores_or_blocks_is_not_passed_on(lesson: Path) -> None:
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGTERM])
    try:
        for name in ("INT", "TERM", "XFSZ"):
            outcome = act(lesson, ["sh", "-c", f"kill -{name} $$; echo survived"])
            assert (outcome.output, signal.Signals(os.WTERMSIG(outcome.status)).name) == (b"", f"SIG{name}")
    finally:
        signal.signal(signal.SIGINT, before)
        signal.pthread_sigmask(signal.SIG_UNBLOCK, [signal.SIGTERM])


def test_limits_are_the_same_everywhere(lesson: Path) -> None:
    assert act(lesson, ["sh", "-c", "ulimit -n; ulimit -c; ulimit -s"]).output == b"1024\n0\n8192\n"


def test_an_unknown_command_is_127(lesson: Path) -> None:
    assert act(lesson, ["no-such-command"]) == Outcome(
        "ended", 127 << 8, b"no-such-command: No such file or directory\n"
    )


def test_the_lesson_itself_is_not_touched(lesson: Path) -> None:
    perform(lesson, "open('new', 'w').close(); open('script.py', 'w').close()")
    assert [(path.name, path.stat().st_size > 0) for path in lesson.iterdir()] == [("script.py", True)]


def test_too_much_output_is_cut_and_ends_the_run(lesson: Path, isolation: str) -> None:
    outcome = act(lesson, ["yes"], output_limit=1000)
    assert (outcome.how, outcome.output) == ("flood", b"y\n" * 500)


def test_output_up_to_the_limit_is_whole(lesson: Path) -> None:
    outcome = perform(lesson, FORTY_LINES, output_limit=4000)
    assert (outcome.how, len(outcome.output)) == ("ended", 4000)


def test_time_is_limited_for_everybody_in_the_room(lesson: Path, isolation: str) -> None:
    source = """
import os, signal
ready = os.pipe()
for generation in range(3):
    if os.fork() == 0:
        os.setsid()                                   # out of the group, out of the session
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        os.open("fifo", os.O_RDONLY | os.O_NONBLOCK)
        os.write(ready[1], b"x")
        signal.pause()
got = b""
while len(got) < 3:
    got += os.read(ready[0], 3)
print("all here", flush=True)
signal.pause()
"""
    for limit_s in LIMITS_S:
        outcome, held = perform_with_fifo(lesson, source, limit_s=limit_s)
        if outcome.output:
            break
    assert (outcome.how, outcome.output) == ("late", b"all here\n")
    assert not held


def test_a_daemon_does_not_outlive_the_example(lesson: Path, isolation: str) -> None:
    source = """
import os, signal
ready = os.pipe()
if os.fork() == 0:
    os.setsid()
    if os.fork() == 0:
        os.open("fifo", os.O_RDONLY | os.O_NONBLOCK)
        os.write(ready[1], b"x")
        signal.pause()
    os._exit(0)
os.read(ready[0], 1)
"""
    outcome, held = perform_with_fifo(lesson, source)
    assert (outcome.how, held) == ("ended", False)


def test_an_example_that_stops_itself_is_late(lesson: Path, isolation: str) -> None:
    assert perform(lesson, "import os, signal; os.kill(os.getpid(), signal.SIGSTOP)", limit_s=0.5).how == "late"


def test_the_pid_of_a_run_depends_on_its_name_alone() -> None:
    assert first_pid("22-pipelines pipeline.py") == 17108
    assert all(10_000 <= first_pid(str(n)) < 30_000 for n in range(500))


def test_the_user_and_the_host_are_the_same_everywhere(lesson: Path) -> None:
    source = "import os, pwd\nprint(os.getuid(), os.getgid(), pwd.getpwuid(os.getuid()).pw_name, os.uname().nodename)"
    assert perform(lesson, source).output == b"1000 1000 learner classroom\n"


def test_nothing_of_the_machine_is_in_sight(lesson: Path) -> None:
    source = "import os\nfor path in '/home', '/tmp', '/dev/pts', '/root': print(path, *sorted(os.listdir(path)))"
    assert perform(lesson, source).output.splitlines()[:3] == [b"/home learner", b"/tmp", b"/dev/pts ptmx"]
    assert act(lesson, ["ps", "-e", "-o", "args"]).output == b"COMMAND\ninit\nps -e -o args\n"


@pytest.mark.parametrize("path", ["/etc/passwd", "/usr/new", "/new", "/home/new"])
def test_nothing_can_be_written_outside(lesson: Path, path: str) -> None:
    outcome = perform(lesson, f"open({path!r}, 'w')")
    assert outcome.status == 1 << 8
    assert f"OSError: [Errno 30] Read-only file system: '{path}'" in outcome.output.decode()


def test_the_home_and_tmp_can_be_written_to(lesson: Path) -> None:
    source = "import os\nfor path in '/tmp/x', os.environ['HOME'] + '/x', 'x', '/dev/shm/x': open(path, 'w')"
    assert perform(lesson, source) == Outcome("ended", 0, b"")


def test_no_privilege_is_left(lesson: Path) -> None:
    outcome = act(lesson, ["grep", "Cap[PE]", "/proc/self/status"])
    assert outcome.output == b"CapPrm:\t0000000000000000\nCapEff:\t0000000000000000\n"


def test_a_terminal_is_the_first_one_of_the_machine(lesson: Path) -> None:
    with room_for(lesson) as room:
        outcome = play(room, ["sh", "-c", "tty; stty size; ps -o tty= $$"], seed="test", columns=60)
    assert outcome.output == b"/dev/pts/0\r\n24 60\r\npts/0\r\n"


def test_what_is_typed_ahead_has_to_fit_into_the_terminal(lesson: Path) -> None:
    with room_for(lesson) as room, pytest.raises(stage.Refused, match="a terminal takes 4000 bytes ahead"):
        play(room, ["cat"], seed="test", stdin=b"x" * 4001, columns=60)


@pytest.mark.parametrize("columns", [0, 60])
def test_a_room_that_cannot_be_made_says_why(lesson: Path, columns: int) -> None:
    with room_for(lesson) as room:
        room.temporary.rmdir()
        with pytest.raises(stage.Refused, match=r"the clean room could not be made: \[Errno 2\] No such file"):
            play(room, ["true"], seed="test", columns=columns)


@pytest.mark.skipif(sys.prefix == sys.base_prefix, reason="this project is one of the packages here")
def test_packages_of_this_machine_are_not_there(lesson: Path) -> None:
    packages = perform(lesson, "import os, site\nprint([os.listdir(path) for path in site.getsitepackages()])")
    assert packages.output == b"[[]]\n"


def test_a_warden_that_does_not_start_says_what_it_said(lesson: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stage, "BEGIN", "raise SystemExit('no such thing')")
    with pytest.raises(stage.Refused, match="its warden did not start\nno such thing"):
        act(lesson, ["true"])


def test_there_may_be_nothing_to_hide(lesson: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stage, "hidden", list)
    assert act(lesson, ["echo", "here"]).output == b"here\n"


def test_what_is_needed_may_be_anywhere(lesson: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "there").write_text("found\n")
    tmp_path.chmod(0o755)
    places = [*stage.needed(), str(tmp_path)]
    monkeypatch.setattr(stage, "needed", lambda: places)
    assert act(lesson, ["cat", f"{tmp_path}/there"]).output == b"found\n"
