"""Every example of the lessons in one table: where it is run, how it has to end, and what is shown of it.

The table is read off the pages' own blocks, so it cannot promise what no page asks for.
"""

import ast
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from minishell.lessons.cells import Cell, cells
from minishell.lessons.library import lessons

SHOWN = {
    "run_script": "output",
    "run_session": "session",
    "picture": "picture",
    "picture_line": "picture",
    "story": "story",
    "explain": "prediction",
    "compare": "comparison",
}


@dataclass
class Row:
    """One example of one lesson: a script with its arguments, a session, or a line."""

    lesson: str
    text: str
    end: str = ""
    shown: list[str] = field(default_factory=list)


def rows(folder: Path) -> list[Row]:
    """The examples of all lessons, in the order of the pages."""
    found: dict[tuple[str, str], Row] = {}
    for lesson in lessons(folder):
        for cell in cells(lesson.folder / "index.rst"):
            for name, text, end in asked(cell):
                row = found.setdefault((lesson.folder.name, text), Row(lesson.folder.name, text))
                row.end = row.end or end
                if SHOWN[name] not in row.shown:
                    row.shown.append(SHOWN[name])
    return list(found.values())


def asked(cell: Cell) -> Iterator[tuple[str, str, str]]:
    """What a block asks for: the name of the function, the example, how it has to end."""
    for call in ast.walk(ast.parse(cell.code)):
        match call:
            case ast.Call(func=ast.Name(id=name), args=[_, example, *_], keywords=words) if name in SHOWN:
                options = {word.arg: word.value for word in words}
                end = next((ending(options[word]) for word in ("signal", "exit") if word in options), "")
                text = ast.literal_eval(example) if isinstance(example, ast.Constant) else ast.unparse(example)
                yield name, text, end or ("" if name in ("explain", "run_session") else "0")


def ending(value: ast.expr) -> str:
    """An expected end as the table shows it: a number, or the name of a signal."""
    return str(value.value) if isinstance(value, ast.Constant) else ast.unparse(value)


def table(folder: Path) -> str:
    """The table in reStructuredText."""
    lines = [".. list-table::", "   :header-rows: 1", "   :widths: 45 12 43", ""]
    lines += ["   * - example", "     - ends with", "     - shown"]
    before = ""
    for row in rows(folder):
        if row.lesson != before:
            before = row.lesson
            lines += [f"   * - :doc:`/lessons/{row.lesson}/index`", "     -", "     -"]
        lines += [f"   * - ``{' '.join(row.text.split())}``", f"     - {row.end}", f"     - {', '.join(row.shown)}"]
    return "\n".join(line.rstrip() for line in lines)
