"""What explain foretells is what trace then sees: processes, parentage, arguments, descriptors, groups, statuses."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.truth.foretold import compare
from tests.truth.lines import lines

if TYPE_CHECKING:
    from pathlib import Path

LINES = lines(80)


@pytest.mark.parametrize("line", LINES)
@pytest.mark.parametrize("options", ["", "set -m"], ids=["", "monitor"])
def test_what_was_foretold_has_happened(line: str, options: str, tmp_path: Path) -> None:
    _, differences = compare(line, tmp_path, options=options)
    assert differences == []
