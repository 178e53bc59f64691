"""Checks over events: each is met by the run that it asks for, and says what is wrong with another."""

from __future__ import annotations

import pytest

from minishell.classroom import checks
from minishell.classroom.checks import Unknown, Unmet, parse
from minishell.classroom.seen import Seen
from minishell.trace.event import (
    Begin,
    Dup,
    Event,
    Exec,
    Exit,
    Fork,
    Inherit,
    Kill,
    Killed,
    Pipe,
    Setpgid,
    SigAction,
    Wait,
)


def pipeline(*, reaped: bool = True) -> list[Event]:
    """A makes a pipe and two children; B becomes ls and C wc."""
    events: list[Event] = [
        Begin(pid=10, pgid=10, sid=10, cause="line 1"),
        Inherit(pid=10, fd=0, object="/dev/null"),
        Inherit(pid=10, fd=1, object="the output", mode="write"),
        Pipe(pid=10, read=3, write=4, object="pipe 1", cloexec=True, cause="line 3"),
        Fork(pid=10, child=11, cause="line 5"),
        Fork(pid=10, child=12, cause="line 7"),
        Dup(pid=11, old=4, new=1, object="pipe 1", cause="line 6"),
        Exec(pid=11, path="/usr/bin/ls", argv=("ls", "garden"), cause="line 6"),
        Dup(pid=12, old=3, new=0, object="pipe 1", cause="line 8"),
        Exec(pid=12, path="/usr/bin/wc", argv=("wc", "-l"), cause="line 8"),
        Exit(pid=11, code=0),
        Exit(pid=12, code=0),
        Wait(pid=10, target=-1, child=11, status=0, cause="line 9"),
    ]
    last = [Wait(pid=10, target=-1, child=12, status=0, cause="line 9")] if reaped else []
    return [*events, *last, Exit(pid=10, code=0)]


def said(text: str, events: list[Event]) -> str:
    """The sentence of a check that is not met."""
    with pytest.raises(Unmet) as caught:
        parse(text)(Seen(events))
    return str(caught.value)


@pytest.mark.parametrize(
    "text",
    [
        "created(2)",
        "children(2)",
        "depth(1)",
        "reaped()",
        "overlap('ls', 'wc')",
        "ran('ls')",
        "no_exec('sh')",
        "argv('wc', ['wc', '-l'])",
        "status('wc', 0)",
        "fd_at_exec('ls', {1: pipe('write'), 0: '/dev/null'}, nothing_else=True)",
        "fd_at_exec('wc', {0: pipe('read'), 1: 'the output'}, nothing_else=True)",
        "used('pipe')",
        "not_used('kill')",
        "before(('exec', 'ls'), ('exit', 'wc'))",
        "left_over(0)",
        "waits_in_order_of_ends()",
    ],
)
def test_a_run_that_does_what_is_asked_meets_the_check(text: str) -> None:
    parse(text)(Seen(pipeline()))


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("created(3)", "2 processes were made, and the task asks for 3"),
        ("children(1)", "your process has 2 children; the task asks for 1"),
        ("depth(2)", "the deepest process is 1 generation below yours; the task asks for 2"),
        ("ran('sh')", "sh was run no times; the task asks for 1"),
        ("no_exec()", "B became ls, which this task does without"),
        ("argv('wc', ['wc'])", "wc was given the words ['wc', '-l'], not ['wc']"),
        ("status('ls', 1)", "ls ended with 0; the task asks for status 1"),
        ("killed_by('ls', 'SIGPIPE')", "ls ended with 0; it should be ended by SIGPIPE"),
        (
            "fd_at_exec('ls', {1: pipe('read')})",
            "ls begins with descriptor 1 meaning pipe 1; it should be the read end of a pipe",
        ),
        ("fd_at_exec('ls', {5: ''})", "ls begins with descriptor 5 closed"),
        (
            "fd_at_exec('ls', {1: ''}, nothing_else=True)",
            "ls begins with descriptor 0 open (/dev/null), and has no use for it",
        ),
        ("used('dup', 3)", "dup was used 2 times; the task needs 3"),
        ("not_used('fork')", "fork is not to be used here"),
        ("opened('notes')", "nobody opened notes"),
        ("handled('SIGTERM')", "no process has SIGTERM handled"),
        ("sent('SIGTERM')", "nobody sent SIGTERM"),
        ("before(('exit', 'wc'), ('exec', 'ls'))", "exec of ls came before exit of wc"),
        ("group_of_its_own('ls')", "ls is in group A, not in one of its own"),
        ("wrote('x')", "'x' was written no times; the task asks for 1"),
    ],
)
def test_a_run_that_does_not_is_told_what_it_does_instead(text: str, sentence: str) -> None:
    assert said(text, pipeline()) == sentence


def test_who_was_not_waited_for_is_named_with_the_line_of_its_fork() -> None:
    with pytest.raises(Unmet) as caught:
        checks.reaped(Seen(pipeline(reaped=False)))
    assert str(caught.value) == "nobody waited for C: its parent A never collected its status"
    assert caught.value.event is not None
    assert caught.value.event.cause == "line 7"


def test_programs_that_run_one_after_the_other_do_not_overlap() -> None:
    events = pipeline()
    early = next(event for event in events if isinstance(event, Exit))
    events.remove(early)
    events.insert(8, early)
    assert said("overlap('ls', 'wc')", events) == "ls had ended before wc began: they have to run at the same time"


def test_a_signal_before_its_handler_is_too_early() -> None:
    early: list[Event] = [
        Begin(pid=10),
        Fork(pid=10, child=11),
        Kill(pid=10, target=11, sig="SIGUSR1"),
        SigAction(pid=11, sig="SIGUSR1", action="handled"),
    ]
    assert said("sent_when_ready('SIGUSR1')", early) == "SIGUSR1 was sent to B before that was ready for it"
    parse("sent_when_ready('SIGUSR1')")(Seen([early[0], early[1], early[3], early[2]]))


def test_a_group_has_to_be_set_on_both_sides() -> None:
    events = pipeline()
    events[6:6] = [Setpgid(pid=11, target=0, pgid=11)]
    assert said("set_on_both_sides('ls')", events).startswith("the parent never calls setpgid for ls")
    events[6:6] = [Setpgid(pid=10, target=11, pgid=11)]
    parse("set_on_both_sides('ls')")(Seen(events))
    parse("group_of_its_own('ls')")(Seen(events))


def test_who_still_runs_at_the_end_is_counted() -> None:
    events: list[Event] = [Begin(pid=10), Fork(pid=10, child=11), Exit(pid=10, code=0), Killed(pid=11, sig="SIGKILL")]
    assert said("left_over(0)", events) == "1 process was still running when your process had ended"


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("createt(2)", "there is no check createt"),
        ("created", "a check is a call"),
        ("created(2, 3)", "too many positional arguments"),
        ("created(1 + 1)", "an argument is a number, a text, a list, a table or pipe(…)"),
        ("created(__import__('os').getpid())", "an argument is a number"),
        ("created(", "was never closed"),
    ],
)
def test_a_check_that_there_is_not_is_refused_and_nothing_is_run(text: str, problem: str) -> None:
    with pytest.raises(Unknown, match=problem.replace("(", r"\(").replace(")", r"\)")):
        parse(text)
