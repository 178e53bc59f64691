"""Check an exercise by its own answers: its solution passes, its starter fails, wrong ones get what they promise."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from minishell.classroom.grading import Job, grade_one
from minishell.classroom.report import blamed
from minishell.classroom.spec import Faulty

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from minishell.classroom.spec import Exercise

LEAST_WRONG = 3


def problems(exercise: Exercise, *, repeat: int = 1, unsafe: bool = False) -> Iterator[str]:
    """What is wrong with an exercise, a sentence each."""
    yield from missing(exercise)
    for number in range(repeat):
        learner = f"lint-{number}"
        result = graded(exercise, exercise.solution, learner, unsafe)
        if result["verdict"] != "pass":
            yield f"{place(exercise.solution)}: the solution gets {said(result)}"
        for answer in answers(exercise):
            result = graded(exercise, answer.file, learner, unsafe)
            case = blamed(result)
            if result["verdict"] != answer.verdict or answer.says not in case["sentence"]:
                promised = f"{answer.verdict}: …{answer.says}…"
                yield f"{place(answer.file)}: it gets {said(result)}, and promises {promised}"
    if exercise.starter.exists() and graded(exercise, exercise.starter, "lint", unsafe)["verdict"] == "pass":
        yield f"{place(exercise.starter)}: the starter passes already"


def missing(exercise: Exercise) -> Iterator[str]:
    """Files and words that every exercise needs."""
    if not (exercise.folder / "text.rst").exists() or not exercise.text.strip():
        yield f"{exercise.folder.name}: text.rst is missing or empty"
    for file in (exercise.starter, exercise.solution):
        if not file.exists():
            yield f"{place(file)}: there is no such file"
    if not exercise.hints or not all(hint.strip() for hint in exercise.hints):
        yield f"{exercise.folder.name}: an exercise needs hints, and none of them empty"
    if len(answers(exercise)) < LEAST_WRONG:
        yield f"{exercise.folder.name}: {len(answers(exercise))} wrong answers; at least {LEAST_WRONG} are needed"


def answers(exercise: Exercise) -> list[Any]:
    try:
        return list(exercise.wrong)
    except Faulty:
        return []


def graded(exercise: Exercise, file: Path, learner: str, unsafe: bool) -> dict[str, Any]:
    """The result of one of the exercise's own files."""
    return grade_one(
        Job(learner, exercise, file.read_bytes() if file.exists() else None, "", "there is no such file", 0, unsafe)
    )


def said(result: dict[str, Any]) -> str:
    return f"{result['verdict']}: {blamed(result)['sentence'] or 'nothing to say'}"


def place(file: Path) -> str:
    return f"{file.parent.parent.name}/{file.parent.name}/{file.name}"
