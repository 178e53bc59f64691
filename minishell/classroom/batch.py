"""Grade a class: find the submissions, run the jobs side by side, write each result down as it comes."""

from __future__ import annotations

import os
from concurrent.futures import FIRST_COMPLETED, Executor, Future, ThreadPoolExecutor, wait
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from minishell.classroom import collect
from minishell.classroom.grading import Job, grade_one

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from minishell.classroom.journal import Journal
    from minishell.classroom.spec import Exercise


@dataclass(frozen=True)
class Wanted:
    """Which submissions of which exercises are to be graded; empty: all."""

    learners: frozenset[str] = frozenset()
    exercises: frozenset[str] = frozenset()
    seed: int = 0
    unsafe: bool = False


def jobs(exercises: Sequence[Exercise], submissions: Path, wanted: Wanted) -> Iterator[Job]:
    """A job for each learner and exercise.  SUBMISSIONS/LEARNER/EXERCISE is a folder, or an archive of that name."""
    for learner in sorted(each for each in os.listdir(submissions) if not each.startswith(".")):
        place = submissions / learner
        if place.is_symlink() or not place.is_dir() or (wanted.learners and learner not in wanted.learners):
            continue
        for exercise in exercises:
            if not wanted.exercises or exercise.id in wanted.exercises:
                yield job(learner, place, exercise, wanted)


def job(learner: str, place: Path, exercise: Exercise, wanted: Wanted) -> Job:
    """What one learner handed in for one exercise, or why that cannot be graded."""
    found = [place / exercise.id, *(place / f"{exercise.id}{suffix}" for suffix in collect.ARCHIVES)]
    content, digest, invalid = None, "", ""
    try:
        handed_in = next((each for each in found if os.path.lexists(each)), None)
        if handed_in is None:
            raise collect.Invalid("nothing was handed in")
        submission = collect.collect(handed_in, exercise.file)
        content, digest = submission.files[exercise.file], submission.digest
    except collect.Invalid as problem:
        invalid = str(problem)
    return Job(learner, exercise, content, digest or invalid, invalid, wanted.seed, wanted.unsafe)


def grade(
    todo: Sequence[Job], journal: Journal, executor: Executor, most: int, told: Callable[[dict[str, Any]], None]
) -> None:
    """Run all jobs that the journal has no result for; at most `most` are under way, so that memory stays flat."""
    left = iter([each for each in todo if not done(each, journal)])
    running: set[Future[dict[str, Any]]] = set()
    while True:
        for each in left:
            running.add(executor.submit(grade_one, each))
            if len(running) >= most:
                break
        if not running:
            return
        ready, running = wait(running, return_when=FIRST_COMPLETED)
        for future in ready:
            result = future.result()
            journal.add(result)
            told(result)


def done(job: Job, journal: Journal) -> bool:
    """The journal has a result of the very same submission, exercise and seed, and it is not an error of ours."""
    result = journal.results.get((job.submission, job.exercise.id))
    return result is not None and result["key"] == job.key and result["verdict"] != "internal-error"


@contextmanager
def executor(workers: int, dask: str) -> Iterator[Executor]:
    """Threads on this machine, which only wait for boxes; or the workers of a Dask scheduler."""
    if not dask:
        with ThreadPoolExecutor(workers, "grader") as threads:
            yield threads
        return
    from distributed import Client

    with Client(dask) as client:
        yield client.get_executor(pure=False)
