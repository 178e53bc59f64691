"""minishell --trace FILE: the events of everything that is run, as JSON lines, and nothing else is different."""

from __future__ import annotations

import json
import resource
import sys
from typing import TYPE_CHECKING, Any

import pytest

from minishell.trace.event import load
from tests import shells

if TYPE_CHECKING:
    from pathlib import Path


def events(file: Path) -> list[dict[str, Any]]:
    lines = file.read_text().splitlines()
    assert len(load(lines)) == len(lines) - 1
    return [json.loads(line) for line in lines[1:]]


def test_every_event_says_when_who_what_and_why(tmp_path: Path) -> None:
    done = shells.run("--trace", "events", "-c", "echo a | cat; exit 3", directory=tmp_path)
    assert (done.output, done.errors, done.status) == ("a\n", "", 3)
    found = events(tmp_path / "events")
    assert all({"t", "pid", "name", "kind", "cause"} <= event.keys() for event in found)
    forks = [(event["name"], event["child_name"], event["cause"]) for event in found if event["kind"] == "fork"]
    assert forks == [("A", "B", "span 0-6: echo a"), ("A", "C", "span 9-12: cat")]
    ends = {event["name"]: event["code"] for event in found if event["kind"] == "exit"}
    assert ends == {"A": 3, "B": 0, "C": 0}


def test_a_script_and_its_arguments(tmp_path: Path) -> None:
    (tmp_path / "script").write_text('cat "$1"\n')
    done = shells.run("--trace=events", "-x", "script", "/dev/null", directory=tmp_path)
    assert (done.errors, done.status) == ("+ cat /dev/null\n", 0)
    assert [event["argv"] for event in events(tmp_path / "events") if event["kind"] == "exec"] == [
        ["cat", "/dev/null"]
    ]


@pytest.mark.parametrize(("line", "status"), [("kill -TERM $$", 143), ("kill -KILL $$", 137), ("exec false", 1)])
def test_the_end_is_what_it_is_without(line: str, status: int, tmp_path: Path) -> None:
    assert shells.run("-c", line).status == status
    assert shells.run("--trace", "events", "-c", line, directory=tmp_path).status == status
    last = events(tmp_path / "events")[-1]
    assert (last["name"], last["kind"]) == ("A", "exit" if status < 128 else "killed")


def test_the_program_that_the_shell_becomes_has_no_child_that_it_has_not_made(tmp_path: Path) -> None:
    script = "import os\ntry: os.wait()\nexcept ChildProcessError: print('none')"
    done = shells.run("--trace", "events", "-c", f'exec "{sys.executable}" -c "{script}"', directory=tmp_path)
    assert done.output == "none\n"


def test_descriptors_and_standard_streams_are_those_of_an_untraced_run(tmp_path: Path) -> None:
    line = "for fd in /proc/self/fd/?; do echo $fd; done; exec 3</dev/null; ls -l /proc/self/fd | wc -l"
    plain = shells.run("-c", line)
    assert shells.run("--trace", "events", "-c", line, directory=tmp_path).output == plain.output


def test_the_observer_holds_no_stream_of_the_program_open(tmp_path: Path) -> None:
    """The job left behind holds none either, so the pipe to us ends with the shell; it waits for us."""
    gate = tmp_path / "gate"
    done = shells.run(
        "--trace", "events", "-c", "mkfifo gate; cat <>gate >/dev/null 2>&1 & echo $!", directory=tmp_path
    )
    assert gate.is_fifo()
    last = [event["kind"] for event in events(tmp_path / "events") if event["name"] == "A"][-1]
    assert last == "exit"
    assert shells.run("-c", f"kill {done.output}").status == 0


@pytest.mark.parametrize(
    ("file", "reason"),
    [
        ("/dev/full", "No space left on device"),
        ("/no/such/file", "No such file or directory"),
        ("/", "Is a directory"),
    ],
)
def test_a_file_that_cannot_be_written_is_said_before_anything_runs(file: str, reason: str) -> None:
    done = shells.run("--trace", file, "-c", "echo ran")
    assert (done.output, done.status) == ("", 2)
    assert done.errors == f"minishell: --trace: {file}: {reason}: nothing was run\n"


def test_a_missing_file_is_said_with_an_example() -> None:
    done = shells.run("--trace")
    assert done.status == 2
    assert "--trace needs a file to write to: minishell --trace events -c 'ls | wc -l'" in done.errors


def test_a_disk_that_becomes_full_meanwhile_is_said_at_the_end(tmp_path: Path) -> None:
    done = shells.run(
        *("--trace", "events", "-c", "uname; exit 3"),
        directory=tmp_path,
        first=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (1024, 1024)),
    )
    assert (done.output, done.status) == ("Linux\n", 3)
    assert done.errors == "trace: File too large: what follows is not told; the line itself goes on\n"


def test_the_end_of_the_observer_is_said_at_the_end(tmp_path: Path) -> None:
    line = "kill -KILL $(sed -n s/^TracerPid:.//p /proc/$$/status); uname; exit 3"
    done = shells.run("--trace", "events", "-c", line, directory=tmp_path)
    assert (done.output, done.status) == ("Linux\n", 3)
    assert (
        done.errors == "trace: the observer was killed by SIGKILL, and with it whatever it followed but the shell\n"
    )


def test_a_disk_that_becomes_full_ends_the_trace_and_not_the_line(tmp_path: Path) -> None:
    script = "ulimit -f 1; trace -o told 'seq 100 >/dev/null; for i in 1 2 3 4 5 6 7 8 9; do uname; done'; echo $?"
    done = shells.run("-c", script, directory=tmp_path)
    assert done.output == "Linux\n" * 9 + "0\n"
    assert done.errors == "trace: File too large: what follows is not told; the line itself goes on\n"
