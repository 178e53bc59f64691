"""The example scripts, watched: against strace, and against themselves."""

from __future__ import annotations

import sys
from pathlib import Path

from minishell.show.timeline import timeline
from minishell.trace import marks
from minishell.trace.observer import observe_script
from minishell.trace.story import story
from tests.shells import TIMEOUT_S
from tests.truth.canonical import by_process, differences
from tests.truth.witness import logged

EXAMPLES = sorted(map(str, (Path(__file__).parent / "examples").glob("*.py")))
BUILDS = 10


def against_strace(script: str, folder: Path, *, controlled: bool = True) -> tuple[int, list[str]]:
    """How many events both witnesses have seen, and where they do not agree."""
    ours = by_process(observe_script(script, controlled=controlled, timeout_s=TIMEOUT_S).events)
    log = logged([sys.executable, marks.__file__, script], folder)
    not_understood = [f"not understood: {text}" for text in log.passed_over]
    return sum(map(len, ours.values())), not_understood + differences(ours, by_process(log.events))


def builds_alike(script: str, folder: Path) -> tuple[int, list[str]]:
    """Under the controlled schedule output, story and picture are the same to the byte in every build."""
    runs = [observe_script(script, timeout_s=TIMEOUT_S) for _ in range(BUILDS)]
    outputs = {run.output for run in runs}
    stories = {"\n".join(story(run.events)) for run in runs}
    pictures = {timeline(run.events, Path(script).stem) for run in runs}
    made = {"outputs": len(outputs), "stories": len(stories), "pictures": len(pictures)}
    return len(runs[0].events), [f"{number} different {name}" for name, number in made.items() if number > 1]
