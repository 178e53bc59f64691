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
from minishell.syntax.lexer import Incomplete, Lexer
from minishell.syntax.names import is_name
from minishell.syntax.tokens import Token
from minishell.syntax.tree import (
    AndOr,
    Assignment,
    Background,
    Literal,
    Pipeline,
    Redirect,
    Sequence,
    Simple,
    Word,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

    from minishell.syntax.aliases import Replacements
    from minishell.syntax.lexer import More
    from minishell.syntax.tree import Command, HereDocument, Part

FRAMES = 30_000
"""How deep Python may recurse: DEEPEST levels of parsing, and 1,000 function calls, take fewer frames."""
sys.setrecursionlimit(max(sys.getrecursionlimit(), FRAMES))


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

    def __init__(
        self,
        source: Source,
        more: More | None = None,
        at: int = 0,
        depth: int = 0,
        aliases: Mapping[str, str] | None = None,
    ) -> None:
        self.aliases = {} if aliases is None else aliases
        self.lexer = Lexer(source, at, more, depth, self.substitution)
        self.replacements: Replacements | None = None
        self.token = Token(tokens.NEWLINE, Span(source, at, at))
        self.last_end = at

    @property
    def source(self) -> Source:
        """The text being read: another one from where an alias has been replaced."""
        return self.lexer.source

    def next(self) -> Command | End | Unfinished:
        """The next complete command, with its newline.  Raises SyntaxProblem."""
        try:
            self.advance()
            self.command_start()
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
        text, at = self.source.text, self.lexer.at
        while at < len(text) and text[at].isspace():
            at += 1
        return at == len(text)

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
        self.command_start()
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

    def command_start(self) -> None:
        """Step over newlines to where a command can start, and over aliases that stand for nothing."""
        self.linebreak()
        while self.replace_alias() and self.token.kind == tokens.NEWLINE:
            self.linebreak()

    def list(self) -> Command:
        """and_or ( (; | &) and_or )* [; | &], on one line."""
        return self.commands(newline_separates=False)

    def compound_list(self) -> Command:
        """The same between brackets, where a newline separates as a semicolon does."""
        self.command_start()
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
                self.command_start()
            if not self.starts_command():
                break
            commands.append(self.and_or())
        return commands[0] if len(commands) == 1 else Sequence(tuple(commands), self.since(start))

    def starts_command(self) -> bool:
        self.replace_alias()
        kind = self.token.kind
        if kind in (tokens.WORD, tokens.IO_NUMBER):
            return self.token.reserved not in tokens.ENDS
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
        self.replace_alias()
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
        """A simple command, a compound one, or the definition of a function."""
        self.replace_alias()
        start = self.token.reserved or self.token.kind
        if start in tokens.COMPOUND_STARTS:
            from minishell.syntax import compound  # only where there is one

            return compound.RULES[start](self)
        if self.token.reserved is None:
            return self.simple_command()
        raise self.unexpected()

    def replace_alias(self, command_word: bool = True) -> bool:
        """If the token is the name of an alias, read the text that it stands for instead.  XCU 2.3.1.

        `command_word`: a command can start here, so that a reserved word is one, and no alias.
        """
        replaced = False
        while self.aliases and self.token.word is not None and self.token.kind == tokens.WORD:
            name = self.token.word.unquoted()
            if name is None or name not in self.aliases or (command_word and name in tokens.RESERVED - {"in"}):
                break
            if self.replacements is None:
                from minishell.syntax.aliases import Replacements

                self.replacements = Replacements(self.lexer)
            if not self.replacements.replace(self.token.span, name, self.aliases[name]):
                break
            self.token = self.lexer.next()
            replaced = True
        return replaced

    def follows_blank(self) -> bool:
        """Whether the token comes right behind an alias whose text ended in a blank."""
        return self.replacements is not None and self.replacements.before(self.token.span.start)

    def expect(self, what: str, opening: Token) -> Token:
        """Step over the operator or reserved word `what`, which `opening` asks for."""
        if self.token.kind == tokens.END:
            raise Incomplete(f"the {what} that belongs to this {opening.span.text}", opening.span)
        if what not in (self.token.kind, self.token.reserved):
            raise self.unexpected()
        return self.advance()

    def simple_command(self) -> Command:
        """Assignments, words and redirections; an assignment counts as one only before the first word."""
        start = self.token.span.start
        assignments: list[Assignment] = []
        words: list[Word] = []
        redirects: list[Redirect] = []
        while True:
            token = self.token
            if token.kind == tokens.WORD:
                if (not words and (assignments or redirects)) or self.follows_blank():
                    self.replace_alias(command_word=False)
                    token = self.token
                    if token.kind != tokens.WORD:
                        continue
                assert token.word is not None
                assignment = None if words else as_assignment(token.word)
                if assignment:
                    assignments.append(assignment)
                else:
                    words.append(token.word)
                self.advance()
                if self.token.kind == "(" and len(words) == 1 and not (assignments or redirects):
                    from minishell.syntax import compound

                    return compound.function_definition(self, token)
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
        if word is None or self.token.kind == tokens.IO_NUMBER:
            if self.token.kind == tokens.END:
                raise Incomplete(f"the file name after {operator.kind}", operator.span)
            raise SyntaxProblem(f"{operator.kind} needs a file name after it", operator.span)
        target: Word | HereDocument = word
        if operator.kind in ("<<", "<<-"):
            from minishell.syntax.here_documents import announced

            target = announced(word, strip_tabs=operator.kind == "<<-")
            self.lexer.awaited.append(target)
        self.advance()  # only now: this may be the newline after which the document starts
        return Redirect(fd, operator.kind, target, self.since(start))

    def substitution(
        self, source: Source, at: int, more: More | None, depth: int
    ) -> tuple[Command | None, Source, int]:
        """What stands in `$( )`, from behind its opening; also the source, and where it goes on after the closing."""
        opening = Span(source, max(at - 2, 0), at)
        inner = Parser(source, more, at, depth, self.aliases)
        inner.advance()
        inner.linebreak()
        body = None if inner.token.kind in (")", tokens.END) else inner.compound_list()
        if inner.token.kind == tokens.END:
            raise Incomplete("the ) that belongs to this $(", opening)
        if inner.token.kind != ")":
            raise inner.unexpected()
        if inner.lexer.awaited:
            missing = inner.lexer.awaited[0].delimiter
            raise SyntaxProblem(f"the here-document up to {missing} must stand before this )", inner.token.span)
        return body, inner.source, inner.token.span.end


def parse_expandable(source: Source) -> Word:
    """A whole text whose expansions are made as inside double quotes: PS1, PS4 and ENV.  XCU 2.5.3."""
    from minishell.syntax.here_documents import expandable

    return expandable(source, 0, Parser(source).substitution)


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
