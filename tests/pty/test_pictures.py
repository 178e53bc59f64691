"""Pictures that are asked for at the prompt."""

from __future__ import annotations

from typing import TYPE_CHECKING
from xml.etree import ElementTree

if TYPE_CHECKING:
    from pathlib import Path

    from tests.pty.shell import Shell

SVG = "{http://www.w3.org/2000/svg}"


def test_a_picture_does_not_flood_the_terminal(shell: Shell) -> None:
    shown = shell.run("picture uname | cat")
    assert "a picture is for a web browser, not for a terminal" in shown
    assert "picture uname | cat > out.svg" in shown
    assert "<svg" not in shown
    assert shell.last_status() == 2


def test_a_picture_of_a_typed_line_goes_where_the_line_says(shell: Shell, home: Path) -> None:
    assert "Linux" in shell.run("picture uname | cat > out.svg")
    svg = ElementTree.fromstring((home / "out.svg").read_text())
    assert svg.findtext(f"{SVG}title") == "uname | cat"


def test_a_line_that_is_stopped_is_drawn_when_it_has_ended(shell: Shell, home: Path) -> None:
    """The shell does not wait for who cannot go on without it."""
    shown = shell.run("""picture -o out.svg 'sh -c "kill -TSTP 0; exit 3"'""")
    assert "Stopped" in shown
    assert "the picture will be drawn when the stopped job has ended" in shown
    assert (home / "out.svg").read_text() == ""
    shell.run("fg")
    shell.until(lambda: (home / "out.svg").read_text().endswith("</svg>\n"), "the picture")
    story = ElementTree.fromstring((home / "out.svg").read_text()).findtext(f"{SVG}desc") or ""
    assert "is stopped by SIGTSTP" in story
    assert "exits with 3" in story
