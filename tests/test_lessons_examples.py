"""The table of examples: what the pages run, and nothing else that they say."""

from __future__ import annotations

from typing import TYPE_CHECKING

from minishell.lessons import cache
from minishell.lessons.examples import calls

if TYPE_CHECKING:
    from pathlib import Path

    import pytest


def test_a_call_is_told_with_what_it_runs_and_its_options() -> None:
    code = "cog.out(run_script(cog.inFile, '-u fork.py', exit=3))"
    assert list(calls(code)) == [("run_script", "-u fork.py", {"exit": 3})]


def test_a_condition_of_the_prose_is_no_example() -> None:
    code = "shown = run_script(cog.inFile, 'fork.py')\ncog.out(shown)\nrefuse_if('x' in shown, 'the prose says y')"
    assert list(calls(code)) == [("run_script", "fork.py", {})]


def test_the_page_with_the_table_is_not_fresh_when_a_lesson_has_changed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    lesson, table, other = (
        tmp_path / name for name in ("lessons/01-first/index.rst", "docs/examples.rst", "more/x.rst")
    )
    for page, text in ((lesson, "one"), (table, "cog.out(examples_table(cog.inFile))"), (other, "no table")):
        page.parent.mkdir(parents=True)
        page.write_text(text)
    for page in (table, other):
        cache.note_fresh(page)
        assert cache.is_fresh(page)
    lesson.write_text("another")
    assert not cache.is_fresh(table)
    assert cache.is_fresh(other)
