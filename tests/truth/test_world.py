"""The World, rebuilt from events alone, is at every stop what /proc shows."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from minishell.trace import observer
from minishell.trace.observer import observe, observe_script
from minishell.trace.world import World
from tests import shells
from tests.truth.lines import EXAMPLES as EXAMPLE_LINES
from tests.truth.lines import lines, prepared
from tests.truth.worlds import Compared

EXAMPLES = sorted((Path(__file__).parent / "examples").glob("*.py"))


@pytest.fixture
def compared(monkeypatch: pytest.MonkeyPatch) -> type[Compared]:
    """Every program that is observed is compared."""
    monkeypatch.setattr(observer, "Observer", Compared)
    monkeypatch.setattr(Compared, "found", [], raising=False)
    monkeypatch.setattr(Compared, "counts", Counter(), raising=False)
    return Compared


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda path: path.stem)
def test_scripts(example: Path, compared: type[Compared]) -> None:
    observe_script(str(example), timeout_s=120)
    assert compared.found == []
    assert compared.counts["descriptors"] > 20


@pytest.mark.parametrize(
    ("shell", "line"),
    [("dash", line) for line in lines(60)]
    + [("bash", line) for line in EXAMPLE_LINES[::2]]
    + [("minishell", line) for line in EXAMPLE_LINES[1::2]],
)
def test_lines(shell: str, line: str, compared: type[Compared], tmp_path: Path) -> None:
    inside = prepared(tmp_path)
    observe([*shells.START[shell], "-c", line], cwd=str(inside), env=shells.clean_environment(), timeout_s=120)
    assert compared.found == []
    assert compared.counts["descriptors"] > 5


@pytest.mark.parametrize("line", ["echo a | cat | cat; (exec 3>/dev/null)", "sleep 1 & (sleep 2 &) ; kill $!"])
def test_when_all_have_ended_nothing_is_left(line: str) -> None:
    world = World()
    for event in observe(["sh", "-c", line]).events:
        world.apply(event)
    assert (world.processes, world.pipes, world.foreground) == ({}, {}, {})
