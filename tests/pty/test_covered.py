"""Which test holds which requirement: the docstring of each begins with the numbers (R14., R0.3.)."""

from __future__ import annotations

import ast
import re
from pathlib import Path

REQUIREMENTS = {str(number) for number in range(1, 79)} | {f"0.{number}" for number in range(1, 9)}
RACES = {str(number) for number in range(1, 16)}


def test_every_requirement_has_a_test() -> None:
    """All of R0.1 to R0.8 and R1 to R78, and no others."""
    named = {number for text in docstrings() for number in re.findall(r"\bR(\d+(?:\.\d+)?)\b", text.split(". ")[0])}
    assert sorted(REQUIREMENTS - named) == []
    assert sorted(named - REQUIREMENTS) == []


def test_every_race_has_a_test() -> None:
    """The fifteen of section 5."""
    told = " ".join(re.findall(r"Section 5, races? ([\d, and]+)", " ".join(docstrings())))
    assert sorted(RACES - set(re.findall(r"\d+", told)), key=int) == []


def docstrings() -> list[str]:
    """The docstrings of all tests of this directory."""
    files = sorted(Path(__file__).parent.glob("test_*.py"))
    functions = [node for file in files for node in ast.parse(file.read_text()).body if is_test(node)]
    return [ast.get_docstring(function) or "" for function in functions]  # type: ignore[arg-type]


def is_test(node: ast.stmt) -> bool:
    return isinstance(node, ast.FunctionDef) and node.name.startswith("test_")
