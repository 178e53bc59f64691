"""Fill or check many pages: one process for each, several at a time, all problems collected.

A process for each page because cog stops at its first bad page, is not thread-safe, and would be copied
by a fork.
"""

import compileall
import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import minishell
from minishell.lessons import cache

PAGES_PER_PROCESSOR = 2  # examples wait more than they work: for each other, for a terminal, for an alarm
Mode = Literal["build", "check"]
State = Literal["fresh", "filled", "stale", "unstable", "failed"]


@dataclass(frozen=True)
class Verdict:
    """What became of one page.  `report` is the diff of a stale page, or the problems of another.  A page is
    unstable if it differs from itself, run twice, and has no other problem.

    `kept`: outputs that could not be made here, and stay as they were recorded.  `ran_s`: how long its examples ran,
    from the start of each to its end.
    """

    page: Path
    state: State
    report: str
    kept: Sequence[str] = ()
    ran_s: float = 0.0


def go_through(pages: Sequence[Path], mode: Mode, progress: Callable[[int, Path], None]) -> list[Verdict]:
    """Every page's verdict, in the order of `pages`; `progress(done, page)` is called as each one ends."""
    compileall.compile_dir(os.path.dirname(minishell.__file__), quiet=2)  # else a picture shows how modules are read
    with ThreadPoolExecutor(PAGES_PER_PROCESSOR * (os.cpu_count() or 1)) as workers:
        waiting = {workers.submit(one, page, mode): page for page in pages}
        for done, future in enumerate(as_completed(waiting), 1):
            progress(done, waiting[future])
        return [future.result() for future in waiting]


def one(page: Path, mode: Mode) -> Verdict:
    """Fill or check one page in a process of its own; a page to fill that was fresh as it is now needs none."""
    if mode == "build" and cache.is_fresh(page):
        return Verdict(page, "fresh", "")
    answer = subprocess.run(
        [sys.executable, "-m", "minishell.lessons.onepage", shown(page), mode],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    if answer.returncode != 0:
        return Verdict(page, "failed", f"{shown(page)}: {answer.stderr.strip()}")
    verdict = Verdict(page, **json.loads(answer.stdout))
    if verdict.state in ("fresh", "filled") and not verdict.kept:
        cache.note_fresh(page)
    return verdict


def shown(path: Path) -> str:
    """The path as a message gives it: relative where that is shorter."""
    return str(path.relative_to(Path.cwd())) if path.is_relative_to(Path.cwd()) else str(path)


def progress_bar(total: int) -> Callable[[int, Path], None]:
    """A function that redraws one line on standard error; a silent one if that is not a terminal."""
    if not sys.stderr.isatty():
        return lambda done, page: None

    def draw(done: int, page: Path) -> None:
        bar = "█" * (20 * done // total)
        end = "\n" if done == total else ""
        print(f"\r\x1b[K{bar:░<20} {done}/{total}  {page.parent.name}", end=end, file=sys.stderr, flush=True)

    return draw


def times(verdicts: Sequence[Verdict], took_s: float) -> Iterator[str]:
    """How long the examples of each page ran, the longest first, and how long all took together."""
    for verdict in sorted(verdicts, key=lambda verdict: -verdict.ran_s):
        yield f"{verdict.ran_s:7.2f} s  {shown(verdict.page)}"
    ran_s = sum(verdict.ran_s for verdict in verdicts)
    yield f"{ran_s:7.2f} s of examples in {took_s:.2f} s on {os.cpu_count()} processors"


def lines(verdicts: Sequence[Verdict], *, diff: bool) -> Iterator[str]:
    """The report: problems first, then stale pages, then one line of totals."""
    for verdict in verdicts:
        if verdict.state in ("failed", "unstable"):
            yield verdict.report
        elif verdict.state == "stale":
            yield f"{shown(verdict.page)}: stale: minishell-lessons build writes what was run now"
            if diff:
                yield verdict.report
        yield from verdict.kept
    states = [verdict.state for verdict in verdicts]
    yield ", ".join(f"{states.count(state)} {state}" for state in dict.fromkeys(states))
