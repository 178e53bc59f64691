"""The lessons: how long `minishell-lessons build` takes, beside what its examples themselves take.

The examples' own time, from the start of each to its end, is what the same build tells (`--times`); on all processors
at once they could not be done in less than that divided by their number.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import time
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from bench.measure import Failed
from bench.rounds import Arena, Measure, Take, Target

if TYPE_CHECKING:
    from collections.abc import Mapping

LESSONS = Path(__file__).parents[1] / "lessons"
EXAMPLES = re.compile(r"([\d.]+) s of examples in ([\d.]+) s")
PAGE = re.compile(r"^ *([\d.]+) s  ", re.MULTILINE)
ALL = "minishell"
ALONE = "its examples"


class Course:
    """A copy of our lessons, built from nothing when first asked for."""

    def __init__(self, scratch: Path) -> None:
        self.folder = scratch / "lessons"
        self.environment = os.environ | {"XDG_CACHE_HOME": str(scratch / "cache")}
        self.said = ""

    def build(self) -> float:
        """Build what is not fresh; the milliseconds from start to end."""
        command = [
            sys.executable,
            "-m",
            "minishell.lessons.command",
            "--lessons",
            str(self.folder),
            "build",
            "--times",
        ]
        begin_ns = time.perf_counter_ns()
        answer = subprocess.run(command, env=self.environment, capture_output=True, text=True, check=False)
        if answer.returncode != 0:
            raise Failed(answer.stdout[-500:] + answer.stderr[-500:])
        self.said = answer.stdout
        return (time.perf_counter_ns() - begin_ns) / 1e6

    def from_nothing(self) -> float:
        """Forget everything, and build."""
        shutil.rmtree(self.folder, ignore_errors=True)
        shutil.rmtree(self.environment["XDG_CACHE_HOME"], ignore_errors=True)
        shutil.copytree(LESSONS, self.folder)
        return self.build()

    def examples_alone(self) -> float:
        """What the examples of the last build took, shared among all processors."""
        if not self.said:
            self.from_nothing()
        found = EXAMPLES.search(self.said)
        assert found is not None
        return float(found[1]) * 1000 / (os.cpu_count() or 1)

    def again(self) -> float:
        """Build when nothing has changed."""
        if not self.folder.exists():
            self.from_nothing()
        return self.build()

    def one_changed(self) -> float:
        """Build when one script has changed."""
        if not self.folder.exists():
            self.from_nothing()
        with next(self.folder.glob("*-fork/*.py")).open("a") as script:
            script.write("\n# changed\n")
        took_ms = self.build()
        ran = [float(seconds) > 0 for seconds in PAGE.findall(self.said)]
        if sum(ran) != 1:
            raise Failed(f"the examples of {sum(ran)} pages ran")
        return took_ms


courses: dict[Path, Course] = {}


def course(arena: Arena) -> Course:
    """The copy that all measures of one bench share."""
    return courses.setdefault(arena.scratch, Course(arena.scratch))


def from_nothing(arena: Arena) -> Mapping[str, Take]:
    """All pages, nothing remembered; and the examples alone."""
    return {ALL: course(arena).from_nothing, ALONE: course(arena).examples_alone}


def again(arena: Arena) -> Mapping[str, Take]:
    """Nothing has changed."""
    return {ALL: partial(course(arena).again)}


def one_changed(arena: Arena) -> Mapping[str, Take]:
    """One script has changed."""
    return {ALL: partial(course(arena).one_changed)}


MEASURES = (
    Measure("lessons", "All lessons from nothing", from_nothing, 1, (Target(1.3, ALONE),)),
    Measure("lessons-fresh", "All lessons, nothing changed", again, 3, (Target(1000),)),
    Measure("lessons-one", "All lessons, one script changed", one_changed, 3),
)
