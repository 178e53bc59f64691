"""trace and picture: a line is run as it would be without them, and what it does is told."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import xml.etree.ElementTree as ElementTree
from typing import TYPE_CHECKING, Any

import pytest

from minishell.repl.verbs import about, with_quotes
from minishell.trace.event import load
from tests import shells

if TYPE_CHECKING:
    from pathlib import Path


def traced(line: str, *options: str, directory: Path | None = None) -> shells.Result:
    return shells.run("-c", f"trace {' '.join(options)} -- '{line}'", directory=directory)


def events(line: str, directory: Path, *options: str) -> list[dict[str, Any]]:
    traced(line, "--json", "-o", "events", *options, directory=directory)
    lines = (directory / "events").read_text().splitlines()
    assert json.loads(lines[0])["minishell-trace"] == 2
    return [json.loads(line) for line in lines[1:]]


def test_each_process_says_what_it_does_and_which_part_of_the_line_it_does_it_for() -> None:
    told = traced("uname | cat").errors.splitlines()
    heard = [" ".join(line.split()) for line in told]
    for sentence in (
        "A (minishell) pipe() -> pipe 1: read end fd 3, write end fd 4 [uname]",
        "A (minishell) fork -> new process B, a copy of A with the same open files [uname]",
        "A (minishell) fork -> new process C, a copy of A with the same open files [cat]",
        "B (minishell) dup2(4, 1): fd 1 is now pipe 1 [uname]",
        "B (uname) exec /usr/bin/uname [uname] [uname]",
        "C (cat) exec /usr/bin/cat [cat] [cat]",
        "B (uname) exits with 0 [uname]",
        "C (cat) exits with 0 [cat]",
    ):
        assert sentence.replace("/usr/bin/", folder()) in heard, sentence
    assert any("wait returns: C, exit 0 (raw status 0x0000) [uname | cat]" in line for line in heard)


def folder() -> str:
    """Where the programs are found."""
    return next(folder for folder in ("/usr/bin/", "/bin/") if os.access(f"{folder}uname", os.X_OK))


def test_the_line_does_what_it_does_without_trace(tmp_path: Path) -> None:
    script = "trace 'cd /usr; x=1; f() { echo in f; }'; pwd; echo $x; f; trace '(exit 3)'; echo $?; trace 'exit 4'; :"
    done = shells.run("-c", script, directory=tmp_path)
    assert (done.output, done.status) == ("/usr\n1\nin f\n3\n", 4)


def test_a_line_that_ends_the_shell_is_told_to_its_end() -> None:
    done = shells.run("-c", "trap 'echo bye' EXIT; trace 'exit 3'; echo on")
    assert (done.output, done.status) == ("bye\n", 3)
    assert done.errors.splitlines()[-1].split() == ["A", "(minishell)", "exits", "with", "3", "[echo", "bye]"]
    done = shells.run("-c", "set -e; trace false; echo on")
    assert (done.output, done.status) == ("", 1)
    assert done.errors.split() == ["A", "(minishell)", "exits", "with", "1", "[false]"]


def test_the_picture_of_a_line_that_ends_the_shell_is_there_when_it_has_ended(tmp_path: Path) -> None:
    shells.run("-c", "picture -o p.svg 'uname; exit 3'; echo on", directory=tmp_path)
    assert ">exit 3</text>" in (tmp_path / "p.svg").read_text()


def test_events_as_json_have_a_name_a_cause_and_the_fields_of_their_kind(tmp_path: Path) -> None:
    found = events("cat /dev/null | wc -l; kill -TERM $$", tmp_path)
    assert {"t", "pid", "name", "kind", "cause"} <= found[0].keys()
    forks = [event for event in found if event["kind"] == "fork"]
    assert [(event["name"], event["child_name"], event["cause"]) for event in forks] == [
        ("A", "B", "span 0-13: cat /dev/null"),
        ("A", "C", "span 16-21: wc -l"),
    ]
    execs = {event["name"]: event["argv"] for event in found if event["kind"] == "exec" and not event["errno"]}
    assert execs == {"B": ["cat", "/dev/null"], "C": ["wc", "-l"]}
    assert {event["name"] for event in found if event["kind"] == "exit"} == {"B", "C"}
    assert [event["object"] for event in found if event["kind"] == "pipe"] == ["pipe 1"]
    assert [(event["name"], event["sig"]) for event in found if event["kind"] == "killed"] == [("A", "SIGTERM")]
    assert len(load((tmp_path / "events").read_text().splitlines())) == len(found)


REFUSED = """\
import os, signal
open("f").close()
for attempt in (lambda: os.close(77), lambda: signal.signal(signal.SIGKILL, signal.SIG_DFL)):
    try: attempt()
    except OSError: pass
signal.signal(signal.SIGUSR1, signal.SIG_IGN)
"""


def test_what_is_told_before_it_is_done_and_what_fails(tmp_path: Path) -> None:
    """Of most closings and dispositions the result is certain beforehand (`foretold` in trace/decoding.py)."""
    (tmp_path / "f").write_text("")
    (tmp_path / "script").write_text(REFUSED)
    found = events(f"{sys.executable} -IS script", tmp_path, "--only", "open,close,sigaction")
    known = [event for event in found if event.get("fd") == 77 or event.get("sig") in ("SIGKILL", "SIGUSR1")]
    assert [(event["kind"], event["errno"]) for event in known] == [
        ("close", "EBADF"),
        ("sigaction", "EINVAL"),
        ("sigaction", ""),
    ]
    opened = next(event for event in found if event.get("path") == "f")
    closed = found[found.index(opened) + 1]
    assert (closed["kind"], closed["fd"], closed["errno"]) == ("close", opened["fd"], "")


def test_what_the_program_starts_that_the_shell_has_become_is_seen_whole(tmp_path: Path) -> None:
    """It binds nobody to a filter, as the shell does with its children."""
    found = events('exec sh -c "true | true; :"', tmp_path)
    assert {event["name"] for event in found if event["kind"] == "dup"} == {"B", "C"}


WITHOUT_FILTERS = """\
from minishell.trace import seccomp
seccomp.is_possible = lambda: False
from minishell.cli import main
main()
"""


def test_a_kernel_that_has_no_filters_lets_the_same_be_seen(tmp_path: Path) -> None:
    line = "trace --only fork,dup,exec,pipe -- 'uname | cat'"
    with_filters = shells.run("-c", line)
    without = subprocess.run(
        [sys.executable, "-c", WITHOUT_FILTERS, "-c", line],
        env=shells.clean_environment(),
        capture_output=True,
        text=True,
        check=True,
    )
    assert sorted(without.stderr.splitlines()) == sorted(with_filters.errors.splitlines())


def test_redirections_of_a_compound_command_have_themselves_as_cause(tmp_path: Path) -> None:
    line = "trace --only open,dup '{ echo hi; } >out'; trace --only open '>new'"
    done = shells.run("-c", line, directory=tmp_path)
    assert [re.sub(r"A \(minishell\)  (\w+).* ", r"\1 ", told) for told in done.errors.splitlines()] == [
        "dup [>out]",
        "opens [>out]",
        "dup2 [>out]",
        "dup2 [>out]",
        "opens [>new]",
    ]


def test_only_some_kinds(tmp_path: Path) -> None:
    assert {event["kind"] for event in events("uname | cat", tmp_path, "--only", "fork,exec")} == {"fork", "exec"}
    told = traced("uname | cat", "--only", "exec").errors.splitlines()
    assert sorted(line.split()[1:3] for line in told) == [["(cat)", "exec"], ["(uname)", "exec"]]


def test_raw_adds_the_call() -> None:
    told = traced("uname", "--raw", "--only", "exec").errors
    assert f'execve("{folder()}uname", ["uname"]) = 0' in told


def test_set_o_trace_tells_each_command_from_the_next_on() -> None:
    done = shells.run("-c", "set -o trace\n/bin/true\nset +o trace\n/bin/false\n")
    assert "exec /bin/true" in done.errors
    assert "exec /bin/false" not in done.errors


def test_a_job_in_the_background_is_followed_to_its_end(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "gate")
    script = "trace -o told 'cat gate &'; echo on; echo open >gate; wait; cat told"
    done = shells.run("-c", script, directory=tmp_path)
    assert done.output.startswith("on\n")
    while "exits with" not in (told := (tmp_path / "told").read_text()):
        os.sched_yield()
    assert 'reads 5 bytes from gate: "open\\n"' in told


def test_pictures_are_the_same_each_time_and_well_formed(tmp_path: Path) -> None:
    line = "echo a | cat | wc -c; (exit 3); sleep 5 & wait"
    script = f"for i in 1 2 3; do picture -o $i.svg '{line}'; done; cmp 1.svg 2.svg && cmp 2.svg 3.svg"
    done = shells.run("-c", script, directory=tmp_path)
    assert (done.output, done.status) == ("2\n2\n2\n", 0)
    text = (tmp_path / "1.svg").read_text()
    assert len(text) < 60_000
    root = ElementTree.fromstring(text)
    story = "".join(next(root.iter("{http://www.w3.org/2000/svg}desc")).itertext())
    assert "exec" in story
    assert "B (minishell)" in story


def test_what_the_line_writes_stays_out_of_a_picture_on_standard_output() -> None:
    done = shells.run("-c", "picture 'echo words'")
    assert done.output.startswith("<svg")
    assert "words\n" in done.errors


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("trace", "there is no line to run"),
        ("trace --nonsense ls", "--nonsense is no option here\nhelp: --raw, --json, -o, --only\n"),
        ("trace --only", "--only lacks its value"),
        ("trace --only fork, ls", "there is no kind of event called nothing"),
        ("trace --only fork,spoon ls", "there is no kind of event called spoon"),
        ("trace -o /no/such/file ls", "/no/such/file: No such file or directory"),
        ('trace "trace ls"', "a line is being watched already"),
    ],
)
def test_what_cannot_be_done_is_said(line: str, message: str) -> None:
    done = shells.run("-c", f"{line}; echo $?")
    assert message in done.errors
    assert done.output in ("1\n", "2\n")


def test_the_shell_goes_on_when_its_observer_is_killed() -> None:
    """The observer is the child that the shell does not know: a job of the line is killed with it."""
    script = "trace -o /dev/null 'kill -KILL $(sed -n s/^TracerPid:.//p /proc/$$/status); echo on'; echo after $?"
    done = shells.run("-c", script)
    assert done.output.endswith("after 0\n")


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("trace ls | wc -l", "trace -- 'ls | wc -l'\n"),
        ("  trace --raw -o file ls > x; cd /\n", "trace --raw -o file -- 'ls > x; cd /'\n"),
        ("trace --only fork,exec echo 'a b'", "trace --only fork,exec -- 'echo '\\''a b'\\'''\n"),
        ("picture ls | wc > out.svg", "picture -o out.svg -- 'ls | wc'\n"),
        ("picture ls > list", "picture -- 'ls > list'\n"),
        ("trace -o 'my file' ls | wc", "trace -o 'my file' -- 'ls | wc'\n"),
        ("trace -o 'my", "trace -o 'my"),
        ("picture ls > 'my out.svg'", "picture -o 'my out.svg' -- ls\n"),
        ("picture --all ls | wc > out.svg", "picture --all -o out.svg -- 'ls | wc'\n"),
        ("trace 'ls | wc'", "trace 'ls | wc'"),
        ("trace", "trace"),
        ("echo trace ls | wc", "echo trace ls | wc"),
    ],
)
def test_the_rest_of_a_typed_line_is_the_line(typed: str, meant: str) -> None:
    assert with_quotes(typed) == meant


def test_a_line_that_goes_on_is_still_about_the_same() -> None:
    assert about("trace for i in 1 2\ndo echo") == (["trace"], "for i in 1 2\ndo echo")


def test_a_picture_of_a_job_that_is_killed_while_it_sleeps(tmp_path: Path) -> None:
    """Sleeping takes no time in a picture, but a shell that looks after its jobs does not let time pass."""
    line = "sleep 100 & kill $!; wait $!; echo $?"
    done = shells.run("-c", f"picture -o out.svg '{line}'", directory=tmp_path)
    assert (done.output, done.status) == ("143\n", 0)
    assert '<path class="a kill"' in (tmp_path / "out.svg").read_text()


def test_a_loop_that_looks_until_a_job_has_ended_ends_in_a_picture(tmp_path: Path) -> None:
    line = "sleep 100 & while kill -0 $!; do uname >/dev/null; done; echo done"
    done = shells.run("-c", f"picture -o out.svg '{line}' 2>/dev/null", directory=tmp_path)
    assert (done.output, done.status) == ("done\n", 0)
