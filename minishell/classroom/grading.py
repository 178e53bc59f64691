"""Grade one submission of one exercise: a self-contained job in, plain data out.

`grade_one` is the seam through which the same grading runs in threads or on other machines: it takes all it needs
with it, runs no line of the submission in its own process, and returns what is wrong instead of raising it.
"""

from __future__ import annotations

import hashlib
import tempfile
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from minishell.classroom import box, verdict
from minishell.classroom.verdict import Judged

if TYPE_CHECKING:
    from minishell.classroom.spec import Case, Exercise

SCHEMA = 1


@dataclass(frozen=True)
class Job:
    """A submission to be graded: the content of its file, or why there is none."""

    submission: str
    exercise: Exercise
    content: bytes | None
    digest: str
    invalid: str = ""
    seed: int = 0
    unsafe: bool = False

    @property
    def key(self) -> str:
        """What has to be equal for a result to be kept: content, exercise and seed."""
        return f"{self.digest} {fingerprint(self.exercise)} {self.seed}"


def fingerprint(exercise: Exercise) -> str:
    """A name for everything about an exercise that a verdict depends on."""
    facts = (
        exercise.id,
        exercise.kind,
        exercise.file,
        exercise.cases,
        exercise.limits,
        sorted(exercise.parameters.items()),
    )
    return hashlib.sha256(repr(facts).encode()).hexdigest()[:16]


def grade_one(job: Job) -> dict[str, Any]:
    """The result of a job, as data for the journal.  Never raises: what goes wrong here is an internal error."""
    if job.content is None:
        judged = [(case, Judged(verdict.INVALID, job.invalid)) for case in job.exercise.cases]
        return result(job, judged)
    judged = []
    for case in job.exercise.for_learner(job.submission, job.seed):
        outcome = attempt(job, case)
        if outcome.verdict == verdict.INTERNAL and not outcome.sentence.startswith(verdict.NOT_CHECKED):
            outcome = attempt(job, case)  # once more: the machine may have had a bad moment
        judged.append((case, outcome))
    return result(job, judged)


def attempt(job: Job, case: Case) -> Judged:
    """Run one case, and judge it."""
    try:
        return verdict.judge(case, run_case(job, case))
    except box.Unsafe as refusal:
        return Judged(verdict.INTERNAL, str(refusal))
    except Exception as problem:  # a mistake of ours must not cost a learner points
        return Judged(verdict.INTERNAL, f"{type(problem).__name__}: {problem}")


def run_case(job: Job, case: Case) -> box.Remains:
    """Run the submission as the case asks."""
    assert job.content is not None
    with tempfile.TemporaryDirectory(prefix="minishell-submission-") as folder:
        lay_out(Path(folder), job.exercise.file, job.content, case)
        task = box.Task(
            folder=Path(folder),
            command=command(job.exercise, case),
            stdin=case.stdin.encode(),
            env=case.env,
            limits=job.exercise.limits,
        )
        return box.run(task, unsafe=job.unsafe)


def lay_out(folder: Path, name: str, content: bytes, case: Case) -> None:
    """What the box shows at /sub: the submission, and the files of the case."""
    folder.chmod(0o755)
    for each, data, mode in (
        (name, content, 0o755),
        *((path, text.encode(), 0o644) for path, text in case.files.items()),
    ):
        path = folder / each
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
        path.chmod(mode)


def command(exercise: Exercise, case: Case) -> list[str]:
    """How the submission is started.  Python scripts run under marks, so that every event knows its line."""
    file = f"{box.SUBMISSION}/{exercise.file}"
    if exercise.kind == "python":
        return [box.PYTHON, "-I", f"{box.KIT}/minishell/trace/marks.py", file, *case.argv]
    return [file, *case.argv]


def result(job: Job, judged: list[tuple[Case, Judged]]) -> dict[str, Any]:
    """One line of the journal."""
    cases = [
        {"name": case.name, "points": case.points if each.verdict == verdict.PASS else 0, "max": case.points}
        | {"visibility": case.visibility}
        | asdict(each)
        for case, each in judged
    ]
    return {
        "schema": SCHEMA,
        "key": job.key,
        "submission": job.submission,
        "exercise": job.exercise.id,
        "verdict": overall([each.verdict for _, each in judged]),
        "score": sum(case["points"] for case in cases),
        "max": job.exercise.points,
        "tier": box.tier(),
        "cases": cases,
    }


def overall(verdicts: list[str]) -> str:
    """The verdict of a submission: what is worst for us first, then the first case that did not pass."""
    if verdict.INTERNAL in verdicts:
        return verdict.INTERNAL
    return next((each for each in verdicts if each != verdict.PASS), verdict.PASS)
