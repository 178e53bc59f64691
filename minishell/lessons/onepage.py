"""The process that fills one page: `python -m minishell.lessons.onepage PAGE build|check`.

Cog is driven by its command line alone (its attributes have moved between releases), and it writes to a
draft: what becomes of the draft is decided here, so that a failing page, and the pictures beside it, stay as
they were.
"""

import difflib
import io
import json
import os
import re
import sys
import tempfile
from pathlib import Path
from typing import Any

from cogapp import Cog  # type: ignore[import-untyped]

from minishell.lessons import page

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
    page.remembering = mode == "build"
    with tempfile.TemporaryDirectory() as folder:
        draft = Path(folder, "draft.rst")
        complaint = run_cog(path, draft)
        if complaint:
            return {"state": "failed", "report": "\n".join(page.problems) or complaint}
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
    code = cog.main([*ARGUMENTS, "-o", str(draft), path])
    complaint = said.getvalue().strip() or "cog failed"
    return re.sub(r"^(.+)\((\d+)\): ", r"\1:\2: ", complaint) if code else ""


def current(target: Path) -> str:
    """What the file holds now; nothing if there is none."""
    return target.read_text() if target.exists() else ""


def difference(target: Path, text: str) -> str:
    """What would change, as a unified diff."""
    old, new = current(target).split("\n"), text.split("\n")
    names = (f"{target} (committed)", f"{target} (run now)")
    return "\n".join(difflib.unified_diff(old, new, *names, n=2, lineterm=""))


def replace(target: Path, text: str) -> None:
    """Write the whole file or nothing of it."""
    draft = target.with_name(f".{target.name}.{os.getpid()}")
    draft.write_text(text)
    draft.replace(target)


if __name__ == "__main__":
    json.dump(fill(*sys.argv[1:]), sys.stdout)
