"""The event record and its text form."""

from __future__ import annotations

import json

import pytest

from minishell.trace.event import KINDS, Exec, Exit, Fork, Kill, Read, as_json, from_json, load
from minishell.trace.sinks import dump


def test_an_event_as_text_has_its_kind_its_cause_and_every_field_of_its_kind() -> None:
    event = Fork(time_ns=5, end_ns=9, pid=10, child=11, cause="line 3", call="clone")
    assert json.loads(as_json(event)) == {
        "t": 5,
        "pid": 10,
        "kind": "fork",
        "end_ns": 9,
        "cause": "line 3",
        "call": "clone",
        "errno": "",
        "child": 11,
        "via": "fork",
        "flags": "",
    }


def test_a_view_can_add_what_it_knows() -> None:
    told = as_json(Exit(pid=1, code=0), name="A")
    assert told == '{"t": 0, "pid": 1, "kind": "exit", "name": "A", "cause": "", "errno": "", "code": 0}'


def test_a_kill_says_by_name_for_whom_it_is() -> None:
    targets = (-1, 0, -700, -701, 701, 9)
    events = (Fork(pid=700, child=701), *(Kill(pid=700, target=target, sig="SIGHUP") for target in targets))
    lines = [json.loads(line) for line in dump(events)][2:]
    assert [(line["target"], line["target_name"]) for line in lines] == [
        (-1, "everybody"),
        (0, "its own group"),
        (-700, "the group of A"),
        (-701, "the group of B"),
        (701, "B"),
        (9, "a process outside"),
    ]


def test_a_trace_file_gives_back_what_was_written() -> None:
    events = (Exec(pid=1, path="/bin/ls", argv=("ls", "-l"), misses=2), Read(pid=1, fd=0, count=2, data="é\n"))
    assert load(dump(events)) == events


def test_fields_of_a_later_version_are_passed_over() -> None:
    assert from_json('{"t": 1, "pid": 2, "kind": "exit", "code": 3, "mood": "good"}') == Exit(
        time_ns=1, pid=2, code=3
    )


@pytest.mark.parametrize("text", ['{"minishell-trace": 99}', '{"t": 1}', "7"])
def test_what_is_no_trace_of_this_version_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="not a minishell trace of version 2"):
        load([text])


def test_the_line_is_read_from_the_cause() -> None:
    assert Exit(pid=1, code=0, cause="line 12").line == 12
    assert Exit(pid=1, code=0, cause="span 0 4").line is None


def test_a_write_takes_effect_when_it_begins_and_a_read_when_it_returns() -> None:
    assert Fork(pid=1, child=2, time_ns=3, end_ns=8).moment_ns == 3
    assert Read(pid=1, fd=0, time_ns=3, end_ns=8).moment_ns == 8


PROMISED = """begin inherit fork thread exec exit killed wait pipe dup cloexec close open read write kill signal
    sigaction setpgid setsid tcsetpgrp stop cont chdir umask pause mark note"""


def test_every_kind_has_the_name_that_the_format_promises() -> None:
    assert set(KINDS) == set(PROMISED.split())
