"""The learning path, and the manuals joined with the lessons, in a site of two lessons."""

import subprocess
import sys
from pathlib import Path

import pytest

CONF = """\
from minishell.lessons.site import path, taught

project = "test"


def setup(app):
    path.setup(app)
    taught.setup(app)
"""
PAGES = {
    "index.rst": "Top\n===\n\n.. toctree::\n\n   part\n   calls\n",
    "part.rst": "The part\n========\n\n.. lessons:: 01 09\n",
    "calls.rst": "Calls\n=====\n\n.. _call-fork:\n\nfork\n----\n\nCopy.\n\n.. _call-_exit:\n\n_exit\n-----\n\nEnd.\n",
    "lessons/01-a/index.rst": "``a``\n=====\n\nThis, e.g. it,\nis *one*. And more.\n\n:call:`fork` :call:`fork`\n",
    "lessons/02-b/index.rst": "Two\n===\n\nIs this two? It is.\n\n:call:`_exit` and :call:`fork`.\n",
}


def build(folder: Path, **changed: str) -> subprocess.CompletedProcess[str]:
    """Build the site, with some pages changed."""
    (folder / "conf.py").write_text(CONF)
    for name, page in (PAGES | {f"{page}.rst": text for page, text in changed.items()}).items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(page)
    command = [sys.executable, "-m", "sphinx", "-nWq", "--keep-going", "-b", "html", str(folder), str(folder / "out")]
    return subprocess.run(command, capture_output=True, text=True, check=False)


@pytest.fixture
def out(tmp_path: Path) -> Path:
    answer = build(tmp_path)
    assert (answer.returncode, answer.stderr) == (0, "")
    return tmp_path / "out"


def test_a_card_has_number_title_and_first_sentence(out: Path) -> None:
    first, second = (out / "part.html").read_text().partition('<ul class="cards')[2].split("<li>")[1:3]
    assert (
        '<span class="card-number">01</span> <a class="reference internal" href="lessons/01-a/index.html">' in first
    )
    assert '<span class="pre">a</span></code></a>' in first
    assert "<p>This, e.g. it, is one.</p>" in first
    assert '<span class="card-number">02</span>' in second
    assert "<p>Is this two?</p>" in second


def test_a_lesson_says_which_part_it_is_of(out: Path) -> None:
    page = (out / "lessons/02-b/index.html").read_text()
    assert '<p class="part"><a class="reference internal" href="../../part.html">The part</a></p>' in page


def test_a_section_of_a_manual_names_the_lessons_that_lead_to_it(out: Path) -> None:
    fork, end = [
        piece.partition("</section>")[0] for piece in (out / "calls.html").read_text().split("<section id=")[2:4]
    ]
    assert fork.count("lessons/01-a/index.html") == 1
    assert fork.count("lessons/02-b/index.html") == 1
    assert ("lessons/01-a" in end, "lessons/02-b" in end) == (False, True)


def test_a_role_for_what_is_not_in_the_manual_is_told_with_its_place(tmp_path: Path) -> None:
    answer = build(tmp_path, **{"lessons/02-b/index": "Two\n===\n\n:call:`spoon`\n"})
    assert answer.returncode != 0
    assert "02-b/index.rst:4: WARNING: undefined label: 'call-spoon'" in answer.stderr


def test_a_lesson_of_ours_is_at_home_in_a_course_without_manuals(tmp_path: Path) -> None:
    page = tmp_path / "course" / "01-mine" / "index.rst"
    page.parent.mkdir(parents=True)
    page.write_text("Mine\n====\n\n:call:`fork`\n\n.. belief:: 30\n   …that it ends\n\n   It does not.\n")
    command = [sys.executable, "-m", "minishell.lessons.command", "--lessons", str(page.parent.parent), "site"]
    answer = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (answer.returncode, answer.stderr) == (0, "")
    shown = (tmp_path / "course-site" / "01-mine" / "index.html").read_text()
    assert '<span class="pre">fork</span></code></p>' in shown
    assert '…that it ends <span class="belief-number">30</span></p>' in shown
