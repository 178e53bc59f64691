"""The observer and strace watch the same programs: each process must have done the same, in the same order.

They watch two different runs, so times, pids and what is a matter of luck are left out: where a signal finds a process,
whether it came to its pause before, how often somebody asked in vain.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections import defaultdict
from dataclasses import replace
from pathlib import Path

import pytest

from minishell.trace import marks, strace
from minishell.trace.event import Event, Killed, Mark, Pause, Signal, Wait, as_json
from minishell.trace.names import FILE_SIGN, letter, stable
from minishell.trace.observer import observe, observe_script

EXAMPLES = sorted((Path(__file__).parent / "examples").glob("*.py"))
LINES = [
    "ls / | wc -l",
    "echo one; (echo two; exit 3); echo $?",
    "cat < /etc/passwd > /dev/null & wait",
    "true && false || kill -TERM $$",
    "nosuch-command; echo $?",
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
    did: dict[str, list[str]] = defaultdict(list)
    for event in stable(strace.canonical(events)):
        polled = isinstance(event, Wait) and not event.child and not event.errno
        if polled or isinstance(event, Pause | Mark) or event.errno == "EINTR":
            continue
        if isinstance(event, Signal):
            if event.signal == "SIGCHLD":
                continue
            event = replace(event, action="")
        if isinstance(event, Signal | Killed):
            event = replace(event, cause="")
        did[letter(event.pid)].append(as_json(event))
    return dict(did)
