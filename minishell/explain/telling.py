"""What has been foretold so far, and what to say where nobody can know."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from minishell.explain.prediction import Known, Part, Says, Will
from minishell.explain.rehearsal import Rehearsal, undone
from minishell.syntax.quoting import quoted
from minishell.syntax.tree import Quoted
from minishell.trace.event import Close, Exec
from minishell.trace.names import letter

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from collections.abc import Sequence as Several

    from minishell.explain.prediction import Item, Status
    from minishell.explain.rehearsal import Died
    from minishell.shell import Shell
    from minishell.source import Field, Span
    from minishell.syntax.tree import Word
    from minishell.trace.event import Event
    from minishell.trace.process import Descriptor

OPEN, CLOSE = "⟨", "⟩"
"""Between these stands what nobody can know beforehand: ⟨the output of date⟩."""


class Foretold(int):
    """A number that nobody can know beforehand: it is shown by its `words`, and taken as `value` where it counts."""

    words: str

    def __new__(cls, value: int, words: str) -> Foretold:
        number = super().__new__(cls, value)
        number.words = unknown(words)
        return number

    def __str__(self) -> str:
        return self.words


def unknown(words: str) -> str:
    """Words for what is not known.  They have no blanks that would split them, and no characters of patterns."""
    kept = words.translate({ord(" "): "\u00a0", ord("*"): "∗", ord("?"): "？", ord("["): "("})
    return f"{OPEN}{kept}{CLOSE}"


def is_unknown(words: Several[str]) -> bool:
    return any(OPEN in word for word in words)


MOST_STEPS, MOST_PROCESSES = 5000, 300
"""So many commands and processes are foretold, and no more: nobody reads the rest, and a fork bomb has no end."""


class Enough(BaseException):
    """What is left is not told: it is too much, or the reader has pressed Ctrl-C."""


def process_number(pid: int) -> str:
    """The words that stand for the number of a process that is still to be born, in the words of a command."""
    return str(Foretold(pid, f"process number of {letter(pid)}"))


class Telling:
    """What has been foretold so far, and by which shell: `items` is the list that grows now."""

    def __init__(self, shell: Shell) -> None:
        self.shell = shell
        self.kernel = Rehearsal(self._note, self.doubt)
        self.steps = 0
        self.doubted = False
        self.items: list[Item] = []
        self.ends: dict[int, Status] = {}
        self.substitution: Status = Known(0)
        """How the last `$(…)` of the present command ends"""
        self.background: list[int] = []
        """Processes that nobody has waited for yet"""
        self.beside = 0
        """How many of the processes around the present one run beside the shell, or beside one another"""
        self.caught: list[int] = []
        """Signals that the shell has noted, and will act upon between two commands"""
        self.shells_traps: Mapping[int, str] = {}
        """The shell's own, while one of its copies is told of"""
        self.died: Died | None = None
        """The shell has been killed"""

    def step(self) -> None:
        """One more command.  Enough: there have been too many."""
        self.steps += 1
        if self.steps > MOST_STEPS or self.kernel.born > MOST_PROCESSES or self.shell.pending:
            raise Enough

    def doubt(self) -> None:
        """Say once that what is looked at may be another thing when its time comes."""
        if not self.doubted:
            self.doubted = True
            self.says("from here on files are looked at as they are now: what has run by then may have changed them")

    @contextmanager
    def perhaps(self) -> Iterator[None]:
        """What happens to the shell meanwhile is forgotten afterwards: it may not happen at all."""
        caught = self.caught.copy()
        with undone(self.shell):
            yield
        self.caught = caught

    @contextmanager
    def rehearsing(self) -> Iterator[None]:
        """The shell's code runs on the kernel in which nothing happens.  To be used inside `undone`."""
        from minishell.explain.processes import capture

        shell = self.shell
        shell.kernel, shell.watched, shell.sidecar, shell.captured = self.kernel, True, None, None
        shell.capture = lambda shell, body: capture(self, body)
        if shell.terminal is not None:
            shell.terminal = shell.terminal.on(self.kernel)
        yield

    def _note(self, event: Event) -> None:
        table = self.kernel.table
        match event:
            case Exec(errno=""):
                kept = {fd: held for fd, held in table.items() if not held.cloexec}
                mine = self.shell.variables.environment()
                given = {name: value for name, value in self.kernel.environment.items() if mine.get(name) != value}
                self.items.append(Will(event, kept, given))
            case Close(fd=fd) if list(map(end_of, table.values())).count(end_of(table[fd])) == 1:
                self.items.append(Will(event, held=table[fd]))
            case _:
                self.will(event)

    def will(self, event: Event) -> None:
        """Tell of an event that is no call of the shell's own code."""
        self.items.append(Will(event))

    def says(self, words: str) -> None:
        self.items.append(Says(self.kernel.pid, words))

    def tell_expansions(self, words: Several[Word], became: Several[Field]) -> None:
        """Say what became of each word that an expansion can change."""
        for word in words:
            if word.plain() is None and any(not isinstance(part, Quoted) for part in word.parts):
                mine = [shown(field) for field in became if field.span == word.span]
                if mine != [word.span.text]:
                    self.says(f"{word.span.text} becomes {' '.join(mine) or 'nothing'}")

    @contextmanager
    def inside(self, items: list[Item]) -> Iterator[None]:
        """For a while it is `items` that grows."""
        outer, self.items = self.items, items
        try:
            yield
        finally:
            self.items = outer

    @contextmanager
    def part(self, span: Span) -> Iterator[None]:
        """What happens because of this part of the line."""
        part = Part(span)
        self.items.append(part)
        with self.inside(part.items):
            yield

    def ended(self, status: Status) -> Status:
        """A command has ended: `$?` is its status, as far as anybody knows."""
        number = status.status if isinstance(status, Known) else Foretold(0, f"status: {status}")
        self.shell.status = self.shell.substitution_status = number
        return status


def end_of(held: Descriptor) -> tuple[str, str]:
    """The pipe and which end of it, or the file."""
    return held.object, held.end


def shown(field: str) -> str:
    """A field as one could type it."""
    return field if field.startswith(OPEN) else quoted(field)
