"""What became of a cell that was run again, in lines to show."""

import difflib

from minishell.lessons.cells import Cell, Result
from minishell.lessons.reading import DIM, END

GREEN, RED = "\x1b[32m", "\x1b[31m"


def told(cell: Cell, result: Result) -> list[str]:
    """One line if it gave what is recorded; else why not, or what is different."""
    if result.same:
        return [f"{GREEN}✓ run just now: as recorded{END}"]
    if result.problems:
        return [f"{RED}✗ {line}{END}" for problem in result.problems for line in problem.split("\n")]
    diff = list(difflib.unified_diff(cell.recorded.split("\n"), result.output.split("\n"), lineterm="", n=1))[2:]
    return [f"{RED}✗ run just now: not as recorded{END}", *(f"{DIM}{line}{END}" for line in diff or PICTURE)]


PICTURE = ["(the text is the same, a picture is not)"]
