"""The process that fills one page: `python -m minishell.lessons.onepage PAGE build|check`.

Cog is driven by its command line alone (its attributes have moved between releases), and it writes to a
draft: what becomes of the draft is decided here, so that a failing page, and the pictures beside it, stay as
they were.
"""

import difflib
import html
import io
import json
import os
import re
import sys
import tempfile
from pathlib import Path
from typing import Any

from cogapp import Cog  # type: ignore[import-untyped]

from minishell.lessons import page, stage

ARGUMENTS = (
    "cog",
    "-c",  # a checksum guards each output against edits by hand
    "-U",
    "-e",
    "--verbosity=0",
    "--markers={{{cog }}} {{{end}}}",
    "-p",
    "from minishell.lessons.page import *",
)


def fill(path: str, mode: str) -> dict[str, Any]:
    """Run every block of the page; then write what changed (build) or tell what is stale (check)."""
    return settle(path, mode) | {"ran_s": stage.ran_s()}


def settle(path: str, mode: str) -> dict[str, Any]:
    """What became of the page."""
    page.begin(remembering=mode == "build")
    with tempfile.TemporaryDirectory() as folder:
        draft = Path(folder, "draft.rst")
        complaint = run_cog(path, draft)
        if complaint or page.problems:
            unstable = not complaint and all(problem.unstable for problem in page.problems)
            report = "\n".join([*(problem.text for problem in page.problems), *filter(None, [complaint])])
            return {"state": "unstable" if unstable else "failed", "report": report}
        fresh = {Path(path): draft.read_text(), **page.drawn}
    changed = {target: text for target, text in fresh.items() if current(target) != text}
    if mode == "build":
        for target, text in changed.items():
            replace(target, text)
        return {"state": "filled" if changed else "fresh", "report": "", "kept": page.kept}
    differences = "\n".join(difference(target, text) for target, text in changed.items())
    return {"state": "stale" if changed else "fresh", "report": differences, "kept": page.kept}


def run_cog(path: str, draft: Path) -> str:
    """Have cog write the page to `draft`; its complaint, or nothing."""
    said = io.StringIO()
    cog = Cog()
    cog.set_output(stdout=said, stderr=said)
    try:
        code = cog.main([*ARGUMENTS, "-o", str(draft), path])
    except SyntaxError as problem:  # cog lets it through
        return f"{path}:{line_of(problem)}: SyntaxError: {problem.msg}"
    return located(path, said.getvalue().strip() or "cog failed") if code else ""


def line_of(problem: SyntaxError) -> int:
    """The line of the page; the problem's own counts from the block and its prologue."""
    block = page.COG_FILE.fullmatch(problem.filename or "")
    return (int(block[2]) if block else 1) + (problem.lineno or 1) - page.PROLOGUE_LINES


def located(path: str, complaint: str) -> str:
    """The complaint after `page:line: `; of a traceback, its last line and where the page is in it."""
    places = re.findall(rf'^ +File "{re.escape(path)}", line (\d+)', complaint, re.MULTILINE)
    if places:
        return f"{path}:{places[-1]}: {complaint.splitlines()[-1]}"
    return re.sub(r"^(.+)\((\d+)\): ", r"\1:\2: ", complaint)


def current(target: Path) -> str:
    """What the file holds now; nothing if there is none."""
    return target.read_text() if target.exists() else ""


def difference(target: Path, text: str) -> str:
    """What would change, as a unified diff; of a picture, what its story tells differently."""
    old, new = readable(current(target)), readable(text)
    names = (f"{target} (committed)", f"{target} (run now)")
    diff = "\n".join(difflib.unified_diff(old, new, *names, n=2, lineterm=""))
    return diff or f"{target}: the same story is drawn differently"


def readable(text: str) -> list[str]:
    """The lines of a page, or of the story that every picture holds for those who cannot see it."""
    story = re.search(r"<desc[^>]*>(.*?)</desc>", text, re.DOTALL) if text.startswith("<svg") else None
    return (html.unescape(story[1]) if story else text).split("\n")


def replace(target: Path, text: str) -> None:
    """Write the whole file or nothing of it."""
    draft = target.with_name(f".{target.name}.{os.getpid()}")
    draft.write_text(text)
    draft.replace(target)


if __name__ == "__main__":
    json.dump(fill(*sys.argv[1:]), sys.stdout)
