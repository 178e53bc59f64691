"""The cells of a page: its cog blocks, each with what it recorded.  One can be carried out again, in the clean room.

The very functions are called that `minishell-lessons build` calls, so what is compared is what was written.
"""

import re
import textwrap
from dataclasses import dataclass
from pathlib import Path
from types import SimpleNamespace

from minishell.lessons import page as vocabulary

BLOCK = re.compile(
    r"^(?P<indent> *)\.\. \{\{\{cog ?(?P<code>.*?)\}\}\}\n(?P<output>.*?)^ *\.\. \{\{\{end\}\}\}[^\n]*\n",
    re.MULTILINE | re.DOTALL,
)


@dataclass(frozen=True)
class Cell:
    """One block.  `number` counts from 1; `recorded` is what stands on the page, from column 0."""

    page: Path
    number: int
    line: int
    code: str
    recorded: str


@dataclass(frozen=True)
class Result:
    """What a cell gave now, and what kept it from giving it."""

    output: str
    problems: list[str]
    same: bool


def cells(page: Path) -> list[Cell]:
    """The cells of a page, in their order."""
    text = page.read_text()
    return [
        Cell(page, number, text.count("\n", 0, block.start()) + 1, code_of(block["code"]), recorded(block["output"]))
        for number, block in enumerate(BLOCK.finditer(text), 1)
    ]


def code_of(block: str) -> str:
    """The Python of a block, without the comment signs in front of its lines."""
    return "\n".join(re.sub(r"^ *\.\.(?: |$)", "", line) for line in block.strip("\n").split("\n")).strip()


def recorded(output: str) -> str:
    """The output of a block, without its indentation and the blank lines around it."""
    return textwrap.dedent(output).strip("\n")


def carry_out(cell: Cell) -> Result:
    """Run the cell, believing nothing that is remembered."""
    pieces: list[str] = []
    cog = SimpleNamespace(inFile=str(cell.page), out=pieces.append)
    names = {name: getattr(vocabulary, name) for name in vocabulary.__all__} | {"cog": cog}
    vocabulary.begin(remembering=False)
    source = "\n" * vocabulary.PROLOGUE_LINES + cell.code
    try:
        exec(compile(source, f"<cog {cell.page}:{cell.line}>", "exec"), names)
    except Exception as problem:  # whatever a block raises is told, as cog would
        return Result("", [f"{type(problem).__name__}: {problem}"], same=False)
    output = recorded("".join(pieces))
    problems = [problem.text for problem in vocabulary.problems] + list(vocabulary.kept)
    pictures = all(target.exists() and target.read_text() == svg for target, svg in vocabulary.drawn.items())
    return Result(output, problems, same=not problems and pictures and output == cell.recorded)
