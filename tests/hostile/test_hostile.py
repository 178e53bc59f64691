"""Nothing that a submission does forges a verdict, outlives its box, or harms who grades it."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from minishell.classroom import box, groups
from minishell.classroom.grading import Job, grade_one
from minishell.classroom.limits import Limits
from minishell.classroom.spec import Case, Exercise, Expected
from tests.hostile.submissions import SUBMISSIONS, Hostile

if TYPE_CHECKING:
    from pathlib import Path

MANY_PROCESSES = 12
"""Only a control group limits the memory of many processes together."""

LIMITS = Limits(wall_s=6, cpu_s=2, processes=40, memory_bytes=200 << 20)


def task(folder: Path) -> Exercise:
    """Print "ok", and leave nobody behind."""
    case = Case("says ok", expect=Expected(stdout="ok\n"))
    return Exercise(folder, "say-ok", "Say ok", "", "python", "solution.py", (case,), limits=LIMITS)


def groups_left() -> list[str]:
    """Control groups of boxes that this process made."""
    found = groups.available()
    if found is None:
        return []
    folders = {found.pids, found.memory, *([found.killing] if found.killing else [])}
    return [str(each) for folder in folders for each in folder.glob(f"{groups.NAME}-{os.getpid()}-*")]


def boxed_processes() -> list[str]:
    """Processes that still run something of a box."""
    found = []
    for name in filter(str.isdigit, os.listdir("/proc")):
        try:
            with open(f"/proc/{name}/cmdline", "rb") as file:
                words = file.read().split(b"\0")
        except OSError:
            continue
        if b"/sub/solution.py" in words or any(word.endswith(b"/kit/shim.py") for word in words):
            found.append(f"{name}: {words!r}")
    return found


@pytest.mark.skipif(box.tier() < box.USER, reason="needs bubblewrap")
@pytest.mark.parametrize("submission", SUBMISSIONS, ids=lambda each: f"{each.number}-{each.name.replace(' ', '-')}")
def test_a_hostile_submission_gets_its_verdict_and_leaves_nothing(submission: Hostile, tmp_path: Path) -> None:
    job = Job("mallory", task(tmp_path), submission.source.encode(), "digest")
    result = grade_one(job)
    unlimited = ("pass",) if submission.number == MANY_PROCESSES and box.tier() < box.FULL else ()
    assert result["verdict"] in (*submission.verdicts, *unlimited), result["cases"][0]
    assert groups_left() == []
    assert boxed_processes() == []
