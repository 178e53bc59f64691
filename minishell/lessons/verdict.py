"""What became of a cell that was run again, in lines to show."""

import difflib
import textwrap

from minishell.lessons.cells import Cell, Result
from minishell.lessons.reading import DIM, END

WRAPPER = textwrap.TextWrapper(76, break_long_words=False, break_on_hyphens=False)
GREEN, RED = "\x1b[32m", "\x1b[31m"


def told(cell: Cell, result: Result) -> list[str]:
    """One line if it gave what is recorded; else why not, or what is different."""
    if result.same:
        return [f"{GREEN}✓ run just now: as recorded{END}"]
    if result.problems:
        lines = [line for problem in result.problems for line in problem.split("\n")]
        return [f"{RED}✗ {part}{END}" for line in lines for part in WRAPPER.wrap(line) or [""]]
    diff = list(difflib.unified_diff(cell.recorded.split("\n"), result.output.split("\n"), lineterm="", n=1))[2:]
    return [f"{RED}✗ run just now: not as recorded{END}", *(f"{DIM}{line}{END}" for line in diff or PICTURE)]


PICTURE = ["(the text is the same, a picture is not)"]
