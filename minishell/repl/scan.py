"""What stands where in a line that may still be unfinished or wrong: the base of highlighting and completion.

The characters are read by the shell's own lexer, which is made here to note each thing as it passes over it.
Which word is a command, and which an argument, is the business of `roles`.
"""

from __future__ import annotations

from minishell.errors import SyntaxProblem
from minishell.repl.kinds import (
    ARGUMENT,
    BACKQUOTED,
    COMMENT,
    DELIMITER,
    DOCUMENT,
    DOUBLE,
    ERROR,
    ESCAPE,
    NUMBER,
    OPERATOR,
    PARAMETER,
    PLAIN,
    REDIRECTION,
    SINGLE,
    SUBSTITUTION,
    Piece,
)
from minishell.repl.roles import Roles
from minishell.source import Source, Span
from minishell.syntax import tokens
from minishell.syntax.here_documents import announced, read_lines
from minishell.syntax.lexer import IN_HERE_DOCUMENT, NOT_PLAIN_IN_QUOTES, Incomplete, Lexer
from minishell.syntax.names import DIGITS
from minishell.syntax.tree import Literal, Quoted, Word

TYPE_CHECKING = False
if TYPE_CHECKING:
    from minishell.syntax.lexer import More
    from minishell.syntax.tokens import Token
    from minishell.syntax.tree import Command, HereDocument, Part

SPECIAL = {"'": SINGLE, '"': DOUBLE, "\\": ESCAPE, "$": PARAMETER, "`": BACKQUOTED, "\0": ERROR}
"""What a special character in a word begins."""


def scan(text: str) -> Scanner:
    """Read all of `text`.  Never raises: what is wrong becomes a piece of kind ERROR."""
    scanner = Scanner(Source("typed", text))
    try:
        scanner.read()
    except Incomplete:
        pass
    return scanner


class Scanner(Lexer):
    """Reads one list of commands: the whole text, or what stands between the brackets of a `$( )`.

    Afterwards `pieces` holds what was found, and `roles` tells what could be typed next.
    """

    def __init__(self, source: Source, at: int = 0, depth: int = 0) -> None:
        super().__init__(source, at, None, depth, self.inside)
        self.pieces: list[Piece] = []
        self.parents = [self.pieces]
        self.roles = Roles()
        self.inner: Scanner | None = None
        """The list inside a substitution that never ended"""

    def read(self, closing: str = "") -> bool:
        """Read up to a `closing` that has no opening here, or False: to the end.  Raises Incomplete."""
        while True:
            token = self.next()
            if token.kind == tokens.END:
                return False
            if token.kind == closing and self.roles.is_level:
                return True
            if token.word is None:
                self.roles.pass_operator(token.kind)

    def touched_piece(self) -> Piece | None:
        """The piece that reaches to the end of the text; None: there are blanks at the end, or nothing at all."""
        last = self.pieces[-1] if self.pieces else None
        return last if last is not None and last.end == len(self.text) else None

    # Noting what the lexer passes over

    def note(self, kind: str, start: int, end: int) -> Piece:
        piece = Piece(kind, start, end)
        self.parents[-1].append(piece)
        return piece

    def next(self) -> Token:
        """The next token, noted together with the comment before it."""
        token = super().next()
        if token.word is None and token.span.end > token.span.start and token.kind != tokens.NEWLINE:
            redirects = token.kind in tokens.REDIRECTIONS
            self.note(REDIRECTION if redirects else OPERATOR, token.span.start, token.span.end)
        elif token.kind == tokens.IO_NUMBER:
            self.pieces[-1].kind = NUMBER
        return token

    def skip_blanks_and_comment(self) -> None:
        start = self.at
        super().skip_blanks_and_comment()
        comment = self.text.find("#", start, self.at)
        if comment >= 0:
            self.note(COMMENT, comment, self.at)

    def word(self) -> Word:
        piece = self.note(ARGUMENT, self.at, self.at)
        self.parents.append(piece.children)
        word = Word((), Span(self.source, self.at, self.at))
        try:
            word = super().word()
        except Incomplete:
            piece.unfinished = True
            raise
        finally:
            self.parents.pop()
            piece.end = self.at
            if not self.is_io_number(word):
                self.place(piece, word)
        return word

    def place(self, piece: Piece, word: Word) -> None:
        operator = self.roles.redirection
        self.roles.place(piece, word, self.text[piece.start : piece.end])
        if piece.kind == DELIMITER:
            self.awaited.append(announced(word, strip_tabs=operator == "<<-"))

    def is_io_number(self, word: Word) -> bool:
        return self.peek() in ("<", ">") and DIGITS.issuperset(word.unquoted() or "-")

    def special_part(self, character: str, escapes: str | None) -> Part | None:
        """A quote, an escape or an expansion.  What is wrong in it spoils no more than this piece."""
        piece = self.note(SPECIAL[character], self.at, self.at)
        self.parents.append(piece.children)
        depth = self.depth
        part: Part | None = Literal("")
        try:
            part = super().special_part(character, escapes)
        except Incomplete:
            piece.unfinished = True
            self.at = len(self.text)
            raise
        except SyntaxProblem:
            piece.kind = ERROR
            self.depth = depth
            self.at = max(self.at, piece.start + 1)
        finally:
            self.parents.pop()
            piece.end = self.at
        if isinstance(part, Literal) and piece.kind != ERROR:
            piece.kind = PLAIN  # a dollar or a backslash that means only itself
        return part

    def command_substitution(self, start: int) -> Part:
        self.piece_at(start).kind = SUBSTITUTION
        return super().command_substitution(start)

    def backquoted(self, quoted: bool) -> Part:
        """Read what stands inside in place, so that its pieces are where they were typed."""
        start = self.at
        end = self.end_of_backquotes(start)
        self.enter(self.span(start))
        copy = Source(self.source.name, self.text[: len(self.text) if end < 0 else end])
        self.substitute(Scanner(copy, start + 1, self.depth), "")
        self.leave()
        if end < 0:
            raise Incomplete("a closing `", Span(self.source, start, start + 1))
        self.inner = None
        self.at = end + 1
        return Quoted("", "`")

    def end_of_backquotes(self, start: int) -> int:
        at = start + 1
        while (character := self.text[at : at + 1]) not in ("", "`"):
            at += 2 if character == "\\" else 1
        return at if character else -1

    def piece_at(self, start: int) -> Piece:
        """The innermost piece that is being read; it begins at `start`."""
        piece = self.parents[-2][-1]
        assert piece.start == start
        return piece

    def inside(self, source: Source, at: int, more: More | None, depth: int) -> tuple[Command | None, Source, int]:
        """What stands in `$( )`; called by the lexer."""
        inner = Scanner(source, at, depth)
        if not self.substitute(inner, ")"):
            raise Incomplete("the ) that belongs to this $(", Span(source, at - 2, at))
        self.inner = None
        return None, source, inner.at

    def substitute(self, inner: Scanner, closing: str) -> bool:
        """Let `inner` read, noting what it finds inside the present piece.  Whether it came to `closing`."""
        inner.pieces = self.parents[-1]
        inner.parents = [inner.pieces]
        self.inner = inner
        return inner.read(closing)

    # Here-documents

    def read_here_documents(self) -> None:
        awaited, self.awaited = self.awaited, []
        for document in awaited:
            self.read_here_document(document)

    def read_here_document(self, document: HereDocument) -> None:
        piece = self.note(DOCUMENT, self.at, len(self.text))
        try:
            read_lines(self, document)
        except Incomplete:
            piece.unfinished = True
            self.at = len(self.text)
            self.expansions_in(piece, document)
            raise
        last_line = self.text.rfind("\n", piece.start, self.at - 1) + 1
        piece.end = max(last_line, piece.start)
        self.expansions_in(piece, document)
        self.note(DELIMITER, piece.end, self.at)

    def expansions_in(self, piece: Piece, document: HereDocument) -> None:
        if document.quoted:
            return
        inner = Scanner(Source(self.source.name, self.text[: piece.end]), piece.start, self.depth)
        inner.parents = [piece.children]
        try:
            inner.parts(NOT_PLAIN_IN_QUOTES - {'"'}, frozenset(), IN_HERE_DOCUMENT)
        except Incomplete:
            if piece.unfinished:
                self.inner = inner.inner
