"""Find the lessons: in a checkout, inside the installed package, or in a teacher's own folder."""

import itertools
import re
from dataclasses import dataclass
from pathlib import Path

PACKAGE = Path(__file__).parent
NUMBERED = re.compile(r"(\d\d)-([a-z0-9-]+)")
TARGET = re.compile(r"(`[^`<]+?)\s*<[^`>]*>(?=`)")  # of a link: `text <where>`__
MARKUP = re.compile(r"``(.+?)``|(?::[\w:]+:)?`([^`]+)`_{0,2}|(?<!\w)\*\*(\S.*?)\*\*|(?<!\w)\*(\S.*?)\*")
ADORNMENT = re.compile(r"[=\-~^*#]{3,}")


class Missing(Exception):
    """There is no lesson where one was looked for."""


@dataclass(frozen=True)
class Lesson:
    """One folder `NN-topic` with a page, `index.rst`."""

    folder: Path

    @property
    def page(self) -> Path:
        return self.folder / "index.rst"

    @property
    def title(self) -> str:
        """The first heading of the page, without markup."""
        lines = self.page.read_text().split("\n")
        for line, below in itertools.pairwise(lines):
            if line.strip() and ADORNMENT.fullmatch(below):
                return plain(line)
        return self.folder.name

    @property
    def examples(self) -> list[str]:
        """Names of the scripts and sessions that a reader can run."""
        return sorted(path.name for path in self.folder.iterdir() if path.suffix in (".py", ".msh"))


def plain(text: str) -> str:
    """A line of reStructuredText without its inline markup."""
    text = TARGET.sub(r"\1", text)
    return MARKUP.sub(lambda markup: next(filter(None, markup.groups())), text)


def default_folder() -> Path:
    """Where this project's own lessons are."""
    checkout = PACKAGE.parent.parent
    return checkout / "lessons" if (checkout / "conf.py").exists() else PACKAGE / "pages"


def lessons(folder: Path) -> list[Lesson]:
    """All lessons of a folder, in the order of their numbers.  Raises `Missing` if there are none."""
    try:
        names = sorted(path for path in folder.iterdir() if NUMBERED.fullmatch(path.name))
    except OSError as refusal:
        raise Missing(f"{folder}: {refusal.strerror}") from refusal
    found = [Lesson(path) for path in names if (path / "index.rst").exists()]
    if not found:
        raise Missing(f"{folder}: no lesson here (a lesson is a folder NN-topic with an index.rst)")
    return found


def other_pages(folder: Path) -> list[Path]:
    """Pages beside the lessons that are filled in the same way: in a checkout, some of its documentation."""
    if folder != default_folder():
        return []
    return [page for page in sorted(folder.parent.glob("docs/*.rst")) if "\n.. {{{cog\n" in page.read_text()]


def lesson(folder: Path, name: str) -> Lesson:
    """The lesson called `name`: its folder's name, its number, or its topic."""
    for candidate in lessons(folder):
        number, _, topic = candidate.folder.name.partition("-")
        if name in (candidate.folder.name, number, number.lstrip("0") or "0", topic):
            return candidate
    raise Missing(f"{name}: no such lesson in {folder}")
