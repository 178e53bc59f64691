"""The observer and strace watch the same programs: each process must have done the same, in the same order.

They watch two different runs, so times, pids and what is a matter of luck are left out: where a signal finds a
process, whether it came to its pause before, how often somebody asked in vain, which of two dead children is found
first.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections import defaultdict
from dataclasses import replace
from itertools import groupby
from pathlib import Path

import pytest

from minishell.trace import marks, strace
from minishell.trace.event import Begin, Chdir, Event, Inherit, Mark, Open, Pause, Signal, Wait, as_json
from minishell.trace.names import FILE_SIGN, letter, stable
from minishell.trace.observer import observe, observe_script

EXAMPLES = sorted((Path(__file__).parent / "examples").glob("*.py"))
PSEUDO_TERMINAL = re.compile(r"/dev/pts/\d+")  # which one is free is a matter of luck
LINES = [
    "ls / | wc -l",
    "echo one; (echo two; exit 3); echo $?",
    "cat < /etc/passwd > /dev/null & wait",
    "true && false || kill -TERM $$",
    "nosuch-command; echo $?",
    "echo a | cat | cat >> /dev/null 2>&1",
]


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda path: path.stem)
@pytest.mark.parametrize("controlled", [True, False], ids=["controlled", "free"])
def test_a_script_seen_by_both(example: Path, controlled: bool, tmp_path: Path) -> None:
    ours = observe_script(str(example), controlled=controlled)
    log = logged([sys.executable, marks.__file__, str(example)], tmp_path)
    assert by_process(ours.events) == by_process(log.events)
    assert log.passed_over == []


@pytest.mark.parametrize("line", LINES)
def test_a_line_of_dash_seen_by_both(line: str, tmp_path: Path) -> None:
    ours = observe(["dash", "-c", line])
    log = logged(["dash", "-c", line], tmp_path)
    assert by_process(ours.events) == by_process(log.events)
    assert log.passed_over == []


def logged(argv: list[str], folder: Path) -> strace.Reader:
    """What strace writes about this program, with the same standard descriptors as the observer gives it."""
    log = folder / "log"
    source, output = (os.memfd_create(f"{FILE_SIGN}{name}") for name in ("input", "output"))
    try:
        subprocess.run(
            [*strace.COMMAND, "-o", log, *argv],
            stdin=source,
            stdout=output,
            stderr=output,
            start_new_session=True,
            timeout=30,
            check=False,
        )
    finally:
        os.close(source)
        os.close(output)
    with log.open() as lines:
        return strace.Reader(lines)


def by_process(events: tuple[Event, ...]) -> dict[str, list[str]]:
    """What each process did, as far as two runs have to agree."""
    did: dict[str, list[Event]] = defaultdict(list)
    for event in stable(strace.canonical(events)):
        if not depends_on_luck(event):
            did[letter(event.pid)].append(event)
    return {name: list(in_fixed_order(own)) for name, own in did.items()}


def depends_on_luck(event: Event) -> bool:
    match event:
        case Begin() | Inherit():  # strace says nothing of what was there before
            return True
        case Pause() | Mark() | Signal(sig="SIGCHLD") | Wait(child=0, errno=""):
            return True
    return event.errno == "EINTR"


def in_fixed_order(events: list[Event]) -> list[str]:
    """The events as text; waits for any child that follow each other in the order of the children."""
    told = []
    for kind, run in groupby(events, key=lambda event: event.kind):
        texts = [PSEUDO_TERMINAL.sub("/dev/pts/N", as_json(without_luck(event))) for event in run]
        told += sorted(texts) if kind == "wait" else texts
    return told


def without_luck(event: Event) -> Event:
    """Without what only one of the two knows (what a signal would do, where a relative path leads), and the cause."""
    if isinstance(event, Signal):
        event = replace(event, action="")
    if isinstance(event, Open) and event.call == "ioctl":  # strace does not say what TIOCGPTPEER gives
        event = replace(event, object="")
    if isinstance(event, Chdir):
        event = replace(event, cwd="")
    return replace(event, cause="")
