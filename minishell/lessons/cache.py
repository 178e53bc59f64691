"""Remember the text of a run under everything it depends on, so that an unchanged lesson costs nothing.

`minishell-lessons check` never looks here.
"""

import functools
import hashlib
import os
import sys
from collections.abc import Callable, Iterable
from pathlib import Path

import minishell


def recall(lesson: Path, question: str, answer: Callable[[], str]) -> str:
    """The remembered answer to `question` about this state of the lesson, or a fresh one."""
    place = folder() / key(lesson, question)
    try:
        return place.read_text()
    except FileNotFoundError:
        text = answer()
    place.parent.mkdir(parents=True, exist_ok=True)
    draft = place.with_name(f"{place.name}.{os.getpid()}")
    draft.write_text(text)
    draft.replace(place)
    return text


def is_fresh(page: Path) -> bool:
    """Whether this page was found fresh before, with every file beside it as it is now."""
    return (folder() / state(page)).exists()


def note_fresh(page: Path) -> None:
    """Remember that the page, as it is now, holds what was run."""
    folder().mkdir(parents=True, exist_ok=True)
    (folder() / state(page)).touch()


def state(page: Path) -> str:
    """A digest of the page, all that is in its folder, this program and this Python.

    The table of all examples is made of the pages of all lessons, so it depends on them too.
    """
    digest = hashlib.sha256(f"{program()}\0{sys.version}\0{page}\0".encode())
    feed(digest, page.parent, (path for path in page.parent.rglob("*") if path.suffix != ".pyc"))
    if "examples_table(" in page.read_text():
        top = page.parent.parent
        feed(digest, top, top.glob("lessons/*/index.rst"))
    return digest.hexdigest()


def folder() -> Path:
    """Where answers are kept (XDG Base Directory Specification)."""
    base = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(base, "minishell", "lessons")


def key(lesson: Path, question: str) -> str:
    """A digest of the question, every file of the lesson that a run can see, this program and this Python."""
    digest = hashlib.sha256(f"{program()}\0{sys.version}\0{lesson.name}\0{question}\0".encode())
    feed(digest, lesson, (path for path in lesson.rglob("*") if path.suffix not in (".rst", ".svg", ".pyc")))
    return digest.hexdigest()


@functools.cache
def program() -> str:
    """A digest of minishell's own source."""
    digest = hashlib.sha256()
    top = Path(minishell.__file__).parent
    feed(digest, top, top.rglob("*.py"))
    return digest.hexdigest()


def feed(digest: "hashlib._Hash", top: Path, paths: Iterable[Path]) -> None:
    """Add names, modes and contents of files, in an order that does not depend on the disk."""
    for path in sorted(paths):
        if path.is_file():
            mode = path.stat().st_mode & 0o111
            digest.update(f"{path.relative_to(top)}\0{mode}\0".encode() + path.read_bytes() + b"\0")
