"""The story: what is told, what is folded, in which words."""

from __future__ import annotations

import pytest

from minishell.record import replace
from minishell.trace import fold
from minishell.trace.event import (
    Begin,
    Close,
    Dup,
    Event,
    Exec,
    Exit,
    Fork,
    Kill,
    Killed,
    Open,
    Pause,
    Pipe,
    Read,
    SigAction,
    Signal,
    Wait,
    Write,
)
from minishell.trace.names import OUTSIDE
from minishell.trace.story import Teller, sentence, story
from minishell.trace.words import quoted

PIPE = "pipe:[7]"


def test_the_story_of_a_pipeline() -> None:
    events = (
        Pipe(pid=50, read=3, write=4, object=PIPE, cause="line 5"),
        Fork(pid=50, child=51, cause="line 7"),
        Dup(pid=51, old=4, new=1, object=PIPE, cause="line 8"),
        Exec(pid=51, path="/bin/ls", argv=("ls",), errno="ENOENT", cause="line 9"),
        Exec(pid=51, path="/usr/bin/ls", argv=("ls",), cause="line 9"),
        Close(pid=50, fd=4, object=PIPE, cause="line 15"),
        Write(pid=51, fd=1, object=PIPE, count=2, data="a\n"),
        Exit(pid=51, code=0),
        Read(pid=50, fd=3, object=PIPE, count=2, data="a\n", blocked=True, cause="line 16"),
        Wait(pid=50, target=-1, child=51, status=0, cause="line 17"),
    )
    text = """
A (python)  pipe() -> pipe 1: read end fd 3, write end fd 4                     [line 5]
A (python)  fork -> new process B, a copy of A with the same open files         [line 7]
B (python)  dup2(4, 1): fd 1 is now pipe 1                                      [line 8]
B (ls)      exec /usr/bin/ls [ls] (found after 1 miss along PATH)               [line 9]
A (python)  closes fd 4 (pipe 1)                                                [line 15]
B (ls)      writes 2 bytes to pipe 1: "a\\n"
B (ls)      exits with 0; the last write end of pipe 1 is gone: readers will see end of file
A (python)  waits; reads 2 bytes from pipe 1: "a\\n"                             [line 16]
A (python)  wait returns: B, exit 0 (raw status 0x0000)                         [line 17]
"""
    assert story(events) == text.strip().split("\n")


def test_what_the_first_process_runs_is_told_where_it_is_known() -> None:
    ends = Exit(pid=5, code=0)
    assert story((ends,)) == ["A  exits with 0"]
    assert story((Begin(pid=5, argv=("/bin/dash", "-c", "x")), ends)) == ["A (dash)  exits with 0"]
    assert story((Begin(pid=5, argv=("/usr/bin/python3.13", "x")), ends)) == ["A (python)  exits with 0"]


def test_what_the_loader_does_is_not_told() -> None:
    events = (
        Exec(pid=5, path="/bin/cat", argv=("cat", "f")),
        Open(pid=5, path="/etc/ld.so.cache", fd=3),
        Close(pid=5, fd=3, object="/etc/ld.so.cache"),
        Read(pid=5, fd=3, object="/usr/lib/x86_64-linux-gnu/libc.so.6", count=832, data="ELF"),
        Open(pid=5, path="/etc/preload", errno="ENOENT"),
        Open(pid=5, path="f", fd=3, object="/home/f"),
        Read(pid=5, fd=3, object="/home/f", count=1, data="x"),
        Exit(pid=5, code=0),
    )
    assert story(events) == [
        "A (cat)  exec /bin/cat [cat f]",
        "A (cat)  opens f as fd 3 to read",
        'A (cat)  reads 1 byte from f: "x"',
        "A (cat)  exits with 0",
    ]


def test_what_the_line_names_is_told_wherever_it_is() -> None:
    events = (
        Exec(pid=5, path="/bin/cat", argv=("cat", "/proc/self/stat", "nosuch")),
        Open(pid=5, path="/proc/self/stat", fd=3, object="/proc/5/stat"),
        Read(pid=5, fd=3, object="/proc/5/stat", count=1, data="x"),
        Close(pid=5, fd=3, object="/proc/5/stat"),
        Open(pid=5, path="nosuch", errno="ENOENT"),
        Exit(pid=5, code=1),
    )
    assert story(events)[1:-1] == [
        "A (cat)  opens /proc/self/stat as fd 3 to read",
        'A (cat)  reads 1 byte from /proc/⟨A⟩/stat: "x"',
        "A (cat)  closes fd 3 (/proc/⟨A⟩/stat)",
        "A (cat)  opens nosuch: fails, ENOENT",
    ]


def test_what_the_loader_reads_where_standard_input_is_closed_is_not_told() -> None:
    libc = "/usr/lib/libc.so.6"
    events = (
        Exec(pid=5, path="/bin/true", argv=("true",)),
        Open(pid=5, path=libc, fd=0, object=libc),
        Read(pid=5, fd=0, object=libc, count=832, data="ELF"),
        Close(pid=5, fd=0, object=libc),
        Exit(pid=5, code=0),
    )
    assert story(events) == ["A (true)  exec /bin/true [true]", "A (true)  exits with 0"]


def test_a_story_in_parts_is_the_same_story() -> None:
    cause = "span 0-5: ./cat"
    events = (
        Fork(pid=5, child=6, cause=cause),
        Exec(pid=6, path="./cat", argv=("./cat", "/proc/self/stat"), cause=cause),
        Open(pid=6, path="/etc/preload", errno="ENOENT", cause=cause),
        Open(pid=6, path="/proc/self/stat", fd=3, object="/proc/6/stat", cause=cause),
        Read(pid=6, fd=3, object="/proc/6/stat", count=1, data="x", cause=cause),
        Close(pid=6, fd=3, object="/proc/6/stat", cause=cause),
        Exit(pid=6, code=0, cause=cause),
    )
    teller = Teller(colour=False, program="minishell")
    parts = [" ".join(line.split()) for event in events for line in teller.tell([event])]
    assert parts == [" ".join(line.split()) for line in Teller(colour=False, program="minishell").tell(events)]
    assert 'B (cat) reads 1 byte from /proc/⟨B⟩/stat: "x" [./cat]' in parts


def test_that_the_shell_reads_its_own_modules_is_not_told() -> None:
    module, cause = fold.__file__, "span 0-4: wait"
    events = (
        Open(pid=5, path=module, fd=3, cause=cause),
        Read(pid=5, fd=3, object=module, count=9, data="x", cause=cause),
        Close(pid=5, fd=3, object=module, cause=cause),
        Exit(pid=5, code=0),
    )
    assert story(events) == ["A (minishell)  exits with 0"]


def test_when_every_attempt_of_an_exec_fails_the_last_one_is_told() -> None:
    missing = [Exec(pid=5, path=f"/{name}/x", argv=("x",), errno="ENOENT") for name in ("a", "b", "c")]
    assert story([*missing, Exit(pid=5, code=127)]) == [
        "A  exec /c/x [x] (after 2 misses along PATH): fails, ENOENT",
        "A  exits with 127",
    ]


def test_a_signal_that_kills_is_told_once() -> None:
    events = (
        Fork(pid=5, child=6),
        Kill(pid=5, target=6, sig="SIGTERM"),
        Signal(pid=6, sig="SIGTERM", sender=5, action="default"),
        Killed(pid=6, sig="SIGTERM"),
    )
    assert story(events)[1:] == ["A  sends SIGTERM to B", "B  is killed by SIGTERM"]


def test_a_call_that_began_again_by_itself_is_told_once() -> None:
    events = (
        Wait(pid=5, target=-1, errno="EINTR", blocked=True),
        Signal(pid=5, sig="SIGCHLD", sender=6, action="default"),
        Wait(pid=5, target=-1, errno="ECHILD"),
    )
    assert story(events) == ["A  wait: there is no child to wait for"]


def test_that_the_shell_looks_whether_a_job_has_ended_is_not_told() -> None:
    looks = Wait(pid=5, target=-1, errno="ECHILD", flags="nohang, untraced")
    a_program = Exec(pid=5, path="/bin/x", argv=("x",))
    assert story([looks, replace(looks, cause="span 0-4: wait")]) == []
    assert story([replace(looks, cause="line 3")]) == [
        "A (python)  wait: there is no child to wait for                                 [line 3]"
    ]
    assert story([a_program, looks])[1:] == ["A (x)  wait: there is no child to wait for"]


def test_many_equal_writes_are_one() -> None:
    prints = [Write(pid=5, fd=1, object="/dev/pts/1", count=1, data=letter) for letter in "abc"]
    assert story(prints) == ['A  writes 3 bytes to the terminal: "abc"']


@pytest.mark.parametrize(
    ("event", "words"),
    [
        (Fork(pid=1, child=0, errno="EAGAIN"), "fork: fails, EAGAIN"),
        (Kill(pid=1, target=OUTSIDE, sig="SIGHUP"), "sends SIGHUP to a process outside"),
        (Kill(pid=1, target=-1, sig="SIGHUP"), "sends SIGHUP to everybody (whom it may send it to)"),
        (Kill(pid=1, target=-2, sig="SIGHUP"), "sends SIGHUP to the group of B"),
        (Kill(pid=1, target=0, sig="SIGHUP"), "sends SIGHUP to its own group"),
        (Signal(pid=1, sig="SIGINT", sender=2, action="handled"), "receives SIGINT from B; its handler runs"),
        (Signal(pid=1, sig="SIGINT", sender=2, action="taken"), "takes SIGINT from B; no handler runs"),
        (
            Signal(pid=1, sig="SIGCHLD", sender=2, action="taken", blocked=True),
            "waits; takes SIGCHLD from B; no handler runs",
        ),
        (SigAction(pid=1, sig="SIGINT", action="ignored"), "from now on SIGINT is ignored"),
        (Wait(pid=1, target=2, child=2, status=0x000F), "wait returns: B, killed by SIGTERM (raw status 0x000f)"),
        (Wait(pid=1, target=2, child=2, status=0x137F), "wait returns: B, stopped by SIGSTOP (raw status 0x137f)"),
        (Wait(pid=1, target=-1), "wait returns at once: no child has ended yet"),
        (Read(pid=1, fd=0, object="pipe 1", count=0), "reads END OF FILE from pipe 1"),
        (Open(pid=1, path="x", errno="EACCES"), "opens x: fails, EACCES"),
        (Close(pid=1, fd=3, last=5), "closes every descriptor from 3 to 5"),
        (Close(pid=1, fd=3, last=2147483647), "closes every descriptor from 3 on"),
        (Pause(pid=1), "sleeps until a signal comes"),
    ],
)
def test_a_sentence(event: Event, words: str) -> None:
    assert sentence(event) == words


def test_data_is_quoted_on_one_line_and_cut() -> None:
    assert quoted('a"b\n') == r'"a\"b\n"'
    assert quoted("x" * 50, 10) == '"xxxxxxx…"'


def told_at(columns: int, *events: Event) -> list[str]:
    teller = Teller(program="minishell")
    teller.columns = columns
    return teller.tell(events)


FORKS = Fork(pid=5, child=6, cause="span 0-7: sleep 9")


def test_on_a_terminal_the_cause_stands_at_the_right_edge() -> None:
    assert told_at(100, FORKS) == [
        "A (minishell)  fork -> new process B, a copy of A with the same open files                 [sleep 9]"
    ]
    assert len(told_at(300, FORKS)[0]) == 110


def test_on_a_narrow_terminal_a_sentence_goes_on_below_itself() -> None:
    assert told_at(80, FORKS) == [
        "A (minishell)  fork -> new process B, a copy of A with the same open files",
        "                                                                       [sleep 9]",
    ]
    assert told_at(60, FORKS) == [
        "A (minishell)  fork -> new process B, a copy of A with the",
        "               same open files                     [sleep 9]",
    ]
    long = Write(pid=5, fd=1, object="/dev/pts/1", count=90, data="x" * 90, cause=f"span 0-90: echo {'x' * 85}")
    told = told_at(50, long)
    assert max(map(len, told)) <= 50
    assert told[-1].endswith("xxxx…]")


def test_colours_are_asked_for_and_never_given_against_no_color(monkeypatch: pytest.MonkeyPatch) -> None:
    events = (Exit(pid=5, code=0),)
    monkeypatch.delenv("NO_COLOR", raising=False)
    assert story(events, colour=True) == ["\033[36mA\033[0m  exits with 0"]
    monkeypatch.setenv("NO_COLOR", "1")
    assert story(events, colour=True) == ["A  exits with 0"]
