"""minishell with a sidecar that compares the World with /proc at each stop.

`python -m tests.truth.beside FILE ARGUMENT…` writes to FILE what was compared how often, and what differed.
"""

from __future__ import annotations

import json
import sys
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

from minishell.cli import main
from minishell.trace import beside
from minishell.trace.event import Begin
from tests.truth.worlds import Compared

if TYPE_CHECKING:
    from minishell.trace.tracee import Tracee


class ComparedBeside(Compared, beside.Beside):
    """The observer beside the shell, comparing."""

    report: Path
    begun = False

    def compare(self, current: Tracee) -> None:
        """From the shell's mark on, for what there was before is told then, until the shell is let go."""
        self.begun = self.begun or any(isinstance(event, Begin) for event in self._seen)
        if self.begun and current.tid in self._tracees:
            super().compare(current)

    def _flush(self) -> None:
        self.catch_up()
        super()._flush()
        self._told, self._applied = self._seen, 0  # the World goes on with what is seen next

    def run(self) -> str:
        problem = super().run()
        self.report.write_text(json.dumps({"problem": problem, "found": self.found, "counts": self.counts}))
        return problem


if __name__ == "__main__":
    ComparedBeside.found, ComparedBeside.counts = [], Counter()
    ComparedBeside.report = Path(sys.argv[1]).absolute()
    beside.Beside = ComparedBeside  # type: ignore[misc]
    main(sys.argv[2:])
