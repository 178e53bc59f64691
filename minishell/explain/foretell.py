"""From a line to what it will do, command by command: the walk that running it would take.

What needs no process happens to a copy of the shell's memory, by the shell's own code on a kernel in which nothing
happens (`rehearsal.py`); what does is planned by the shell's own code, and not carried out (`processes.py`).  Where
the way depends on how a program ends, both ways are told (`Only`), and what follows supposes that it ended well.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from minishell.errors import Interrupted, LoopControl, Return, ShellError, ShellExit
from minishell.explain.prediction import Known, Leaves, Of, Only, Prediction, Unknown, is_zero, negated
from minishell.explain.rehearsal import Became, Died, undone
from minishell.explain.telling import Enough, Telling
from minishell.run.script import given_up
from minishell.run.simple import redirected, tell
from minishell.source import Source
from minishell.syntax.parser import End, Parser, Unfinished
from minishell.syntax.tree import (
    AndOr,
    Background,
    Case,
    For,
    Function,
    Group,
    If,
    Loop,
    Pipeline,
    Sequence,
    Simple,
    Subshell,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from minishell.explain.prediction import Status
    from minishell.shell import Shell
    from minishell.syntax.tree import Command


def foretell(shell: Shell, line: str) -> Prediction:
    """What the line would do in this shell.  Nothing is run and nothing is changed.  Raises SyntaxProblem."""
    list(commands(Source("typed", line), shell.aliases))
    telling = Telling(shell)
    with undone(shell), telling.rehearsing():
        try:
            status = whole_line(telling, Source("typed", line))
        except Enough:
            telling.says("and so on: the rest is not told")
            status = Unknown("what comes after so many commands")
    return Prediction(telling.items, status, telling.ends)


def whole_line(telling: Telling, source: Source) -> Status:
    """The text, and what it does to the shell itself."""
    try:
        return whole_text(telling, source)
    except ShellExit as leaving:
        return left(telling, leaving)
    except Became:
        telling.says("the shell is gone: its process is that program now")
        return Of(telling.kernel.pid)
    except Died as end:
        telling.says("the shell is gone")
        return Known(end.status)
    except Interrupted as interruption:
        status = Known(interruption.status)
        telling.items.append(Leaves(telling.kernel.pid, "the line", status))
        return status
    except (Return, LoopControl):  # outside of functions and loops they are the line's end
        return Known(0)


def commands(source: Source, aliases: Mapping[str, str]) -> Iterator[Command]:
    """The complete commands of a text.  Raises SyntaxProblem."""
    parser = Parser(source, aliases=aliases)
    while not isinstance(command := parser.next(), End):
        if isinstance(command, Unfinished):
            raise command.problem()
        yield command


def whole_text(telling: Telling, source: Source) -> Status:
    """All commands of a text: `run_text` of `run/script.py`, foretold."""
    from minishell.explain.signals import deliver

    status: Status = Known(0)
    try:
        for command in commands(source, telling.shell.aliases):
            status = foretell_command(telling, command)
        deliver(telling)
    except ShellError as problem:  # it ends the text, and a shell that is not interactive with it
        status = telling.ended(Known(given_up(telling.shell, problem)))
    return status


def exit_trap(telling: Telling) -> None:
    """What a shell that ends does last, if it was told to.  Raises ShellExit if that is another `exit`."""
    action = telling.shell.traps.pop(0, "")
    if action:
        telling.says("runs its EXIT trap")
        whole_text(telling, Source("trap EXIT", action))


def left(telling: Telling, leaving: ShellExit) -> Status:
    """The shell runs its EXIT trap, and ends."""
    status = Known(leaving.status)
    try:
        exit_trap(telling)
    except ShellExit as other:
        status = Known(other.status)
    telling.items.append(Leaves(telling.kernel.pid, "the shell", status))
    return status


def foretell_command(telling: Telling, node: Command, last: bool = False) -> Status:
    """What a command will do, and how it ends: `run` of `run/commands.py`, foretold.

    `last`: its process has nothing else to do.
    """
    telling.step()
    match node:
        case Simple() | Pipeline() | Subshell() | Background() | Function():
            status = telling.ended(single(telling, node, last))
            stops_at_failure(telling, status)
            return status
        case AndOr():
            from minishell.explain.choices import and_or

            return and_or(telling, node, last)
        case Sequence(several):
            for each in several[:-1]:
                foretell_command(telling, each)
            return foretell_command(telling, several[-1], last)
        case Group(body, ()):
            return foretell_command(telling, body, last)
    return compound(telling, node)


def single(telling: Telling, node: Simple | Pipeline | Subshell | Background | Function, last: bool) -> Status:
    """What `set -e` looks at when it has ended."""
    from minishell.explain.processes import background, pipeline
    from minishell.explain.signals import deliver
    from minishell.explain.simple import simple

    if isinstance(node, Pipeline | Subshell | Background):
        deliver(telling)

    match node:
        case Simple():
            return simple(telling, node, last)
        case Background():
            return background(telling, node)
        case Function(name):
            with telling.part(node.span):
                telling.shell.functions[name] = node
                telling.says(f"from now on {name} is a function; it is run when it is called")
            return Known(0)
        case Pipeline((inner,), negated=True):
            return negated(tested(telling, inner))
        case Pipeline(commands, negated=True):
            return negated(tested(telling, Pipeline(commands, False, node.span)))
    return pipeline(telling, node)


def compound(telling: Telling, node: Group | If | Loop | For | Case) -> Status:
    """A compound command, whose redirections the shell makes for the time."""
    with telling.part(node.span):
        try:
            changes = redirected(telling.shell, node.redirects)
        except ShellError as problem:
            return telling.ended(Known(tell(telling.shell, problem)))
        with changes:
            return compound_body(telling, node)


def compound_body(telling: Telling, node: Group | If | Loop | For | Case) -> Status:
    from minishell.explain import choices, loops

    match node:
        case Group(body):
            return foretell_command(telling, body)
        case If(branches, otherwise):
            return choices.choose(telling, branches, otherwise)
        case Case():
            return choices.case(telling, node)
        case Loop():
            return loops.loop(telling, node)
        case For():
            return loops.for_each(telling, node)


def stops_at_failure(telling: Telling, status: Status) -> None:
    """`set -e`: a failure that nobody looks at ends the shell."""
    shell = telling.shell
    if "errexit" not in shell.options or shell.tested:
        return
    zero = is_zero(status)
    if zero is None:
        telling.items.append(Only(status, False, [Leaves(telling.kernel.pid, "the shell, for set -e is on", status)]))
    elif not zero:
        raise ShellExit(shell.status)


def tested(telling: Telling, node: Command) -> Status:
    """A command whose failure `set -e` does not count."""
    telling.shell.tested += 1
    try:
        return foretell_command(telling, node)
    finally:
        telling.shell.tested -= 1
