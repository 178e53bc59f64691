"""Ten runs of the same program under the controlled schedule tell the same story and draw the same picture."""

from __future__ import annotations

from pathlib import Path

import pytest

from minishell.show.timeline import timeline
from minishell.trace.observer import observe_script
from minishell.trace.story import story

EXAMPLES = sorted((Path(__file__).parent / "examples").glob("*.py"))
RUNS = 10


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda path: path.stem)
def test_ten_runs_are_alike_to_the_byte(example: Path) -> None:
    runs = [observe_script(str(example)) for _ in range(RUNS)]
    assert len({run.output for run in runs}) == 1
    assert len({"\n".join(story(run.events)) for run in runs}) == 1
    assert len({timeline(run.events, example.stem) for run in runs}) == 1
