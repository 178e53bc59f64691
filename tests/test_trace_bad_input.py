"""What a traced line may do to its observer, and what may happen to both.

Nobody is left stopped or behind, and the shell goes on.

The runner sees that no process of the shell's session outlives it, the observer's included.
"""

from __future__ import annotations

import json
import os
import platform
import random
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from minishell.trace.event import load
from tests import shells
from tests.test_bad_circumstances import NOBODY, Runner, run, session
from tests.tiny_programs import becomes, exits_with_7

__all__ = ["run"]  # a fixture

OBSERVER = "$(sed -n s/^TracerPid:.//p /proc/$$/status)"
KILLED = "trace: the observer was killed by SIGKILL, and with it whatever it followed but the shell\n"


def python(script: str) -> str:
    return f"{sys.executable} -c '{script}'"


RENAMED = """\
import ctypes, os
ctypes.CDLL(None).prctl(15, b") Z 1 (a b")  # PR_SET_NAME
if os.fork() == 0:
    os.execv("/bin/true", [") Z 1"])
os.wait()
if os.fork():
    os.wait()
os._exit(3)
"""

# What the program does


def test_a_fork_bomb_is_ended_with_a_word_and_the_shell_goes_on(run: Runner) -> None:
    bomb = "dash -c 'f() { f | f & }; f; while :; do :; done'"
    done = run(f'trace -o told "{bomb}"\necho after $?')
    assert done.output == "after 137\n"
    assert "trace: there are more than 500 processes: they were killed\n" in done.errors
    assert (run.home / "told").read_text().endswith("trace: there are more than 500 processes: they were killed\n")


def test_a_program_that_closes_all_its_descriptors(run: Runner) -> None:
    script = "import os; os.closerange(0, 4096); os.fork() and os.wait(); os._exit(5)"
    done = run(f'trace --json -o told "{python(script)}"\necho $?')
    assert (done.output, done.errors) == ("5\n", "")
    ends = [event for event in load((run.home / "told").read_text().splitlines()) if event.kind == "exit"]
    assert len(ends) == 2


def test_the_shell_closes_whatever_it_may(run: Runner) -> None:
    closing = " ".join(f"{fd}>&-" for fd in range(10))
    done = run(f"trace -o told 'exec {closing}; uname'")
    assert (done.output, done.errors) == ("", "")
    assert "exec" in (run.home / "told").read_text()


def test_a_program_that_is_a_tracer_itself_is_told_why_it_cannot_be(run: Runner) -> None:
    """A process can have only one tracer (ptrace(2)): strace fails, as it fails under strace."""
    traces = "import ctypes; ctypes.CDLL(None).ptrace(0, 0, 0, 0)"  # PTRACE_TRACEME
    told = run(f'trace "{python(traces)}"').errors
    assert "note: wants to watch a process, but that has its observer already, and can have only one: fails" in told


def test_a_shell_that_traces_inside_a_trace_says_why_it_cannot(run: Runner) -> None:
    done = run(f"trace -o told '{sys.executable} -m minishell -c \"trace uname\"; echo $?'")
    assert "is watched already by process" in done.errors


def test_a_set_user_id_program_is_said_to_run_without_its_privilege(run: Runner) -> None:
    """Root becomes less by it, anybody else more; neither happens."""
    program = run.home / "whoami"
    shutil.copy("/usr/bin/id", program)
    user = os.geteuid()
    if user == 0:
        os.chown(program, NOBODY, NOBODY)
    program.chmod(0o4755)
    done = run("./whoami -u; trace './whoami -u'" if user == 0 else "id -u; trace 'su --version' >/dev/null; id -u")
    assert done.output == (f"{NOBODY}\n0\n" if user == 0 else f"{user}\n" * 2)
    assert "is set-user-ID: while it is watched it runs without that privilege, and may fail" in done.errors


def test_a_static_program_is_seen_like_any_other(run: Runner) -> None:
    program = run.home / "tiny"
    program.write_bytes(exits_with_7(64))
    program.chmod(0o755)
    done = run("trace ./tiny\necho $?")
    assert done.output == "7\n"
    assert [" ".join(line.split()[:4]) for line in done.errors.splitlines() if line.startswith("B")] == [
        "B (tiny) exec ./tiny",
        "B (tiny) exits with",
    ]


def test_a_32_bit_program_is_said_to_be_seen_in_part(run: Runner) -> None:
    """A kernel need not run such programs; then the shell says so, traced or not."""
    program = run.home / "tiny"
    program.write_bytes(exits_with_7(32))
    program.chmod(0o755)
    plain = run("./tiny\necho $?").output
    done = run("trace ./tiny\necho $?\ntrace '(exec ./tiny)'")
    assert done.output == plain
    assert done.errors.count("note: this is a 32-bit program") == (2 if plain == "7\n" else 0)
    if platform.machine() == "x86_64" and plain == "7\n":
        program.write_bytes(becomes("/bin/false"))
        done = run("trace ./tiny\necho $?\ntrace 'exec ./tiny'")
        assert (done.output, done.status) == ("1\n", 1)
        assert done.errors.count("[/bin/false]") == 2
        assert done.errors.count("exits with 1") == 2


def test_bytes_that_are_no_text_stay_one_line_of_it(run: Runner) -> None:
    line = r"""printf "\377\000\033[31m\n"; /bin/echo "$(printf "a\033[31m\nb")" "\x1b" | cat"""
    told = run(f"trace '{line}'").errors
    assert r"writes 8 bytes to" in told
    assert "\x1b" not in told
    assert all(row.startswith(("A (", "B (", "C (", "D (")) for row in told.splitlines())
    done = run(f"trace --json -o told '{line}'")
    events = [json.loads(text) for text in (run.home / "told").read_text().splitlines()[1:]]
    assert "\\xff\0\x1b[31m\n" in [event["data"] for event in events if event["kind"] == "write"]
    assert done.status == 0


def test_a_program_that_changes_its_name(run: Runner) -> None:
    """/proc/PID/stat has the name in it, and a name may look like the rest of that line."""
    (run.home / "renamed.py").write_text(RENAMED)
    done = run(f"trace '{sys.executable} renamed.py'\necho $?")
    assert done.output == "3\n"
    assert done.errors.count("exits with 3") == 2
    assert "C (true)" in done.errors
    assert "exec /bin/true [') Z 1']" in done.errors


# What happens to the observer, to those it follows, and to the shell


def test_the_end_of_the_observer_is_said_and_the_line_goes_on_without(run: Runner) -> None:
    done = run(f"trace -o told 'kill -KILL {OBSERVER}; uname | cat; (uname); x=$(uname); echo $x'\necho after $?")
    assert done.output == "Linux\n" * 3 + "after 0\n"
    assert done.errors == KILLED


def test_those_that_an_observer_follows_end_with_it(run: Runner) -> None:
    """Without it the filter would have their calls fail with ENOSYS, which no program expects."""
    done = run(f"trace -o told 'sleep 99 & kill -KILL {OBSERVER}; wait $!; echo $?'")
    assert (done.output, done.errors) == ("137\n", KILLED)


KILL_THE_JOBS_OBSERVER = """\
trace -o /dev/null 'sleep 99 &'
kill -KILL $(sed -n 's/^TracerPid:.//p' /proc/$!/status)
wait $!
echo $?
"""


def test_why_a_job_died_with_its_observer_is_said_when_the_next_line_is_watched(run: Runner) -> None:
    done = run(f"{KILL_THE_JOBS_OBSERVER}trace -o /dev/null :; trace -o /dev/null :")
    assert (done.output, done.errors) == ("137\n", KILLED)


def test_why_a_job_died_with_its_observer_is_said_at_the_next_prompt(tmp_path: Path) -> None:
    typed = f"PS1=\n{KILL_THE_JOBS_OBSERVER}echo on\n"
    done = shells.run("-i", input=typed, directory=tmp_path, merged=True)
    assert done.output.count(KILLED) == 1
    assert done.output.index(KILLED) < done.output.index("137\n")


def test_an_observer_may_be_killed_at_any_moment(run: Runner) -> None:
    """Of three shells that run one after the other, each loses its observers; the moments are drawn from a seed."""
    moments = random.Random(9)
    line = "for i in 1 2 3 4 5; do uname | cat >/dev/null; (:); x=$(uname); done; echo on"
    script = f"trace -o /dev/null '{line}'\n" * 5 + "echo after"
    for _ in range(3):
        shell = subprocess.Popen(
            [*shells.START["minishell"], "-c", script],
            env=shells.clean_environment(),
            stdout=subprocess.PIPE,
            start_new_session=True,
        )
        while shell.poll() is None:
            if (observer := tracer(shell.pid)) and not moments.randrange(40):
                os.kill(observer, signal.SIGKILL)
        assert shell.stdout is not None
        with shell.stdout:
            assert shell.stdout.read() == b"on\n" * 5 + b"after\n"
        assert shell.returncode == 0
        while session_lives(shell.pid):
            os.sched_yield()


def tracer(pid: int) -> int:
    """Who traces the process; 0: nobody."""
    try:
        lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    except OSError:
        return 0
    return next(int(line.split()[1]) for line in lines if line.startswith("TracerPid:"))


@pytest.mark.parametrize("command", ["trace -o told", "picture -o told"])
def test_those_that_are_followed_may_be_killed_at_any_moment(command: str, run: Runner) -> None:
    """Between the fork and the exec, in a call that is being looked at, standing still or dying already."""
    kill = "sleep 9 & kill -KILL $!; (uname; uname) >/dev/null & kill -KILL $!; wait"
    done = run(f"{command} 'i=0; while [ $i -lt 10 ]; do {kill}; i=$((i+1)); done; echo on >&2'; echo $?")
    assert (done.output, done.errors) == ("0\n", "on\n")


def test_jobs_of_a_killed_shell_go_on_and_the_observer_ends_with_them(tmp_path: Path) -> None:
    line = "cat </dev/zero >/dev/null & echo $!; while :; do :; done"
    shell = subprocess.Popen(
        [*shells.START["minishell"], "-c", f"trace -o told '{line}'"],
        env=shells.clean_environment(),
        cwd=tmp_path,
        stdout=subprocess.PIPE,
        start_new_session=True,
    )
    assert shell.stdout is not None
    with shell.stdout:
        job = int(shell.stdout.readline())
        shell.kill()
        assert shell.wait() == -signal.SIGKILL
        assert job in dict(session(shell.pid))
        os.kill(job, signal.SIGKILL)
    while session_lives(shell.pid):
        os.sched_yield()
    assert (tmp_path / "told").read_text().count("is killed by SIGKILL") == 2


def session_lives(leader: int) -> bool:
    return bool(dict(session(leader)))


def test_a_program_ends_with_the_observer_that_is_its_parent(tmp_path: Path) -> None:
    script = "from minishell.trace.observer import observe; observe(['sh', '-c', 'sleep 99 & exec sleep 98'])"
    observer = subprocess.Popen([sys.executable, "-c", script], cwd=Path(__file__).parents[1])
    while {name for pid in children(observer.pid) for _, name in session(pid)} != {"sleep"}:
        os.sched_yield()
    (program,) = children(observer.pid)
    observer.kill()
    observer.wait()
    while session_lives(program):
        os.sched_yield()


def children(pid: int) -> list[int]:
    return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


@pytest.mark.parametrize("most", [11, 12, 13])
def test_an_observer_that_cannot_be_started_leaves_no_descriptor(most: int, run: Runner) -> None:
    look = "for fd in /proc/$$/fd/*; do echo ${fd##*/}; done"
    script = f"ulimit -n {most}; {look} >before; trace uname; echo $?; {look} >after"
    done = run(f"{script}; cat before after | sort | uniq -u")
    assert done.output == "1\n"
    assert "the observer cannot be started: Too many open files: nothing was run\n" in done.errors


# Where the story goes


@pytest.mark.parametrize("options", ["", "--json"])
def test_a_reader_of_the_story_may_leave(options: str, run: Runner) -> None:
    line = f"trace {options} 'seq 2000 | cat >count; wc -l <count' 2>&1 >&3"
    done = run(f"exec 3>&1; {line} | head -n 1 >told; wc -l <count")
    assert done.output.split() == ["2000", "2000"]
    assert len((run.home / "told").read_text().splitlines()) == 1


def test_a_story_without_standard_error_is_told_nobody(run: Runner) -> None:
    done = run("trace uname 2>&-\necho $?")
    assert (done.output, done.errors) == ("Linux\n0\n", "")


def test_a_full_disk_ends_the_story_and_not_the_line(run: Runner) -> None:
    done = run("trace -o /dev/full 'uname; exit 3'")
    assert (done.output, done.status) == ("Linux\n", 3)
    assert done.errors == "trace: No space left on device: what follows is not told; the line itself goes on\n"
