"""Ten runs of the same program under the controlled schedule tell the same story and draw the same picture."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.truth.scripts_seen import EXAMPLES, builds_alike


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda path: Path(path).stem)
def test_ten_builds_are_alike_to_the_byte(example: str, tmp_path: Path) -> None:
    _, differences = builds_alike(example, tmp_path)
    assert differences == []
