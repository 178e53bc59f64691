"""Every example of a folder of lessons: how its page says that it ends, and which picture there is of it."""

import ast
import shlex
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from minishell.lessons.cells import cells
from minishell.lessons.library import Lesson


@dataclass
class Example:
    """A script, a session or a line.  `ends`: each end that the page promises; `pictures`: files beside the page."""

    lesson: str
    name: str
    ends: list[str] = field(default_factory=list)
    pictures: list[str] = field(default_factory=list)


def examples(lesson: Lesson) -> list[Example]:
    """The examples that the page of a lesson runs, in the order of their first appearance."""
    found: dict[str, Example] = {}
    for cell in cells(lesson.page):
        for call, argument, options in calls(cell.code):
            name = script_of(argument) if call in ("run_script", "picture", "story") else argument
            example = found.setdefault(name, Example(lesson.folder.name, name))
            if call in ("picture", "picture_line"):
                example.pictures.append(
                    f"{options['name']}.svg" if "name" in options else str(Path(name).with_suffix(".svg"))
                )
            for end in ends(call, options):
                if end not in example.ends:
                    example.ends.append(end)
    return list(found.values())


def calls(code: str) -> Iterator[tuple[str, str, dict[str, object]]]:
    """The calls of our vocabulary in a block: name, what is run, and the options."""
    for node in ast.walk(ast.parse(code)):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and len(node.args) >= 2:
            if not isinstance(node.args[0], ast.Attribute):
                continue  # not `cog.inFile`: refuse_if, which runs nothing
            argument = node.args[1]
            if isinstance(argument, ast.Constant) and isinstance(argument.value, str):
                constants = ((word.arg, word.value) for word in node.keywords if isinstance(word.value, ast.Constant))
                options: dict[str, object] = {name: constant.value for name, constant in constants if name}
                yield node.func.id, argument.value, options


def script_of(arguments: str) -> str:
    """The script in the words that follow `python3`."""
    return next((word for word in shlex.split(arguments) if not word.startswith("-")), arguments)


def ends(call: str, options: dict[str, object]) -> list[str]:
    """The end that a call promises, in words."""
    if call == "run_session":
        return ["a session"]
    if call in ("explain", "compare"):
        return [call]
    end = f"killed by {options['signal']}" if "signal" in options else f"status {options.get('exit', 0)}"
    return [f"{end} as {options['as_user']}" if "as_user" in options else end]


def table(lessons: list[Lesson]) -> Iterator[str]:
    """A line for each example: its lesson, its name, its ends, its pictures."""
    rows = [
        (example.lesson, example.name, ", ".join(example.ends), ", ".join(dict.fromkeys(example.pictures)))
        for lesson in lessons
        for example in examples(lesson)
    ]
    rows.insert(0, ("lesson", "example", "ends with", "picture"))
    widths = [max(len(row[column]) for row in rows) for column in range(3)]
    for row in rows:
        yield "  ".join([*(text.ljust(width) for text, width in zip(row[:3], widths, strict=True)), row[3]]).rstrip()


def list_table(lessons: Iterable[Lesson]) -> str:
    """The examples of all lessons as a table in reStructuredText, each lesson with a link."""
    rows = [("example", "ends with", "picture")]
    for lesson in lessons:
        rows.append((f":doc:`/lessons/{lesson.folder.name}/index`", "", ""))
        rows += [
            (f"``{' '.join(each.name.split())}``", ", ".join(each.ends), ", ".join(each.pictures))
            for each in examples(lesson)
        ]
    head = [".. list-table::", "   :header-rows: 1", "   :widths: 50 20 30", ""]
    body = [f"   {'*' if number == 0 else ' '} - {cell}".rstrip() for row in rows for number, cell in enumerate(row)]
    return "\n".join(head + body)
