"""The observer and strace watch the same programs: each process must have done the same, in the same order."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.truth.lines import lines
from tests.truth.scripts_seen import EXAMPLES, against_strace
from tests.truth.witness import compare


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda path: Path(path).stem)
@pytest.mark.parametrize("controlled", [True, False], ids=["controlled", "free"])
def test_a_script_seen_by_both(example: str, controlled: bool, tmp_path: Path) -> None:
    _, differences = against_strace(example, tmp_path, controlled=controlled)
    assert differences == []


@pytest.mark.parametrize("line", lines(60))
def test_a_line_of_dash_seen_by_both(line: str, tmp_path: Path) -> None:
    _, differences = compare(line, tmp_path, shell="dash", controlled=False)
    assert differences == []


@pytest.mark.parametrize("line", lines(60)[::6])
def test_a_line_of_minishell_seen_by_both(line: str, tmp_path: Path) -> None:
    _, differences = compare(line, tmp_path, shell="minishell", controlled=True)
    assert differences == []
