"""The World, rebuilt from events alone, is at every stop what /proc shows."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from minishell.trace import observer
from minishell.trace.observer import observe, observe_script
from minishell.trace.world import World
from tests import shells
from tests.truth.lines import FILES, lines
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


@pytest.mark.parametrize("shell", ["dash", "bash", "minishell"])
@pytest.mark.parametrize("line", lines(1000))
def test_lines(shell: str, line: str, compared: type[Compared], tmp_path: Path) -> None:
    for name, text in FILES.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text)
    observe([*shells.START[shell], "-c", line], cwd=str(tmp_path), env=shells.clean_environment(), timeout_s=120)
    assert compared.found == []
    assert compared.counts["descriptors"] > 5


@pytest.mark.parametrize("line", ["echo a | cat | cat; (exec 3>/dev/null)", "sleep 1 & (sleep 2 &) ; kill $!"])
def test_when_all_have_ended_nothing_is_left(line: str) -> None:
    world = World()
    for event in observe(["sh", "-c", line]).events:
        world.apply(event)
    assert (world.processes, world.pipes, world.foreground) == ({}, {}, {})
