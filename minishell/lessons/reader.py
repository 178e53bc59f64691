"""What the builtin `lesson` starts: list the lessons, read one, run its cells and compare.

python -P -m minishell.lessons.reader [--lessons DIR] [list | next | NAME | run NAME [CELL]]
"""

import os
import sys
from collections.abc import Sequence
from pathlib import Path

from minishell.lessons import library, progress
from minishell.lessons.cells import Cell, carry_out, cells
from minishell.lessons.library import Lesson, Missing
from minishell.lessons.reading import laid_out, plain_text
from minishell.lessons.verdict import told

PLAIN_COLUMNS = 80


def main(words: Sequence[str]) -> int:
    """0: done, and every cell gave what is recorded; 1: one did not; 2: there is no such lesson or cell."""
    folder = library.default_folder()
    if words[:1] == ["--lessons"] and len(words) > 1:
        folder, words = Path(words[1]).resolve(), words[2:]
    try:
        match words:
            case [] | ["list"]:
                return list_(folder)
            case ["next"]:
                return read(folder, next_lesson(library.lessons(folder)))
            case ["run", name]:
                return run(cells(library.lesson(folder, name).page))
            case ["run", name, number]:
                return run([cell_of(library.lesson(folder, name), number)])
            case [name]:
                return read(folder, library.lesson(folder, name))
        raise Missing("lesson takes a name, next, list, or run and a name")
    except Missing as problem:
        print(f"lesson: {problem}", file=sys.stderr)
        return 2
    except (BrokenPipeError, KeyboardInterrupt):  # whoever reads our output has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1


def list_(folder: Path) -> int:
    """Each lesson in a line: read or not, how many of its cells were run, its name, its title."""
    known = progress.load()
    lessons = library.lessons(folder)
    width = max(len(lesson.folder.name) for lesson in lessons)
    for lesson in lessons:
        done = known.get(lesson.folder.name, progress.Progress())
        mark = "✓" if done.read else "·" if done.cells else " "
        print(
            f"{mark} {lesson.folder.name:<{width}} {len(done.cells):>3}/{len(cells(lesson.page)):<3} {lesson.title}"
        )
    print(f"\nlesson next: {next_lesson(lessons).title}")
    return 0


def next_lesson(lessons: Sequence[Lesson]) -> Lesson:
    """The first one that was not read to its end; the first of all if there is none."""
    known = progress.load()
    unread = (lesson for lesson in lessons if not known.get(lesson.folder.name, progress.Progress()).read)
    return next(unread, lessons[0])


def read(folder: Path, lesson: Lesson) -> int:
    """Show the lesson: on a terminal to read in, elsewhere as plain text."""
    if not (sys.stdin.isatty() and sys.stdout.isatty()) or os.environ.get("TERM", "dumb") == "dumb":
        for line in laid_out(lesson.page, PLAIN_COLUMNS):
            print(f"[{line.cell}]" if line.cell else plain_text(line.text))
        progress.note(lesson.folder.name, read=True)
        return 0
    from minishell.lessons.browse import Browser

    lessons = library.lessons(folder)
    while Browser(lesson.page, lesson.title).show() == "next":
        later = [other for other in lessons if other.folder.name > lesson.folder.name]
        lesson = (later or lessons)[0]
    return 0


def cell_of(lesson: Lesson, number: str) -> Cell:
    """The cell with this number.  Raises `Missing` if there is none."""
    found = [cell for cell in cells(lesson.page) if str(cell.number) == number]
    if not found:
        raise Missing(f"{number}: {lesson.folder.name} has cells 1 to {len(cells(lesson.page))}")
    return found[0]


def run(wanted: Sequence[Cell]) -> int:
    """Carry out cells, one after the other, and say of each whether it gave what is recorded."""
    status = 0
    for cell in wanted:
        result = carry_out(cell)
        if result.same:
            progress.note(cell.page.parent.name, cell=cell.number)
        status |= not result.same
        lines = told(cell, result)
        print(f"[{cell.number}]", *(lines if sys.stdout.isatty() else map(plain_text, lines)), sep="\n  ", flush=True)
    return status


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
