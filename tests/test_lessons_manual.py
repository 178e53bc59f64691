"""Docstrings as pages."""

import pytest

from minishell.builtins.registry import Builtin
from minishell.lessons.manual import entry, kind_entry, manual, prose, trace_format
from minishell.trace.event import KINDS, Wait


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


def test_a_kind_of_event_has_an_address_what_it_says_and_its_own_fields() -> None:
    page = kind_entry(Wait)
    assert page.startswith(".. _event-wait:\n\n``wait``\n--------\n\nThe process asked for the fate of a child.")
    assert page.endswith("\n\n:target: number\n:child: number\n:status: number or null\n:flags: text\n")


def test_every_kind_is_on_the_page() -> None:
    page = trace_format()
    assert [kind for kind in KINDS if f".. _event-{kind}:" not in page] == []
