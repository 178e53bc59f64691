"""lesson: the tutorial, read and tried in the shell itself."""

from __future__ import annotations

import sys

from minishell.builtins.registry import builtin
from minishell.source import Source

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from minishell.shell import Shell
    from minishell.source import Field

READER = ("-P", "-m", "minishell.lessons.reader")  # -P: a file of the working directory is no module of ours


@builtin("lesson", usage="lesson [--lessons folder] [list | next | name | run name [cell]]")
def lesson(shell: Shell, words: Sequence[Field]) -> int:
    """List the lessons; read one, by its number or name, or the next that was not read; run its cells.

    Space and b turn the pages, Tab goes to the next cell, r runs it and says whether it gave what the page has
    recorded.  Ctrl-Z takes you back to the prompt, and fg back to the lesson, for reading is a job like any other.
    `lesson run name` runs all cells of a lesson.  Where there is no terminal, the lesson is written as text.
    A builtin so that it is there whatever PATH says.
    """
    from minishell.run.pipeline import Stage, finish, start
    from minishell.run.plan import Program
    from minishell.syntax.parser import Parser
    from minishell.syntax.quoting import quoted
    from minishell.syntax.tree import Simple

    operands = tuple(map(str, words))
    typed = Parser(Source("lesson", " ".join(("lesson", *map(quoted, operands))))).next()  # what jobs calls it
    assert isinstance(typed, Simple)
    program = Program(sys.executable, (sys.executable, *READER, *operands), shell.variables.environment())
    return finish(shell, start(shell, typed, (Stage(program=program),), foreground=True))
