"""Completion: what Tab offers at the cursor.

Everything happens at once and in this thread: the shell forks, and a fork copies only one thread.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from prompt_toolkit.completion import Completer

from minishell.repl import kinds, sources
from minishell.repl.arguments import arguments, command
from minishell.repl.place import Place, Reference, place
from minishell.repl.programs import Programs

if TYPE_CHECKING:
    from collections.abc import Iterable

    from prompt_toolkit.completion import CompleteEvent, Completion
    from prompt_toolkit.document import Document

    from minishell.shell import Shell

LONGEST = 20_000
"""Characters before the cursor that are looked at; behind more there are no completions."""


def completer(shell: Shell) -> Completer:
    """The completer of an interactive shell."""
    return ShellCompleter(shell)


class ShellCompleter(Completer):
    """Completes by what can stand at the cursor."""

    def __init__(self, shell: Shell) -> None:
        self.shell = shell
        self.programs = Programs(shell)

    def get_completions(self, document: Document, complete_event: CompleteEvent) -> Iterable[Completion]:
        if document.cursor_position > LONGEST:
            return ()
        here = place(self.shell, self.programs, document)
        if isinstance(here, Reference):
            return sources.references(self.shell, here, document.cursor_position, document.text_after_cursor[:1])
        return () if here is None else completions(here)


def completions(here: Place) -> Iterable[Completion]:
    match here.kind:
        case kinds.COMMAND | kinds.RESERVED:
            return command(here)
        case kinds.ARGUMENT if here.words:
            return arguments(here)
        case kinds.ARGUMENT:  # the words of a `for`
            return sources.files(here)
        case kinds.ASSIGNMENT:
            return sources.paths_in_assignment(here)
        case kinds.TARGET:
            return sources.files(here)
    return ()
