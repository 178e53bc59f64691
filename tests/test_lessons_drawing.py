"""The `timeline` directive, in a site of one page."""

import subprocess
import sys
from pathlib import Path

import pytest

from minishell.lessons.site.drawing import inline

CONF = """\
from minishell.lessons.site.drawing import Timeline

project = "test"


def setup(app):
    app.add_directive("timeline", Timeline)
"""


def build(folder: Path, page: str) -> subprocess.CompletedProcess[str]:
    """Build a site that is this page."""
    (folder / "conf.py").write_text(CONF)
    (folder / "index.rst").write_text(f"Test\n====\n\n{page}\n")
    command = [sys.executable, "-m", "sphinx", "-nWq", "--keep-going", "-b", "html", str(folder), str(folder / "out")]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def test_a_picture_is_part_of_the_page(tmp_path: Path) -> None:
    (tmp_path / "a.svg").write_text('<?xml version="1.0"?>\n<svg><title>A</title></svg>\n')
    answer = build(tmp_path, ".. timeline:: a.svg\n   :alt: One *process* & no more.\n")
    assert (answer.returncode, answer.stderr) == (0, "")
    page = (tmp_path / "out" / "index.html").read_text()
    assert "<svg><title>A</title></svg>" in page
    assert "One *process* &amp; no more." in page
    assert "<?xml" not in page


@pytest.mark.parametrize(
    ("page", "complaint"),
    [
        (".. timeline:: missing.svg\n   :alt: Nothing.", "missing.svg: No such file or directory"),
        (".. timeline:: a.svg", "needs the option :alt:"),
    ],
)
def test_what_is_missing_is_named_with_page_and_line(tmp_path: Path, page: str, complaint: str) -> None:
    (tmp_path / "a.svg").write_text("<svg/>")
    answer = build(tmp_path, page)
    assert answer.returncode != 0
    assert "index.rst:4: ERROR:" in answer.stderr
    assert complaint in answer.stderr


@pytest.mark.parametrize("svg", ["<svg/>", '<?xml version="1.0"?>\n<svg/>', "<!DOCTYPE svg>\n\n<svg/>", "\n<svg/>"])
def test_only_the_element_is_inlined(svg: str) -> None:
    assert inline(svg) == "<svg/>"
