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
