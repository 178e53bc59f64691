"""Short ways to write down a syntax tree.  Places in the text do not count when trees are compared."""

from __future__ import annotations

from minishell.source import Source, Span
from minishell.syntax.parser import parse
from minishell.syntax.tree import (
    AndOr,
    Assignment,
    Background,
    CommandSubstitution,
    DoubleQuoted,
    Group,
    HereDocument,
    Literal,
    Parameter,
    Pipeline,
    Quoted,
    Redirect,
    Sequence,
    Simple,
    Subshell,
    Word,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from minishell.syntax.parser import End, Unfinished
    from minishell.syntax.tree import Command, Part

NOWHERE = Span(Source("nowhere", ""), 0, 0)


def parsed(text: str) -> Command | End | Unfinished:
    return parse(Source("test", text))


def word(*parts: Part | str) -> Word:
    """A word; a plain string stands for a literal."""
    return Word(tuple(Literal(part) if isinstance(part, str) else part for part in parts), NOWHERE)


def simple(*words: Word | Part | str, assign: tuple[Assignment, ...] = (), to: tuple[Redirect, ...] = ()) -> Simple:
    """A simple command; a part or a string stands for a word made of it alone."""
    return Simple(assign, tuple(each if isinstance(each, Word) else word(each) for each in words), to, NOWHERE)


def assignment(name: str, *parts: Part | str) -> Assignment:
    return Assignment(name, word(*parts), NOWHERE)


def redirect(operator: str, target: Word | HereDocument | str, fd: int | None = None) -> Redirect:
    return Redirect(fd, operator, word(target) if isinstance(target, str) else target, NOWHERE)


def here(delimiter: str, *parts: Part | str, quoted: bool = False, strip_tabs: bool = False) -> HereDocument:
    """A here-document; its body is one double-quoted part, or one quoted part if the delimiter was quoted."""
    document = HereDocument(delimiter, quoted, strip_tabs)
    document.body = word(single("".join(map(str, parts)))) if quoted else word(double(*parts))
    return document


def pipeline(*commands: Command, negated: bool = False) -> Pipeline:
    return Pipeline(commands, negated, NOWHERE)


def and_or(first: Command, *rest: tuple[str, Command]) -> AndOr:
    return AndOr(first, rest, NOWHERE)


def sequence(*commands: Command) -> Sequence:
    return Sequence(commands, NOWHERE)


def background(command: Command) -> Background:
    return Background(command, NOWHERE)


def subshell(body: Command, *redirects: Redirect) -> Subshell:
    return Subshell(body, redirects, NOWHERE)


def group(body: Command, *redirects: Redirect) -> Group:
    return Group(body, redirects, NOWHERE)


def single(text: str) -> Quoted:
    return Quoted(text, "'")


def escaped(character: str) -> Quoted:
    return Quoted(character, "\\")


def double(*parts: Part | str) -> DoubleQuoted:
    return DoubleQuoted(tuple(Literal(part) if isinstance(part, str) else part for part in parts))


def parameter(name: str, operator: str = "", operand: Word | str | None = None) -> Parameter:
    return Parameter(name, operator, word(operand) if isinstance(operand, str) else operand, NOWHERE)


def substitution(body: Command | None = None) -> CommandSubstitution:
    return CommandSubstitution(body, NOWHERE)
