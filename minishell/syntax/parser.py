"""From tokens to a tree: one method per rule of the grammar, and named after it.

POSIX.1-2024 XCU 2.10.  Text that stops too early is not an error but a value, `Unfinished`: an editor asks
for another line, a script reports it.
"""

from __future__ import annotations

import sys

from minishell.errors import SyntaxProblem
from minishell.record import record
from minishell.source import Source, Span
from minishell.syntax import tokens
from minishell.syntax.lexer import DEEPEST, NAME_CHARACTERS, NAME_STARTS, Incomplete, Lexer
from minishell.syntax.tokens import Token
from minishell.syntax.tree import (
    AndOr,
    Assignment,
    Background,
    DoubleQuoted,
    Group,
    HereDocument,
    Literal,
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
    from minishell.syntax.lexer import More
    from minishell.syntax.tree import Command, Part

FRAMES_PER_LEVEL = 30  # of Python, parsing or running one level; a guess on the safe side
sys.setrecursionlimit(max(sys.getrecursionlimit(), DEEPEST * FRAMES_PER_LEVEL))


@record
class Unfinished:
    """The text may be right so far, but it stops before `expected`.  `span` is what needs it."""

    expected: str
    span: Span

    def problem(self) -> SyntaxProblem:
        return SyntaxProblem(f"the input ends before {self.expected}", self.span)


@record
class End:
    """There is no further command."""


def parse(source: Source) -> Command | End | Unfinished:
    """All commands of a text as one tree.  Raises SyntaxProblem."""
    parser = Parser(source)
    commands: list[Command] = []
    while True:
        command = parser.next()
        if isinstance(command, Unfinished):
            return command
        if isinstance(command, End):
            break
        commands += command.commands if isinstance(command, Sequence) else (command,)
    match commands:
        case []:
            return End()
        case [single]:
            return single
    return Sequence(tuple(commands), Span(source, 0, len(source.text)))


class Parser:
    """Reads one complete command after another from a source, fetching lines through `more` as needed."""

    def __init__(self, source: Source, more: More | None = None, at: int = 0, depth: int = 0) -> None:
        self.source = source
        self.lexer = Lexer(source, at, more, depth, substitution)
        self.token = Token(tokens.NEWLINE, Span(source, at, at))
        self.last_end = at

    def next(self) -> Command | End | Unfinished:
        """The next complete command, with its newline.  Raises SyntaxProblem."""
        try:
            self.advance()
            self.linebreak()
            if self.token.kind == tokens.END:
                return End()
            command = self.list()
            if self.token.kind not in (tokens.NEWLINE, tokens.END):
                raise self.unexpected()
            self.give_bodies_to_here_documents()
        except Incomplete as incomplete:
            return Unfinished(incomplete.expected, incomplete.span)
        return command

    @property
    def ends_in_continuation(self) -> bool:
        r"""Whether the text read so far ends in a backslash and a newline: an editor asks for more."""
        return self.lexer.ends_in_continuation

    @property
    def place(self) -> int:
        """Up to where the source has been read."""
        return self.lexer.at

    def at_end(self) -> bool:
        """Whether the text read so far holds no further command."""
        return self.source.text[self.lexer.at :].strip() == ""

    # Moving on

    def advance(self) -> Token:
        """Step to the next token; returns the one before."""
        passed = self.token
        self.last_end = passed.span.end
        self.token = self.lexer.next()
        return passed

    def since(self, start: int) -> Span:
        return Span(self.source, start, self.last_end)

    def unexpected(self) -> Exception:
        token = self.token
        if token.kind == tokens.END:
            return Incomplete("the command is complete", Span(self.source, token.span.start, token.span.end))
        if token.kind == tokens.NEWLINE:
            return SyntaxProblem("the line ends where a command should be", token.span)
        return SyntaxProblem(f"{token.span.text} cannot stand here", token.span)

    def needs_command(self, operator: Token) -> None:
        """After `operator` lines may end; then a command must come."""
        self.linebreak()
        if self.token.kind == tokens.END:
            raise Incomplete(f"the command after {operator.span.text}", operator.span)

    def give_bodies_to_here_documents(self) -> None:
        """The input ended on the very line that announces a here-document: it has no body."""
        if self.lexer.awaited and self.token.kind == tokens.END:
            document = self.lexer.awaited[0]
            raise Incomplete(f"the line {document.delimiter} that ends the here-document", self.token.span)

    # The grammar

    def linebreak(self) -> None:
        while self.token.kind == tokens.NEWLINE:
            self.advance()

    def list(self) -> Command:
        """and_or ( (; | &) and_or )* [; | &], on one line."""
        return self.commands(newline_separates=False)

    def compound_list(self) -> Command:
        """The same between brackets, where a newline separates as a semicolon does."""
        self.linebreak()
        return self.commands(newline_separates=True)

    def commands(self, newline_separates: bool) -> Command:
        start = self.token.span.start
        commands = [self.and_or()]
        while True:
            kind = self.token.kind
            if kind == "&":
                commands[-1] = Background(
                    commands[-1], Span(self.source, commands[-1].span.start, self.token.span.end)
                )
            elif kind != ";" and not (newline_separates and kind == tokens.NEWLINE):
                break
            self.advance()
            if newline_separates:
                self.linebreak()
            if not self.starts_command():
                break
            commands.append(self.and_or())
        return commands[0] if len(commands) == 1 else Sequence(tuple(commands), self.since(start))

    def starts_command(self) -> bool:
        kind = self.token.kind
        if kind in (tokens.WORD, tokens.IO_NUMBER):
            return self.token.reserved != "}"
        return kind == "(" or kind in tokens.REDIRECTIONS

    def and_or(self) -> Command:
        """pipeline ( (&& | ||) pipeline )*"""
        start = self.token.span.start
        first = self.pipeline()
        rest: list[tuple[str, Command]] = []
        while self.token.kind in ("&&", "||"):
            operator = self.advance()
            self.needs_command(operator)
            rest.append((operator.kind, self.pipeline()))
        return AndOr(first, tuple(rest), self.since(start)) if rest else first

    def pipeline(self) -> Command:
        """[!] command ( | command )*"""
        start = self.token.span.start
        negated = self.token.reserved == "!"
        if negated:
            self.needs_command(self.advance())
        commands = [self.command()]
        while self.token.kind == "|":
            operator = self.advance()
            self.needs_command(operator)
            commands.append(self.command())
        if len(commands) == 1 and not negated:
            return commands[0]
        return Pipeline(tuple(commands), negated, self.since(start))

    def command(self) -> Command:
        """A simple command, `( list )` or `{ list; }`."""
        if self.token.kind == "(":
            return self.compound(Subshell, closing=")")
        match self.token.reserved:
            case None:
                return self.simple_command()
            case "{":
                return self.compound(Group, closing="}")
            case "!" | "}":
                raise self.unexpected()
            case word:
                raise SyntaxProblem(f"{word} is a reserved word that this version does not run", self.token.span)

    def compound(self, kind: type[Subshell] | type[Group], closing: str) -> Command:
        opening = self.token
        self.lexer.enter(opening.span)
        self.advance()
        body = self.compound_list()
        if self.token.kind == tokens.END:
            raise Incomplete(f"the {closing} that belongs to this {opening.span.text}", opening.span)
        if closing not in (self.token.kind, self.token.reserved):
            raise self.unexpected()
        self.advance()
        self.lexer.leave()
        redirects = self.redirect_list()
        return kind(body, redirects, self.since(opening.span.start))

    def simple_command(self) -> Command:
        """Assignments, words and redirections; an assignment counts as one only before the first word."""
        start = self.token.span.start
        assignments: list[Assignment] = []
        words: list[Word] = []
        redirects: list[Redirect] = []
        while True:
            token = self.token
            if token.kind == tokens.WORD:
                assert token.word is not None
                assignment = None if words else as_assignment(token.word)
                if assignment:
                    assignments.append(assignment)
                else:
                    words.append(token.word)
                self.advance()
            elif token.kind == tokens.IO_NUMBER or token.kind in tokens.REDIRECTIONS:
                redirects.append(self.io_redirect())
            else:
                break
        if not (assignments or words or redirects):
            raise self.unexpected()
        return Simple(tuple(assignments), tuple(words), tuple(redirects), self.since(start))

    def redirect_list(self) -> tuple[Redirect, ...]:
        redirects: list[Redirect] = []
        while self.token.kind == tokens.IO_NUMBER or self.token.kind in tokens.REDIRECTIONS:
            redirects.append(self.io_redirect())
        return tuple(redirects)

    def io_redirect(self) -> Redirect:
        """[n] operator word"""
        start = self.token.span.start
        fd = None
        if self.token.kind == tokens.IO_NUMBER:
            number = self.advance()
            digits = number.word.unquoted() if number.word else None
            if digits is None or len(digits) > 9:
                raise SyntaxProblem("no descriptor has so large a number", number.span)
            fd = int(digits)
        operator = self.advance()
        word = self.token.word
        if word is None:
            if self.token.kind == tokens.END:
                raise Incomplete(f"the file name after {operator.kind}", operator.span)
            raise SyntaxProblem(f"{operator.kind} needs a file name after it", operator.span)
        target: Word | HereDocument = word
        if operator.kind in ("<<", "<<-"):
            target = here_document(word, strip_tabs=operator.kind == "<<-")
            self.lexer.awaited.append(target)
        self.advance()  # only now: this may be the newline after which the document starts
        return Redirect(fd, operator.kind, target, self.since(start))


def substitution(source: Source, at: int, more: More | None, depth: int) -> tuple[Command | None, int]:
    """What stands in `$( )`, from behind its opening; also where the text goes on after the closing."""
    opening = Span(source, max(at - 2, 0), at)
    inner = Parser(source, more, at, depth)
    inner.advance()
    inner.linebreak()
    body = None if inner.token.kind in (")", tokens.END) else inner.compound_list()
    if inner.token.kind == tokens.END:
        raise Incomplete("the ) that belongs to this $(", opening)
    if inner.token.kind != ")":
        raise inner.unexpected()
    return body, inner.token.span.end


def as_assignment(word: Word) -> Assignment | None:
    """`name=value` as an assignment; None: the word is an ordinary one."""
    first = word.parts[0] if word.parts else None
    if not isinstance(first, Literal):
        return None
    name, equals, rest = first.text.partition("=")
    if not equals or not is_name(name):
        return None
    parts: tuple[Part, ...] = (Literal(rest), *word.parts[1:]) if rest else word.parts[1:]
    value_start = word.span.start + len(name) + 1
    value = Word(parts, Span(word.span.source, value_start, word.span.end))
    return Assignment(name, value, word.span)


def is_name(text: str) -> bool:
    """Whether a variable may be called `text`.  POSIX.1-2024 XBD 3.216."""
    return text[:1] in NAME_STARTS and NAME_CHARACTERS.issuperset(text) and text != ""


def here_document(word: Word, strip_tabs: bool) -> HereDocument:
    quoted = any(isinstance(part, Quoted | DoubleQuoted) for part in word.parts)
    delimiter = without_quotes(word.parts) if quoted else word.span.text
    return HereDocument(delimiter, quoted, strip_tabs)


def without_quotes(parts: tuple[Part, ...]) -> str:
    """The text of a here-document's delimiter: quotes go, expansions stay as they were typed."""
    texts = []
    for part in parts:
        if isinstance(part, Literal | Quoted):
            texts.append(part.text)
        elif isinstance(part, DoubleQuoted):
            texts.append(without_quotes(part.parts))
        else:
            texts.append(part.span.text)
    return "".join(texts)
