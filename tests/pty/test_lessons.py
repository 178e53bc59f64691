"""Lessons read at the prompt, on a real terminal."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pathlib import Path

    from tests.pty.shell import Shell

PAGE = """\
Counting
========

How many words are there in a line?

.. {{{cog
.. cog.out(run_script(cog.inFile, 'count.py'))
.. }}}

.. code-block:: console

   $ python3 count.py

   3

.. {{{end}}}

That is all.
"""


@pytest.fixture
def course(home: Path) -> Path:
    """Two lessons; the second claims what is not so."""
    for name, page in (("01-counting", PAGE), ("02-claiming", PAGE.replace("   3\n", "   4\n"))):
        folder = home / "course" / name
        folder.mkdir(parents=True)
        (folder / "index.rst").write_text(page)
        (folder / "count.py").write_text("print(len('one two three'.split()))\n")
    return home / "course"


def open_lesson(shell: Shell, words: str) -> None:
    """Begin to read, and wait until the page is there."""
    shell.start(f"lesson --lessons course {words}")
    shell.until(lambda: "space: on" in shell.picture.text(), "the page")


def test_a_cell_is_run_where_it_stands(shell: Shell, course: Path, home: Path) -> None:
    open_lesson(shell, "counting")
    shell.send("r")
    shell.until(lambda: "✓ run just now: as recorded" in shell.picture.text(), "the verdict")
    shell.send("q")
    shell.prompt()
    assert shell.last_status() == 0
    state = json.loads((home / ".local/state/minishell/lessons.json").read_text())
    assert state == {"01-counting": {"read": True, "cells": [1]}}
    listed = shell.run("lesson --lessons course list")
    assert "✓ 01-counting   1/1   Counting" in listed
    assert "  02-claiming   0/1   Counting" in listed


def test_what_is_not_as_recorded_is_shown_with_the_difference(shell: Shell, course: Path) -> None:
    open_lesson(shell, "02")
    shell.send("r")
    shell.until(lambda: "✗ run just now: not as recorded" in shell.picture.text(), "the verdict")
    assert "-   4\n+   3" in "\n".join(line.rstrip() for line in shell.picture.text().split("\n"))
    shell.send("q")
    shell.prompt()


def test_reading_is_a_job_like_any_other(shell: Shell, course: Path) -> None:
    open_lesson(shell, "counting")
    shell.keys("C-z")
    shell.prompt()
    assert "Stopped                 lesson --lessons course counting" in shell.run("jobs")
    shell.start("fg")
    shell.until(lambda: "space: on" in shell.picture.text(), "the page")
    shell.send("q")
    shell.prompt()
    assert shell.run("jobs") == ""


def test_the_next_lesson_is_the_first_that_was_not_read(shell: Shell, course: Path) -> None:
    open_lesson(shell, "next")
    assert "How many words" in shell.picture.text()
    shell.send("n")
    shell.until(lambda: "   4" in shell.picture.text(), "the second lesson")
    shell.send("q")
    shell.prompt()
    assert "lesson next: Counting" in shell.run("lesson --lessons course")
