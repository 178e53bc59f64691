"""`minishell-lessons picture`: saved traces and logs of strace become pictures; what is wrong with them is said."""

from __future__ import annotations

import json
import shutil
import subprocess
from typing import TYPE_CHECKING
from xml.etree import ElementTree

import pytest

from minishell.lessons.command import main
from minishell.show.title import title
from minishell.trace.event import HEADER, Event, Exec, Fork, Kill, Killed, Wait, as_json
from minishell.trace.saved import Unreadable, read
from tests import shells

if TYPE_CHECKING:
    from pathlib import Path

SVG = "{http://www.w3.org/2000/svg}"
LOG = """\
7 1700000000.000001 execve("/bin/sh", ["sh", "-c", "ls | wc"], 0x7ffe /* 3 vars */) = 0
7 1700000000.000002 pipe2([3<pipe:[99]>, 4<pipe:[99]>], 0) = 0
7 1700000000.000003 clone(child_stack=NULL, flags=CLONE_CHILD_CLEARTID|SIGCHLD) = 8
8 1700000000.000004 write(4<pipe:[99]>, "hello", 5 <unfinished ...>
7 1700000000.000005 read(3<pipe:[99]>, "hello", 64) = 5
8 1700000000.000006 <... write resumed>) = 5
8 1700000000.000007 exit_group(0)        = ?
8 1700000000.000008 +++ exited with 0 +++
7 1700000000.000009 wait4(-1, [{WIFEXITED(s) && WEXITSTATUS(s) == 0}], 0, NULL) = 8
7 1700000000.000010 +++ exited with 0 +++
"""


def trace_file(folder: Path) -> Path:
    shells.run("-c", "trace --json -o events 'uname | cat >/dev/null'", directory=folder)
    return folder / "events"


def drawn(path: Path, *options: str) -> ElementTree.Element:
    assert main(["picture", "-o", str(path.with_suffix(".svg")), *options, str(path)]) == 0
    return ElementTree.fromstring(path.with_suffix(".svg").read_text())


def words(svg: ElementTree.Element) -> list[str]:
    return ["".join(text.itertext()) for text in svg.iter(f"{SVG}text")]


def test_a_trace_file_is_drawn_with_the_line_that_was_typed(tmp_path: Path) -> None:
    svg = drawn(trace_file(tmp_path))
    assert svg.findtext(f"{SVG}title") == "uname | cat >/dev/null"
    assert {"exec uname", "exec cat", "end of file", "B", "C"} <= set(words(svg))


def test_a_log_of_strace_is_drawn(tmp_path: Path) -> None:
    (tmp_path / "log").write_text(LOG)
    svg = drawn(tmp_path / "log")
    assert svg.findtext(f"{SVG}title") == "sh -c 'ls | wc'"
    assert words(svg)[:9] == [
        "sh -c 'ls | wc'",
        "A",
        "sh",
        "B",
        "sh",
        "exec sh -c ls | wc",
        "pipe 1: fd 4 → fd 3",
        "fork → B",
        "reads 5 bytes",
    ]
    assert words(drawn(tmp_path / "log", "--title", "my <shell>"))[0] == "my <shell>"


@pytest.mark.skipif(shutil.which("strace") is None, reason="strace is not installed")
def test_a_real_log_and_the_observer_tell_of_the_same_processes(tmp_path: Path) -> None:
    log = tmp_path / "log"
    subprocess.run(
        ["strace", "-f", "-ttt", "-y", "-o", log, "sh", "-c", "uname | cat"], check=True, capture_output=True
    )
    svg = drawn(log)
    assert {"exec uname", "exec cat", "wait → B exit 0", "wait → C exit 0"} <= set(words(svg))
    assert svg.find(f".//{SVG}path[@class='a eof']") is not None


def test_standard_output_and_a_terminal(tmp_path: Path, capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    path = trace_file(tmp_path)
    assert main(["picture", str(path)]) == 0
    out, _ = capfdbinary.readouterr()
    assert ElementTree.fromstring(out).tag == f"{SVG}svg"


def test_a_terminal_is_no_place_for_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sys.stdout.isatty", lambda: True, raising=False)
    assert main(["picture", str(tmp_path)]) == 1
    assert capsys.readouterr().err == (
        "minishell-lessons: a picture is not for a terminal: add -o FILE, or > FILE.svg\n"
    )


HEAD = '{"minishell-trace": VERSION}\n{"t": 1, "pid": 1, "kind": "fork", "child": 2}\n'


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("", "1: there is nothing in it"),
        ("root:x:0:0\n", "1: this is neither a trace file of minishell nor a log of strace"),
        ("\0\udc80\n", "1: this is neither a trace file of minishell nor a log of strace"),
        ('{"minishell-trace": 99}\n', "1: this is not a minishell trace of version"),
        ('{"other": 1}\n', "1: this is not a minishell trace of version"),
        (HEAD + '{"t": 1', "3: this is not JSON"),
        (HEAD + '{"t": 1, "kind": "pau\x01se"}', "3: this is not JSON: Invalid control character, at column 22\n"),
        (HEAD + "[1]\n", "3: this is not an event, or a field of its kind is missing"),
        (HEAD + '{"t": 1, "pid": 1, "kind": "fork"}\n', "3: this is not an event, or a field of its kind is missing"),
        (HEAD + '{"t": 1, "pid": 1}\n', "3: the event has no 'kind'"),
        (HEAD + '{"t": 1, "pid": 1, "kind": "spoon"}\n', "3: there is no kind of event called 'spoon'; kinds are "),
        (HEAD + '\n{"t": 1, "pid": "x", "kind": "pause"}\n', "4: the field pid of pause cannot be 'x'"),
        (
            HEAD + '{"t": 1, "pid": 1, "kind": "pause", "cause": "line x"}',
            "3: the field cause of pause cannot be 'line x'",
        ),
        (
            HEAD + '{"t": 1, "pid": 1, "kind": "sigaction", "sig": "SIGINT", "action": "x"}',
            "3: the field action of sigaction cannot be 'x'",
        ),
        ('12:00:01 execve("/bin/ls", ["ls"], 0x1 /* 2 vars */) = 0\n', "1: this log lacks the process or the time"),
        ('execve("/bin/ls", ["ls"], 0x1 /* 2 vars */) = 0\n', "1: this log lacks the process or the time"),
        ("7 1700000000.000001 brk(NULL) = 0x5\n", "1: there is no call in it that starts, joins or ends a process"),
    ],
)
def test_what_is_wrong_has_a_file_and_a_line(
    text: str, complaint: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    from minishell.trace.event import VERSION

    path = tmp_path / "bad"
    path.write_bytes(text.replace("VERSION", str(VERSION)).encode(errors="surrogateescape"))
    assert main(["picture", "-o", str(tmp_path / "out"), str(path)]) == 1
    assert capsys.readouterr().err.startswith(f"minishell-lessons: {path}:{complaint}")
    assert not (tmp_path / "out").exists()


def test_files_that_cannot_be_read_or_written(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["picture", "-o", "x", str(tmp_path / "none")]) == 1
    assert capsys.readouterr().err == f"minishell-lessons: {tmp_path}/none: No such file or directory\n"
    (tmp_path / "log").write_text(LOG)
    assert main(["picture", "-o", str(tmp_path), str(tmp_path / "log")]) == 1
    assert capsys.readouterr().err == f"minishell-lessons: {tmp_path}: Is a directory\n"


def test_the_rest_of_a_broken_log_is_drawn(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "log").write_text(LOG + "7 1700000001.5 dup2(3<pip\n" + "garbage\n" * 4)
    drawn(tmp_path / "log")
    assert capsys.readouterr().err == (
        f"{tmp_path}/log:11: passed over: 7 1700000001.5 dup2(3<pip\n"
        f"{tmp_path}/log:12: passed over: garbage\n"
        f"{tmp_path}/log:13: passed over: garbage\n"
        f"{tmp_path}/log: and so with 2 more lines\n"
    )


def test_a_log_without_the_names_of_descriptors_is_doubted() -> None:
    bare = LOG.replace("<pipe:[99]>", "")
    assert read(bare.splitlines()).doubts == (
        (4, "descriptors have no names here, so pipes are not drawn: use strace -y"),
    )
    with pytest.raises(Unreadable):
        read([])


def test_the_title_is_put_together_from_the_parts_of_the_line() -> None:
    fork = Fork(pid=1, child=2, cause="span 5-10: wc -l")
    assert title((fork, Fork(pid=1, child=3, cause="span 0-2: ls"))) == "ls   wc -l"
    whole = Wait(pid=1, target=-1, child=2, status=0, cause="span 0-10: ls | wc -l")
    assert title((fork, whole)) == "ls | wc -l"
    other: Event = Fork(pid=1, child=4, cause="span 4-9: quite")
    program = Exec(pid=2, path="/bin/wc", argv=("wc", "-l x"))
    assert title((fork, other, program)) == ""
    assert title((program,)) == "wc '-l x'"


def test_a_trace_file_is_read_in_the_order_of_time() -> None:
    """The end of a process in the background may be written down before the signal that a shell sent."""
    kill, killed = Kill(pid=1, target=2, sig="SIGTERM", time_ns=5), Killed(pid=2, sig="SIGTERM", time_ns=6)
    assert [event.kind for event in read([json.dumps(HEADER), as_json(killed), as_json(kill)]).events] == [
        "kill",
        "killed",
    ]
