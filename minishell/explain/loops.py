"""Loops, foretold round by round: `run/compound.py`."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from minishell.errors import LoopControl
from minishell.expand.words import fields
from minishell.explain.choices import left_perhaps
from minishell.explain.foretell import foretell_command, tested
from minishell.explain.prediction import Known, Repeats, Unknown, is_zero
from minishell.explain.telling import is_unknown
from minishell.run.compound import goes_on

if TYPE_CHECKING:
    from collections.abc import Iterator

    from minishell.explain.prediction import Status
    from minishell.explain.telling import Telling
    from minishell.syntax.tree import Command, For, Loop

TOLD_ROUNDS = 4
"""Of a loop so many rounds are told."""


def loop(telling: Telling, node: Loop) -> Status:
    """`while` and `until`, round by round as long as the condition is known."""
    status: Status = Known(0)
    with rounds(telling) as told:
        while True:
            told.another()
            condition = tested(telling, node.condition)
            known = is_zero(condition)
            if known is None:
                how = "not " if node.until else ""
                again = Repeats(f"as long as the status of the condition is {how}0")
                telling.items.append(again)
                with telling.inside(again.items):
                    left_perhaps(telling, lambda: foretell_command(telling, node.body))
                return telling.ended(Unknown("how often the loop goes round"))
            if known is node.until:
                break
            result = one_round(telling, node.body)
            if result is None:
                return telling.ended(Known(0))
            status = result
    return telling.ended(status)


def for_each(telling: Telling, node: For) -> Status:
    shell = telling.shell
    values = list(shell.arguments if node.words is None else fields(shell, node.words))
    status: Status = Known(0)
    with rounds(telling) as told:
        for value in values:
            told.another()
            shell.variables.set(node.name, str(value), node.span, export="allexport" in shell.options)
            if is_unknown([value]):
                again = Repeats(f"for each word of {value}")
                telling.items.append(again)
                with telling.inside(again.items):
                    status = left_perhaps(telling, lambda: foretell_command(telling, node.body))
                continue
            result = one_round(telling, node.body)
            if result is None:
                return telling.ended(Known(0))
            status = result
    return telling.ended(status)


def one_round(telling: Telling, body: Command) -> Status | None:
    """One round of a loop; None: it was the last one, by `break`."""
    try:
        return foretell_command(telling, body)
    except LoopControl as control:
        return Known(0) if goes_on(control) else None


class Rounds:
    """Counts the rounds of a loop: from some point on they are gone through in silence."""

    def __init__(self, telling: Telling) -> None:
        self.telling, self.count, self.items = telling, 0, telling.items

    def another(self) -> None:
        """One more round begins."""
        self.telling.step()
        self.count += 1
        if self.count > TOLD_ROUNDS:
            self.telling.items = []  # nobody will read these


@contextmanager
def rounds(telling: Telling) -> Iterator[Rounds]:
    told = Rounds(telling)
    telling.shell.loops += 1
    more = "many more"
    try:
        yield told
        more = f"{told.count - TOLD_ROUNDS - 1} more"
    finally:
        telling.shell.loops -= 1
        telling.items = told.items
        if told.count > TOLD_ROUNDS + 1:
            telling.says(f"and so on: {more} rounds of the loop")
