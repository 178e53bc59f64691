"""What a line means before anything happens: frozen nodes, each with its place in the text.

Named after the grammar of POSIX.1-2024 XCU 2.10.
"""

from __future__ import annotations

from minishell.record import record

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import TypeAlias

    from minishell.source import Span

# Words


@record
class Literal:
    """Characters that nobody quoted: `*`, `?`, `[` and a leading `~` in them still mean something."""

    text: str


@record
class Quoted:
    r"""Characters that mean themselves.  `mark` is what protected them: `'`, `$'`, or `\` for a single one."""

    text: str
    mark: str


@record
class DoubleQuoted:
    """`"…"`: expansions happen inside, and their results stay together."""

    parts: tuple[Part, ...]


@record
class Parameter:
    """`$name`, `${name}` or `${name:-word}`."""

    name: str
    operator: str
    word: Word | None
    span: Span


@record
class CommandSubstitution:
    """`$(…)`: what the commands write to their standard output, less the newlines at its end."""

    body: Command | None
    span: Span


@record
class Arithmetic:
    """`$((…))`: the value of an expression, whose text is expanded as inside double quotes first."""

    parts: tuple[Part, ...]
    span: Span


Part: TypeAlias = "Literal | Quoted | DoubleQuoted | Parameter | CommandSubstitution | Arithmetic"

PATTERN_CHARACTERS = frozenset("*?[")


def may_be_pattern(text: str) -> bool:
    """Whether unquoted text can name several files.  A `[` alone cannot: it is a command."""
    return "*" in text or "?" in text or ("[" in text and "]" in text)


@record
class Word:
    """What stands between two blanks: one or more parts with nothing between them."""

    parts: tuple[Part, ...]
    span: Span

    def unquoted(self) -> str | None:
        """The word's text if all of it is literal, whatever the characters mean; else None."""
        match self.parts:
            case (Literal(text),):
                return text
        return None

    def plain(self) -> str | None:
        """The word's text if no expansion can change it; else None."""
        text = self.unquoted()
        if text is None or text[0] == "~" or may_be_pattern(text):
            return None
        return text


@record
class Assignment:
    """`name=value` in front of a command."""

    name: str
    value: Word
    span: Span


class HereDocument:
    """The lines after a `<<` up to its delimiter.  `body` is known once they have been read."""

    def __init__(self, delimiter: str, quoted: bool, strip_tabs: bool) -> None:
        self.delimiter, self.quoted, self.strip_tabs = delimiter, quoted, strip_tabs
        self.body: Word | None = None

    def __eq__(self, other: object) -> bool:
        return isinstance(other, HereDocument) and self.__dict__ == other.__dict__

    def __hash__(self) -> int:
        return hash(self.delimiter)

    def __repr__(self) -> str:
        return f"HereDocument({self.delimiter!r}, quoted={self.quoted}, body={self.body!r})"


@record
class Redirect:
    """`fd operator target`; fd None means the operator's own: 0 for `<`, 1 for `>`."""

    fd: int | None
    operator: str
    target: Word | HereDocument
    span: Span


# Commands


@record
class Simple:
    """Assignments, words and redirections; the first word that results names the command."""

    assignments: tuple[Assignment, ...]
    words: tuple[Word, ...]
    redirects: tuple[Redirect, ...]
    span: Span


@record
class Subshell:
    """`( … )`: run in a copy of the shell, so that nothing it changes is seen outside."""

    body: Command
    redirects: tuple[Redirect, ...]
    span: Span


@record
class Group:
    """`{ …; }`: run in the shell itself."""

    body: Command
    redirects: tuple[Redirect, ...]
    span: Span


@record
class If:
    """`if a; then b; elif c; then d; else e; fi`: `branches` holds (condition, body) pairs."""

    branches: tuple[tuple[Command, Command], ...]
    otherwise: Command | None
    redirects: tuple[Redirect, ...]
    span: Span


@record
class Loop:
    """`while a; do b; done`, or `until`."""

    until: bool
    condition: Command
    body: Command
    redirects: tuple[Redirect, ...]
    span: Span


@record
class For:
    """`for name in words; do a; done`; without `in`, words is None and the arguments are taken."""

    name: str
    words: tuple[Word, ...] | None
    body: Command
    redirects: tuple[Redirect, ...]
    span: Span


@record
class CaseItem:
    """`a | b) body ;;`: the first item with a pattern that matches is run, and after `;&` the next one too."""

    patterns: tuple[Word, ...]
    body: Command | None
    falls_through: bool


@record
class Case:
    """`case word in … esac`."""

    word: Word
    items: tuple[CaseItem, ...]
    redirects: tuple[Redirect, ...]
    span: Span


@record
class Function:
    """`name() body`: the body is a compound command, whose redirections are made at each call."""

    name: str
    body: Command
    span: Span


@record
class Pipeline:
    """`a | b | c`, all at once, or a single command after `!`."""

    commands: tuple[Command, ...]
    negated: bool
    span: Span


@record
class AndOr:
    """`a && b || c`, from left to right with no precedence.  `rest` holds (operator, command) pairs."""

    first: Command
    rest: tuple[tuple[str, Command], ...]
    span: Span


@record
class Background:
    """`a &`: started and not waited for."""

    command: Command
    span: Span


@record
class Sequence:
    """`a; b` or a on one line and b on the next: one after the other."""

    commands: tuple[Command, ...]
    span: Span


Compound: TypeAlias = "Subshell | Group | If | Loop | For | Case"
Command: TypeAlias = "Simple | Compound | Function | Pipeline | AndOr | Background | Sequence"
