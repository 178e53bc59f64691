"""From what a box left to a verdict and a sentence that helps.

This runs in the trusted process, on bytes, a wait status and events.  Nothing that a submission prints is parsed for
a verdict, and a check that could not be made is never passed.
"""

from __future__ import annotations

import os
import signal
from dataclasses import dataclass
from typing import TYPE_CHECKING

from minishell.classroom import checks
from minishell.classroom.seen import Seen, line_of
from minishell.classroom.text import visible

if TYPE_CHECKING:
    from minishell.classroom.box import Remains
    from minishell.classroom.spec import Case, Expected

PASS, FAIL, CRASH, TIMEOUT, MEMORY = "pass", "fail", "crash", "timeout", "memory"
OUTPUT_LIMIT, PROCESS_LIMIT, LEFTOVER, INVALID, INTERNAL = (
    "output-limit",
    "process-limit",
    "leftover",
    "invalid",
    "internal-error",
)
VERDICTS = (PASS, FAIL, CRASH, TIMEOUT, MEMORY, OUTPUT_LIMIT, PROCESS_LIMIT, LEFTOVER, INVALID, INTERNAL)
NOT_CHECKED = "not checked"


@dataclass(frozen=True)
class Judged:
    """The verdict of one case, why, and where: the line of the submission (0: not known)."""

    verdict: str
    sentence: str = ""
    line: int = 0
    event: int = -1  # the number of the event that is to blame; -1: none
    expected: str = ""
    actual: str = ""


def judge(case: Case, remains: Remains) -> Judged:
    """What to say of a run."""
    ending = limit_passed(remains) or badly_ended(case.expect, remains)
    return (
        ending or left_something(case.expect, remains) or printed(case.expect, remains) or did(case.expect, remains)
    )


def limit_passed(remains: Remains) -> Judged | None:
    """A limit was passed, or the box itself failed."""
    sentences = {
        TIMEOUT: "it was still running when its time was over: does a process wait for something that never comes?",
        OUTPUT_LIMIT: "it printed far more than any solution has to",
        MEMORY: "it used more memory than it may",
        PROCESS_LIMIT: "it made more processes than it may: does every child leave by os._exit?",
    }
    if remains.passed:
        return Judged(remains.passed, sentences[remains.passed], actual=shown(remains.output))
    if remains.status is None:
        return Judged(INTERNAL, f"the box failed: {remains.trouble}")
    return None


def badly_ended(expect: Expected, remains: Remains) -> Judged | None:
    """The first process did not end as it should."""
    assert remains.status is not None
    code = os.waitstatus_to_exitcode(remains.status)
    actual = signal.Signals(-code).name if code < 0 else code
    if actual == expect.exit:
        return None
    said = last_line(remains.errors)
    if code < 0:
        return Judged(CRASH, f"it was ended by {actual}" + said, expected=str(expect.exit), actual=str(actual))
    if b"Traceback (most recent call last)" in remains.errors:
        return Judged(CRASH, f"it ended with an exception{said}", traceback_line(remains.errors))
    return Judged(
        FAIL, f"it ended with status {actual}, not {expect.exit}{said}", expected=str(expect.exit), actual=str(actual)
    )


def left_something(expect: Expected, remains: Remains) -> Judged | None:
    """Processes were still there when the first one had ended."""
    if expect.left is None or remains.left_count == expect.left:
        return None
    zombies = sum(each.state == "Z" for each in remains.left)
    running = remains.left_count - zombies
    parts = [checks.plural(running, "running process", "running processes")] if running else []
    parts += [f"{checks.plural(zombies, 'zombie', 'zombies')} (nobody waited for them)"] if zombies else []
    seen = Seen(remains.events or ())
    fork = next((fork for fork in reversed(seen.forks) if seen.waited_for(fork.child) is None), None)
    sentence = f"it ended and left behind {' and '.join(parts)}"
    return Judged(LEFTOVER, sentence, line_of(fork), -1 if fork is None else seen.place(fork))


def printed(expect: Expected, remains: Remains) -> Judged | None:
    """The output is not what it should be."""
    if expect.stdout is not None and remains.output != expect.stdout.encode():
        return differs(expect.stdout, remains.output)
    if expect.lines is not None:
        wanted = "".join(f"{line}\n" for line in sorted(expect.lines))
        got = b"".join(line + b"\n" for line in sorted(remains.output.splitlines()))
        if got != wanted.encode():
            return differs(wanted, got)
    return None


def differs(wanted: str, got: bytes) -> Judged:
    """The first thing that is different, and a guess at the reason where one is near."""
    expected, actual = wanted, got.decode("utf-8", "backslashreplace")
    if actual == expected * 2:
        sentence = (
            "everything is printed twice: did the child run on into the parent's code, or inherit a full buffer?"
        )
    elif not actual:
        sentence = "it printed nothing"
    elif actual.split() == expected.split():
        sentence = "the words are right, the blanks or line ends between them are not"
    elif sorted(actual.splitlines()) == sorted(expected.splitlines()):
        sentence = "the lines are right, their order is not"
    else:
        number, want, have = first_difference(expected, actual)
        sentence = f"line {number} of the output is {visible(have)}, and should be {visible(want)}"
    return Judged(FAIL, sentence, expected=expected, actual=shown(got))


def first_difference(expected: str, actual: str) -> tuple[int, str, str]:
    """The number of the first line that differs, as it should be and as it is."""
    want, have = expected.split("\n"), actual.split("\n")
    for number in range(max(len(want), len(have))):
        pair = (want[number] if number < len(want) else "", have[number] if number < len(have) else "")
        if pair[0] != pair[1]:
            return number + 1, *pair
    return 0, "", ""


def did(expect: Expected, remains: Remains) -> Judged:
    """The processes did what they should; the last question, so that this is a pass if they did."""
    if not expect.checks:
        return Judged(PASS)
    if remains.events is None:
        return Judged(INTERNAL, f"{NOT_CHECKED}: nobody could watch the processes here (minishell-class doctor)")
    seen = Seen(remains.events)
    for text in expect.checks:
        try:
            checks.parse(text)(seen)
        except checks.Unmet as unmet:
            place = -1 if unmet.event is None else seen.place(unmet.event)
            return Judged(FAIL, str(unmet), line_of(unmet.event), place, expected=text)
    return Judged(PASS)


def last_line(errors: bytes) -> str:
    """What it said last on standard error, as the end of a sentence."""
    lines = errors.decode("utf-8", "backslashreplace").strip().splitlines()
    return f": {visible(lines[-1])}" if lines else ""


def traceback_line(errors: bytes) -> int:
    """The last line of the submission that a traceback names; 0 if there is none."""
    lines = [line for line in errors.splitlines() if line.startswith(b'  File "/sub/')]
    try:
        return int(lines[-1].rpartition(b"line ")[2].split(b",")[0])
    except (IndexError, ValueError):
        return 0


def shown(output: bytes) -> str:
    return output.decode("utf-8", "backslashreplace")
