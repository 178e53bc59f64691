"""Where ptrace is refused: the shell announces what it asks for, every view says so, and the line is run."""

from __future__ import annotations

import errno
import json
import xml.etree.ElementTree as ElementTree
from typing import TYPE_CHECKING, Any

import pytest

from minishell.trace import seccomp
from minishell.trace.event import Event, Exec, Exit, Fork, Pipe, Wait, Write, load
from minishell.trace.launch import machine
from minishell.trace.names import stable
from minishell.trace.seccomp import Step
from tests import shells

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

LABEL = "what the shell asked for; programs you exec are invisible"
WHY = (
    "trace: this system does not let one process watch another (ptrace: Operation not permitted). In a container,"
    " allow it with --cap-add=SYS_PTRACE; on a hardened machine set kernel.yama.ptrace_scope to 0 or 1.\n"
    f"trace: so this is {LABEL}\n"
)


def refuses_ptrace() -> Callable[[], object]:
    """For `first`: from then on ptrace(2) fails with EPERM, as in a hardened container (seccomp(2))."""
    load, jump, give_back, error = 0x20, 0x15, 0x06, 0x00050000
    steps = [
        Step(load, 0, 0, 0),
        Step(jump, 0, 1, machine().numbers["ptrace"]),
        Step(give_back, 0, 0, error | errno.EPERM),
        Step(give_back, 0, 0, 0x7FFF0000),
    ]
    return seccomp.Program(steps).install


def run(*words: str, directory: Path | None = None) -> shells.Result:
    return shells.run(*words, directory=directory, first=refuses_ptrace())


def events(line: str, directory: Path, *, observed: bool) -> list[Event]:
    shells.run(
        *("-c", f"trace --json -o events -- '{line}'"),
        directory=directory,
        first=None if observed else refuses_ptrace(),
    )
    return list(stable(load((directory / "events").read_text().splitlines())))


def test_the_story_says_why_what_to_do_and_what_it_is() -> None:
    done = run("-c", "trace 'uname | cat; exit 3'")
    assert (done.output, done.status) == ("Linux\n", 3)
    assert done.errors.startswith(f"{WHY}A (minishell)  note: {LABEL}\n")
    told = [" ".join(line.split()) for line in done.errors.splitlines()]
    for sentence in (
        "A (minishell) pipe() -> pipe 1: read end fd 3, write end fd 4 [uname]",
        "A (minishell) fork -> new process B, a copy of A with the same open files [uname]",
        "B (minishell) dup2(4, 1): fd 1 is now pipe 1 [uname]",
        "A (minishell) wait returns: C, exit 0 (raw status 0x0000) [uname | cat]",
    ):
        assert sentence in told


@pytest.mark.parametrize("options", ["--raw", "--only exec"])
def test_raw_calls_and_selected_kinds_have_the_label_too(options: str) -> None:
    told = run("-c", f"trace {options} uname").errors
    assert f"note: {LABEL}\n" in told
    assert "B (uname)" in told


def test_why_is_said_once_in_a_shell_and_the_label_with_each_line() -> None:
    done = run("-c", "set -o trace\nuname\nuname\n")
    assert done.errors.count(WHY) == 1
    assert done.errors.count(f"note: {LABEL}\n") == 2


def test_a_picture_says_it_in_its_title() -> None:
    done = run("-c", "picture 'uname | cat'")
    root = ElementTree.fromstring(done.output)
    title = next(root.iter("{http://www.w3.org/2000/svg}title"))
    assert title.text == f"uname | cat: {LABEL}"


def test_a_trace_file_begins_with_it_and_ends_with_the_shell(tmp_path: Path) -> None:
    done = run("--trace", "events", "-c", "uname | cat; exit 4", directory=tmp_path)
    assert (done.output, done.errors, done.status) == ("Linux\n", WHY, 4)
    told: list[dict[str, Any]] = [json.loads(line) for line in (tmp_path / "events").read_text().splitlines()[1:]]
    assert (told[0]["kind"], told[0]["text"]) == ("note", LABEL)
    assert all({"t", "pid", "name", "kind", "cause"} <= event.keys() for event in told)
    assert (told[-1]["kind"], told[-1]["name"], told[-1]["code"]) == ("exit", "A", 4)


LINES = [
    "uname | cat; (exit 3)",
    "x=$(echo a); cd /; umask 22; f() { echo $x; }; f >/dev/null",
    "cat <<E | wc -c\nhello\nE",
    "sleep 0 & wait; kill -0 $$; no-such-program",
    "! { echo a | (read y; echo $y) | cat; }",
]


@pytest.mark.parametrize("line", LINES)
def test_what_is_announced_is_what_an_observer_sees_of_the_shell(line: str, tmp_path: Path) -> None:
    """Process for process, in the kinds that tell of the wiring; asking in vain is left out, a matter of luck."""
    (tmp_path / "observed").mkdir()
    (tmp_path / "announced").mkdir()
    observed = events(line, tmp_path / "observed", observed=True)
    announced = events(line, tmp_path / "announced", observed=False)
    for rank in {event.pid for event in announced}:
        assert of_the_shell(announced, rank) == of_the_shell(observed, rank)


def of_the_shell(events: list[Event], pid: int) -> list[object]:
    """What the process did as long as it was a copy of the shell's; which child ends first is a matter of luck."""
    done: list[object] = []
    waits: list[tuple[int, int | None]] = []
    for event in events:
        match event:
            case Event(pid=other) if other != pid:
                pass
            case Write(object=object) if ".pyc" in object:
                pass  # Python keeps a module that it has compiled
            case Fork(child=child):
                done.append(("fork", child))
            case Pipe(read=read, write=write):
                done.append(("pipe", read, write))
            case Write(fd=fd, data=data):
                done.append(("write", fd, data))
            case Wait(child=child, status=status) if child:
                waits.append((child, status))
            case Exit(code=code):
                done.append(("exit", code))
            case Exec(path=path, argv=argv):
                return [*done, ("exec", path, argv), sorted(waits)]
    return [*done, sorted(waits)]


@pytest.mark.parametrize(
    ("line", "output", "status", "cause"),
    [
        ("kill -TERM $$", "", 143, "kill -TERM $$"),
        ("exec uname", "Linux\n", 0, "exec uname"),
        ("(cd /no/such); echo on; exit 5", "on\n", 5, "echo on"),
    ],
)
def test_the_line_ends_as_it_does_without(line: str, output: str, status: int, cause: str) -> None:
    done = run("-c", f"trace '{line}'")
    assert (done.output, done.status) == (output, status)
    assert f"[{cause}]" in done.errors


def test_a_full_disk_and_a_reader_that_leaves() -> None:
    done = run("-c", "trace -o /dev/full 'uname'; echo $?")
    assert done.output == "Linux\n0\n"
    assert done.errors.endswith("trace: No space left on device: what follows is not told; the line itself goes on\n")
    assert run("-c", "{ trace 'seq 9; (exit 3)' 2>&1 >/dev/null; echo $? >&2; } | head -n 1").errors == "3\n"


def test_nothing_is_left_of_it(tmp_path: Path) -> None:
    """Neither a file nor a descriptor, and the shell's own kernel is back."""
    script = (
        "ls /proc/$$/fd >before; trace -o /dev/null 'echo a | cat'; ls /proc/$$/fd >after; cmp before after; uname"
    )
    done = shells.run(
        *("-c", script),
        directory=tmp_path,
        first=refuses_ptrace(),
        environment=shells.clean_environment(TMPDIR=str(tmp_path)),
    )
    assert (done.output, done.errors, done.status) == ("a\nLinux\n", WHY, 0)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["after", "before"]
