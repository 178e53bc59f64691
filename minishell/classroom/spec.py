"""An exercise as its author writes it: a folder with `exercise.toml`, `text.rst`, `starter/`, `solution/`, `wrong/`.

`load` reads the folder and refuses what it does not understand: a misspelt key would be a check that nobody makes.
"""

from __future__ import annotations

import difflib
import random
import tomllib
from dataclasses import dataclass, field, fields, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from minishell.classroom import checks
from minishell.classroom.limits import Limits

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

FILE = "exercise.toml"
KINDS = ("python", "program")
Record = TypeVar("Record")
VISIBLE, HIDDEN = "visible", "hidden"


class Faulty(Exception):
    """An exercise is not written as it should be; the text says where and what to do."""


@dataclass(frozen=True)
class Expected:
    """What a run has to come to.  `stdout` is compared byte for byte; None: anything may be printed."""

    stdout: str | None = None
    lines: tuple[str, ...] | None = None  # these lines, in any order
    exit: int | str = 0  # a number, or the name of the signal that ends it
    left: int | None = 0  # processes and zombies left behind; None: any
    checks: tuple[str, ...] = ()


@dataclass(frozen=True)
class Case:
    """One run of a submission."""

    name: str
    points: float = 1
    visibility: str = VISIBLE
    argv: tuple[str, ...] = ()
    stdin: str = ""
    env: Mapping[str, str] = field(default_factory=dict)
    files: Mapping[str, str] = field(default_factory=dict)
    expect: Expected = Expected()


@dataclass(frozen=True)
class Wrong:
    """A wrong answer, the verdict that it must get, and words that the verdict's sentence must hold."""

    file: Path
    verdict: str
    says: str


@dataclass(frozen=True)
class Exercise:
    """One exercise.  `parameters` are lists of values, of which each learner and case gets one."""

    folder: Path
    id: str
    title: str
    lesson: str
    kind: str
    file: str
    cases: tuple[Case, ...]
    hints: tuple[str, ...] = ()
    beliefs: tuple[int, ...] = ()
    limits: Limits = field(default_factory=Limits)
    parameters: Mapping[str, Sequence[Any]] = field(default_factory=dict)

    @property
    def text(self) -> str:
        """What the learner reads."""
        return (self.folder / "text.rst").read_text()

    @property
    def starter(self) -> Path:
        return self.folder / "starter" / self.file

    @property
    def solution(self) -> Path:
        return self.folder / "solution" / self.file

    @property
    def wrong(self) -> list[Wrong]:
        """The wrong answers; the first line of each says `expect: VERDICT: WORDS` in a comment."""
        return [wrong(file) for file in sorted((self.folder / "wrong").glob(f"*{Path(self.file).suffix}"))]

    @property
    def points(self) -> float:
        return sum(case.points for case in self.cases)

    def for_learner(self, learner: str, seed: int) -> tuple[Case, ...]:
        """The cases with parameters put in: the same for the same seed, learner, exercise and case."""
        return tuple(filled(case, self.chosen(case, learner, seed)) for case in self.cases)

    def chosen(self, case: Case, learner: str, seed: int) -> dict[str, Any]:
        """The values of the parameters in one case."""
        dice = random.Random(f"{seed}/{learner}/{self.id}/{case.name}")
        return {name: dice.choice(list(values)) for name, values in sorted(self.parameters.items())}


def load(folder: Path) -> Exercise:
    """Read an exercise.  Faulty: it is not written as it should be."""
    file = folder / FILE
    try:
        told = tomllib.loads(file.read_text())
    except FileNotFoundError:
        raise Faulty(f"{folder}: there is no {FILE}, so this is no exercise") from None
    except tomllib.TOMLDecodeError as problem:
        raise Faulty(f"{file}: {problem}") from problem
    told |= {"id": folder.name, "folder": folder}
    told["limits"] = record(Limits, told.get("limits", {}), f"{file}: [limits]")
    told["cases"] = tuple(case(each, f"{file}: case {number}") for number, each in enumerate(told.pop("case", []), 1))
    exercise = record(Exercise, told, str(file))
    check(exercise, file)
    return exercise


def case(told: dict[str, Any], where: str) -> Case:
    """One `[[case]]`."""
    expect = record(Expected, told.get("expect", {}), f"{where}: expect")
    return record(Case, told | {"expect": expect}, where)


def record(kind: type[Record], told: dict[str, Any], where: str) -> Record:
    """A dataclass from a table of the file.  Faulty: a key that there is not, or one that is missing."""
    known = {each.name for each in fields(kind)}  # type: ignore[arg-type]
    for key in told:
        if key not in known:
            near = difflib.get_close_matches(key, known, 1)
            raise Faulty(f"{where}: there is no key {key!r}" + (f"; did you mean {near[0]!r}?" if near else ""))
    values = {key: tuple(each) if isinstance(each, list) else each for key, each in told.items()}
    try:
        return kind(**values)
    except TypeError as problem:
        raise Faulty(f"{where}: {str(problem).partition('__init__() ')[2] or problem}") from problem


def check(exercise: Exercise, file: Path) -> None:
    """What cannot be said by types."""
    if exercise.kind not in KINDS:
        raise Faulty(f"{file}: kind is {exercise.kind!r}; it can be {' or '.join(KINDS)}")
    if not exercise.cases:
        raise Faulty(f"{file}: there is no [[case]], so nothing would be checked")
    if len({each.name for each in exercise.cases}) < len(exercise.cases):
        raise Faulty(f"{file}: two cases have the same name")
    for each in exercise.cases:
        for text in each.expect.checks:
            try:
                checks.parse(put_in(text, exercise.chosen(each, "", 0)))
            except checks.Unknown as problem:
                raise Faulty(f"{file}: case {each.name!r}: {problem}") from problem


def filled(case: Case, values: Mapping[str, Any]) -> Case:
    """The case with `{name}` replaced by the value of the parameter, wherever a text stands."""
    expect = case.expect
    return replace(
        case,
        argv=tuple(put_in(word, values) for word in case.argv),
        stdin=put_in(case.stdin, values),
        expect=replace(
            expect,
            stdout=None if expect.stdout is None else put_in(expect.stdout, values),
            lines=None if expect.lines is None else tuple(put_in(line, values) for line in expect.lines),
            checks=tuple(put_in(text, values) for text in expect.checks),
        ),
    )


def put_in(text: str, values: Mapping[str, Any]) -> str:
    """Replace `{name}`; other braces are left alone, since checks have tables in them."""
    for name, value in values.items():
        text = text.replace(f"{{{name}}}", str(value))
    return text


def wrong(file: Path) -> Wrong:
    """A wrong answer and what its first line promises."""
    first = file.read_text().partition("\n")[0].strip("#\"' /*")
    word, _, rest = first.partition(":")
    verdict, _, says = rest.partition(":")
    if word.strip() != "expect" or not verdict.strip():
        raise Faulty(f"{file}:1: the first line has to say `# expect: VERDICT: WORDS OF THE SENTENCE`")
    return Wrong(file, verdict.strip(), says.strip())


def find(top: Path) -> list[Exercise]:
    """All exercises in a folder: itself, if it is one, or those below it, in order."""
    if (top / FILE).exists():
        return [load(top)]
    return [load(file.parent) for file in sorted(top.rglob(FILE))]
