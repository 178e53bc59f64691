"""The table of all examples is what the pages ask for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from minishell.lessons.examples import rows, table

if TYPE_CHECKING:
    from pathlib import Path

PAGE = """
Title
=====

.. {{{cog
.. cog.out(run_script(cog.inFile, 'a.py', signal='SIGTERM'))
.. cog.out(picture(cog.inFile, 'a.py', alt='…'))
.. }}}
.. {{{end}}}

.. {{{cog
.. cog.out(run_session(cog.inFile, 'b.msh'))
.. cog.out(picture_line(cog.inFile, 'false', name='f', alt='…', exit=1))
.. }}}
.. {{{end}}}
"""


def test_each_example_is_there_once_with_its_end_and_what_is_shown(tmp_path: Path) -> None:
    (tmp_path / "01-first").mkdir()
    (tmp_path / "01-first" / "index.rst").write_text(PAGE)
    assert [(row.text, row.end, row.shown) for row in rows(tmp_path)] == [
        ("a.py", "SIGTERM", ["output", "picture"]),
        ("b.msh", "", ["session"]),
        ("false", "1", ["picture"]),
    ]
    assert "   * - ``a.py``\n     - SIGTERM\n     - output, picture\n" in table(tmp_path) + "\n"
