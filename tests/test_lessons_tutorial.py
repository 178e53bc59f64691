"""The page on lessons of one's own is carried out as it stands, beginning in an empty folder."""

import os
import re
import subprocess
import sys
import textwrap
from collections.abc import Iterator
from pathlib import Path

PAGE = Path(__file__).parents[1] / "docs/own-lessons.rst"
BLOCK = re.compile(r"^\.\. code-block:: (?P<language>\w+)\n(?P<body>(?: {3}.*\n|\n)+)", re.MULTILINE)
CAPTION = re.compile(r"\A:caption: (\S+)\n")


def blocks() -> Iterator[tuple[str, str, str]]:
    """The language, the caption and the text of each block."""
    for block in BLOCK.finditer(PAGE.read_text()):
        text = textwrap.dedent(block["body"]).strip("\n") + "\n"
        caption = CAPTION.match(text)
        yield block["language"], caption[1] if caption else "", CAPTION.sub("", text).lstrip("\n")


def dialogue(text: str) -> list[tuple[str, str]]:
    """Each command of a console block, and what it prints."""
    pieces = re.split(r"^\$ (.*)\n", text, flags=re.MULTILINE)[1:]
    return list(zip(pieces[::2], pieces[1::2], strict=True))


def test_the_tutorial_does_what_it_says(tmp_path: Path) -> None:
    environment = os.environ | {
        "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
        "XDG_CACHE_HOME": str(tmp_path / "cache"),
        "XDG_STATE_HOME": str(tmp_path / "state"),
        "LC_ALL": "C.UTF-8",
    }
    work = tmp_path / "work"
    work.mkdir()
    told, happened = [], []
    for language, caption, text in blocks():
        if language == "console":
            for command, answer in dialogue(text):
                told.append((command, answer.rstrip()))
                run = subprocess.run(command, shell=True, cwd=work, env=environment, capture_output=True, text=True)
                happened.append((command, (run.stdout + run.stderr).rstrip()))
        else:
            (work / caption).write_text(text)
    assert happened == told
    assert len(told) == 14
