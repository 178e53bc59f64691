"""The `belief` and `beliefs` directives, in a site of three pages."""

import subprocess
import sys
from pathlib import Path

import pytest

CONF = """\
from minishell.lessons.site.beliefs import setup

project = "test"
"""
PAGES = {
    "index.rst": "Hm\n==\n\n.. toctree::\n\n   one\n   two\n\n.. beliefs::\n\n   3 Pigs *fly*.\n   4 ``ls`` sings.\n",
    "one.rst": "One\n===\n\n.. belief:: 3, 4\n   …that ``pigs`` fly and\n   sing\n\n   They do not.\n",
    "two.rst": "Two ``ls``\n==========\n\n.. belief:: 4\n   …that ls sings\n\n   It does not.\n",
}


def build(folder: Path, **changed: str) -> subprocess.CompletedProcess[str]:
    """Build the site, with some pages changed."""
    (folder / "conf.py").write_text(CONF)
    for name, page in (PAGES | {f"{page}.rst": text for page, text in changed.items()}).items():
        (folder / name).write_text(page)
    command = [sys.executable, "-m", "sphinx", "-nWq", "--keep-going", "-b", "html", str(folder), str(folder / "out")]
    return subprocess.run(command, capture_output=True, text=True, check=False)


@pytest.fixture
def pages(tmp_path: Path) -> dict[str, str]:
    answer = build(tmp_path)
    assert (answer.returncode, answer.stderr) == (0, "")
    return {path.stem: path.read_text() for path in (tmp_path / "out").glob("*.html")}


def test_a_row_leads_to_all_boxes_with_its_number(pages: dict[str, str]) -> None:
    third, fourth = pages["index"].split('<li id="belief-')[1:]
    assert third.startswith('3"><p><span class="belief-number">3</span> Pigs <em>fly</em>.</p>')
    assert [place for place in ("one", "two") if f'href="{place}.html#belief-3"' in third] == ["one"]
    assert [place for place in ("one", "two") if f'href="{place}.html#belief-4"' in fourth] == ["one", "two"]
    assert '>Two <code class="docutils literal notranslate"><span class="pre">ls</span></code></a>' in fourth


def test_a_box_has_all_its_addresses_and_leads_back(pages: dict[str, str]) -> None:
    page = pages["one"]
    assert page.count('id="belief-3"') == page.count('id="belief-4"') == 1
    title = page[page.index('class="admonition-title"') :].partition("</p>")[0]
    assert '<span class="pre">pigs</span></code> fly and sing' in title
    assert 'href="index.html#belief-3"' in title
    assert 'href="index.html#belief-4"' in title


@pytest.mark.parametrize(
    "box",
    [
        ".. belief:: 3\n\n   No belief.",
        ".. belief:: …that pigs fly\n\n   No number.",
        ".. belief:: 3\n   …that pigs fly",
    ],
)
def test_a_box_wants_number_belief_and_text(tmp_path: Path, box: str) -> None:
    answer = build(tmp_path, one=f"One\n===\n\n{box}\n")
    assert answer.returncode != 0
    assert "one.rst:4: ERROR:" in answer.stderr
    assert "belief wants its numbers, in the next line what is believed, then what is so" in answer.stderr


def test_a_number_that_is_not_in_the_list_is_told_with_its_place(tmp_path: Path) -> None:
    answer = build(tmp_path, one=PAGES["one.rst"].replace("3, 4", "5"))
    assert answer.returncode != 0
    assert "one.rst:4: WARNING: undefined label: 'belief-5'" in answer.stderr


def test_a_row_without_a_number_is_an_error(tmp_path: Path) -> None:
    answer = build(tmp_path, index=PAGES["index.rst"] + "   Nothing.\n")
    assert answer.returncode != 0
    assert "a line of beliefs is a number and a belief, not 'Nothing.'" in answer.stderr
