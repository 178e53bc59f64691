"""Every requirement of job control is claimed by a test, and every claim is about a requirement."""

from __future__ import annotations

import ast
from pathlib import Path
from typing import TYPE_CHECKING

from tests.requirements import RACES, REQUIREMENTS

if TYPE_CHECKING:
    from collections.abc import Iterator


def test_every_requirement_has_a_test() -> None:
    claimed = set(claims("requirement"))
    assert sorted(REQUIREMENTS.keys() - claimed) == []
    assert sorted(claimed - REQUIREMENTS.keys()) == []


def test_every_race_has_a_test() -> None:
    claimed = set(claims("race"))
    assert sorted(RACES.keys() - claimed) == []
    assert sorted(claimed - RACES.keys()) == []


def test_a_claim_on_nothing_that_runs_does_not_count() -> None:
    source = "@pytest.mark.requirement(1, 0.2)\ndef test_a(): ...\n@pytest.mark.requirement(3)\ndef helper(): ..."
    assert [*claims_in(source, "requirement")] == [1, 0.2]
    assert [*claims_in(source, "race")] == []


def test_the_numbers_are_those_of_the_list() -> None:
    assert [number for number in REQUIREMENTS if number >= 1] == [*range(1, 79)]


def claims(mark: str) -> Iterator[float]:
    """The numbers that the marks of all tests name."""
    for file in Path(__file__).parent.rglob("test_*.py"):
        yield from claims_in(file.read_text(), mark)


def claims_in(source: str, mark: str) -> Iterator[float]:
    for function in ast.parse(source).body:
        if not isinstance(function, ast.FunctionDef) or not function.name.startswith("test_"):
            continue
        for decorator in function.decorator_list:
            if isinstance(decorator, ast.Call) and ast.unparse(decorator.func) == f"pytest.mark.{mark}":
                yield from [ast.literal_eval(argument) for argument in decorator.args]
