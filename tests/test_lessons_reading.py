"""Lessons in the terminal: pages laid out as lines, cells run again, progress, and the commands around them."""

import json
from pathlib import Path

import pytest

from minishell.lessons import library, progress, reader
from minishell.lessons.cells import carry_out, cells
from minishell.lessons.reading import laid_out, plain_text
from minishell.lessons.verdict import told

PAGE = """\
What ``ls`` *really* does
=========================

One paragraph that is long enough to need a second line when there are only
forty columns, with ``a literal`` in it.

.. {{{cog
.. cog.out(run_script(cog.inFile, 'one.py'))
.. }}}

.. code-block:: console

   $ python3 one.py

   1

.. {{{end}}} (sum: 1234567890)

.. {{{cog cog.out('\\n3\\n') }}}

2

.. {{{end}}}
"""


@pytest.fixture
def course(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Two lessons, and a home without a past."""
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    for name in ("01-first", "02-second"):
        folder = tmp_path / "course" / name
        folder.mkdir(parents=True)
        (folder / "index.rst").write_text(PAGE)
        (folder / "one.py").write_text("print(1)\n")
    return tmp_path / "course"


def shown(tmp_path: Path, text: str, columns: int = 40) -> list[str]:
    """The page without colours, cells as `[1]`."""
    page = tmp_path / "01-page/index.rst"
    page.parent.mkdir(exist_ok=True)
    page.write_text(text)
    return [f"[{line.cell}]" if line.cell else plain_text(line.text) for line in laid_out(page, columns)]


def test_a_page_is_laid_out_with_its_cells(tmp_path: Path) -> None:
    assert shown(tmp_path, PAGE) == [
        "What ls really does",
        "",
        "One paragraph that is long enough to",
        "need a second line when there are only",
        "forty columns, with a literal in it.",
        "",
        "[1]",
        "",
        "    $ python3 one.py",
        "",
        "    1",
        "",
        "[2]",
        "",
        "2",
        "",
    ]


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        (
            "* one item that goes on and on to the\n  next line\n* two\n",
            ["• one item that goes on and on to the", "  next line", "", "• two"],
        ),
        ("(a) the first.\n(b) the second.\n", ["(a) the first.", "", "(b) the second."]),
        ("``pipe``\n   makes a queue.\n\n   Really.\n", ["pipe", "   makes a queue.", "", "   Really."]),
        (
            "====  =======\ncall  meaning\n====  =======\n``a``  b\n====  =======\n",
            ["====  =======", "call  meaning", "====  =======", "a      b", "====  ======="],
        ),
        (".. note::\n\n   Take care.\n", ["│ Take care."]),
        (".. seealso:: Elsewhere\n\n   There.\n\n.. toctree::\n\n   here\n", ["│ Elsewhere", "│", "│ There."]),
        (
            ".. admonition:: Try it\n   :class: try\n\n   Type.\n\n   Think.\n",
            ["│ Try it", "│", "│ Type.", "│", "│ Think."],
        ),
        (
            ".. belief:: 28\n   …that one waits\n   for the other\n\n   No.\n",
            ["│ Many people believe …that one waits", "│ for the other", "│", "│ No."],
        ),
        (".. a comment\n   that goes on\n\n.. _place:\n\nText.\n", ["Text."]),
        ("See :manpage:`pipe(7)`, `x <https://x.org/>`__, :doc:`y </docs/y>`.\n", ["See pipe(7), x, y."]),
        ("``**kwargs`` are **not** 2*3*4.\n", ["**kwargs are not 2*3*4."]),
        (".. literalinclude:: gone.py\n", ["    gone.py", "    (gone.py is not there)"]),
    ],
)
def test_markup_becomes_text(tmp_path: Path, text: str, lines: list[str]) -> None:
    assert shown(tmp_path, text)[:-1] == lines


def test_files_and_pictures_are_shown(tmp_path: Path) -> None:
    folder = tmp_path / "01-page"
    folder.mkdir()
    (folder / "two.py").write_text("def one():\n    return 1\n\n\ndef two():\n    return 2\n")
    (folder / "two.svg").write_text("<svg><desc id='x'>A forks\nB &lt;ends&gt;</desc></svg>")
    text = (
        ".. literalinclude:: two.py\n   :pyobject: two\n   :caption: only two\n\n"
        ".. timeline:: two.svg\n   :alt: A child.\n"
    )
    assert shown(tmp_path, text) == [
        "    only two",
        "    def two():",
        "        return 2",
        "",
        "Picture: A child.",
        "    A forks",
        "    B <ends>",
        "",
    ]


def test_another_lesson_is_called_by_its_title(course: Path) -> None:
    page = course / "02-second/index.rst"
    page.write_text("Title\n=====\n\nBefore: :doc:`/lessons/01-first/index`.\n")
    assert "Before: “What ls really does”." in [plain_text(line.text) for line in laid_out(page, 60)]


def test_every_page_of_ours_is_laid_out_without_markup_left_over() -> None:
    for lesson in library.lessons(library.default_folder()):
        lines = [plain_text(line.text) for line in laid_out(lesson.page, 80)]
        prose = [line for line in lines if not line.lstrip("│ ").startswith("  ")]
        wrong = [line for line in prose if ":doc:`" in line or ":manpage:`" in line or "{{{" in line]
        assert not wrong, lesson.folder.name
        assert sum(bool(line.cell) for line in laid_out(lesson.page, 80)) == len(cells(lesson.page))


def test_cells_know_their_line_their_code_and_what_they_recorded(course: Path) -> None:
    first, second = cells(course / "01-first/index.rst")
    assert (first.number, first.line, first.code) == (1, 7, "cog.out(run_script(cog.inFile, 'one.py'))")
    assert first.recorded == ".. code-block:: console\n\n   $ python3 one.py\n\n   1"
    assert (second.number, second.line, second.code, second.recorded) == (2, 19, "cog.out('\\n3\\n')", "2")


def test_a_cell_is_compared_with_what_is_recorded(course: Path) -> None:
    first, second = cells(course / "01-first/index.rst")
    assert [plain_text(line) for line in told(first, carry_out(first))] == ["✓ run just now: as recorded"]
    assert [plain_text(line) for line in told(second, carry_out(second))] == [
        "✗ run just now: not as recorded",
        "@@ -1 +1 @@",
        "-2",
        "+3",
    ]


def test_a_cell_that_fails_says_why(course: Path) -> None:
    (course / "01-first/one.py").write_text("raise SystemExit(3)\n")
    first = cells(course / "01-first/index.rst")[0]
    lines = [plain_text(line) for line in told(first, carry_out(first))]
    assert " ".join(line.removeprefix("✗ ") for line in lines).startswith(
        f"{course}/01-first/index.rst:8: one.py: python3 one.py: exit status 3, expected exit status 0"
    )


def test_a_cell_with_a_mistake_is_told_like_any_other(course: Path) -> None:
    page = course / "01-first/index.rst"
    page.write_text(PAGE.replace("run_script(", "run_skript("))
    cell = cells(page)[0]
    assert [plain_text(line) for line in told(cell, carry_out(cell))] == [
        "✗ NameError: name 'run_skript' is not defined"
    ]


def test_lessons_are_listed_with_what_was_done(course: Path, capsys: pytest.CaptureFixture[str]) -> None:
    progress.note("02-second", read=True)
    progress.note("02-second", cell=2)
    progress.note("02-second", cell=1)
    assert reader.main(["--lessons", str(course)]) == 0
    assert capsys.readouterr().out == (
        "  01-first    0/2   What ls really does\n"
        "✓ 02-second   2/2   What ls really does\n"
        "\n"
        "lesson next: What ls really does\n"
    )


def test_without_a_terminal_the_next_lesson_is_text(course: Path, capsys: pytest.CaptureFixture[str]) -> None:
    progress.note("01-first", read=True)
    assert reader.main(["--lessons", str(course), "next"]) == 0
    assert capsys.readouterr().out.startswith("What ls really does\n\nOne paragraph")
    assert progress.load()["02-second"].read


def test_cells_are_run_by_name(course: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert reader.main(["--lessons", str(course), "run", "first", "1"]) == 0
    assert reader.main(["--lessons", str(course), "run", "first"]) == 1
    out = capsys.readouterr().out
    assert out.startswith("[1]\n  ✓ run just now: as recorded\n[1]\n  ✓ run just now: as recorded\n[2]\n  ✗ ")
    assert progress.load()["01-first"].cells == [1]


@pytest.mark.parametrize("words", [["third"], ["run", "first", "9"], ["run"], ["run", "a", "b", "c"]])
def test_what_is_not_there_is_status_2(course: Path, words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert reader.main(["--lessons", str(course), *words]) == 2
    assert capsys.readouterr().err.startswith("lesson: ")


@pytest.mark.parametrize("text", ["", "[]", '{"01-first": 3}', '{"01-first": {"read": true}}', "\x00"])
def test_progress_that_makes_no_sense_counts_as_none(course: Path, text: str) -> None:
    progress.place().parent.mkdir(parents=True)
    progress.place().write_text(text)
    assert progress.load() == {}
    progress.note("01-first", cell=1)
    assert json.loads(progress.place().read_text()) == {"01-first": {"read": False, "cells": [1]}}


def test_progress_is_where_the_specification_says(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("XDG_STATE_HOME", "relative")
    assert progress.place() == tmp_path / ".local/state/minishell/lessons.json"


def test_a_disk_that_cannot_be_written_to_stops_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", "/proc/no-such-place")
    progress.note("01-first", read=True)
    assert progress.load() == {}
