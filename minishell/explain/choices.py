"""`&&`, `||`, `if` and `case`, foretold: one way where it is known, both where it depends on how a program ends."""

from __future__ import annotations

from typing import TYPE_CHECKING

from minishell.errors import Interrupted, LoopControl, Return, ShellExit
from minishell.expand.expansion import pattern
from minishell.expand.patterns import matches
from minishell.expand.words import text
from minishell.explain.foretell import foretell_command, tested
from minishell.explain.prediction import Choice, Known, Leaves, Only, Unknown, is_zero
from minishell.explain.rehearsal import Became, Died
from minishell.explain.telling import is_unknown

if TYPE_CHECKING:
    from collections.abc import Callable
    from collections.abc import Sequence as Several

    from minishell.explain.prediction import Status
    from minishell.explain.telling import Telling
    from minishell.syntax.tree import AndOr, Case, CaseItem, Command


def and_or(telling: Telling, node: AndOr, last: bool) -> Status:
    *middle, (operator, final) = node.rest
    status = tested(telling, node.first)
    for wanted, command in middle:
        status = chosen(telling, status, wanted == "&&", lambda: tested(telling, command))  # noqa: B023 - called at once
    return telling.ended(chosen(telling, status, operator == "&&", lambda: foretell_command(telling, final, last)))


def chosen(telling: Telling, status: Status, zero: bool, body: Callable[[], Status]) -> Status:
    """What happens only if `status` is zero (or is not).  Afterwards all is as if it had been zero."""
    known = is_zero(status)
    if known is not None:
        return body() if known == zero else status
    branch = Only(status, zero)
    telling.items.append(branch)
    with telling.inside(branch.items):
        if zero:
            then = left_perhaps(telling, body)
        else:
            with telling.perhaps():
                then = left_perhaps(telling, body)
    return Choice(status, zero, then, status)


def left_perhaps(telling: Telling, body: Callable[[], Status]) -> Status:
    """A branch that perhaps is not taken: if it leaves off, that too is only perhaps so."""
    pid = telling.kernel.pid
    try:
        return body()
    except ShellExit as leaving:
        what, status = "the shell", Known(leaving.status)
    except Return as leaving:
        what, status = "the function", Known(leaving.status)
    except LoopControl as control:
        what, status = "this round of the loop" if control.goes_on else "the loop", Known(0)
    except Interrupted as interruption:
        what, status = "the line", Known(interruption.status)
    except Became:
        telling.kernel.gone.discard(pid)
        return Unknown("its process is another program then")
    except Died as end:
        telling.kernel.gone.discard(pid)
        telling.died = None
        return Known(end.status)
    telling.items.append(Leaves(pid, what, status))
    return status


def choose(telling: Telling, branches: Several[tuple[Command, Command]], otherwise: Command | None) -> Status:
    """`if`: the first body whose condition ends with 0."""
    if not branches:
        return foretell_command(telling, otherwise) if otherwise else telling.ended(Known(0))
    (condition, body), *others = branches
    status = tested(telling, condition)
    known = is_zero(status)
    if known is not None:
        return foretell_command(telling, body) if known else choose(telling, others, otherwise)
    then = chosen(telling, status, True, lambda: foretell_command(telling, body))
    if not others and otherwise is None:
        return telling.ended(Choice(status, True, taken(then), Known(0)))
    without = chosen(telling, status, False, lambda: choose(telling, others, otherwise))
    return telling.ended(Choice(status, True, taken(then), taken(without)))


def taken(status: Status) -> Status:
    """How the branch of a choice ends, if it is taken."""
    return status.then if isinstance(status, Choice) else status


def case(telling: Telling, node: Case) -> Status:
    """The first item with a pattern that matches; all of them, perhaps, if what is compared cannot be known."""
    shell = telling.shell
    subject = text(shell, node.word)
    for number, item in enumerate(node.items):
        patterns = [pattern(shell, word) for word in item.patterns]
        if is_unknown([subject, *patterns]):
            return perhaps_one_of(telling, node.items, f"which pattern {subject} will match")
        if any(matches(each, subject) for each in patterns):
            return case_items(telling, node.items[number:])
    return telling.ended(Known(0))


def case_items(telling: Telling, items: Several[CaseItem]) -> Status:
    status: Status = Known(0)
    for item in items:
        if item.body:
            status = foretell_command(telling, item.body)
        if not item.falls_through:
            break
    return telling.ended(status)


def perhaps_one_of(telling: Telling, items: Several[CaseItem], why: str) -> Status:
    status = Unknown(why)
    for body in [item.body for item in items if item.body]:
        branch = Only(status, True)
        telling.items.append(branch)
        with telling.inside(branch.items), telling.perhaps():
            left_perhaps(telling, lambda: foretell_command(telling, body))  # noqa: B023 - it is called at once
    return telling.ended(status)
