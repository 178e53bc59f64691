"""Docstrings as pages."""

import pytest

from minishell.builtins.registry import Builtin
from minishell.lessons.manual import entry, manual, prose


@pytest.mark.parametrize(
    ("help", "page"),
    [
        ("Do nothing.", "Do nothing."),
        ("Takes `-n` and `a|b`.", "Takes ``-n`` and ``a|b``."),
        ("Uses * and _ and |x|.", r"Uses \* and \_ and \|x\|."),
        ("First.\n\n    Second,\n    third.\n    ", "First.\n\nSecond,\nthird."),
    ],
)
def test_only_backquotes_are_markup(help: str, page: str) -> None:
    assert prose(help) == page


def test_an_entry_has_an_address_a_call_and_the_help() -> None:
    builtin = Builtin(":", ": [word ...]", lambda shell, words: 0, "Do nothing.")
    assert entry(builtin) == (
        ".. _builtin-colon:\n\n``:``\n-----\n\n.. code-block:: text\n\n   : [word ...]\n\nDo nothing.\n"
    )


def test_every_builtin_is_in_the_manual() -> None:
    text = manual()
    assert [f".. _builtin-{name}:" in text for name in ("dot", "colon", "cd", "wait")] == [True] * 4
