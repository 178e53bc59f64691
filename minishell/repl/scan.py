"""What stands where in a line that may still be unfinished or wrong: the base of highlighting and completion.

The characters are read by the shell's own lexer, which is made here to note each thing as it passes over it.
Which word is a command is then told by what stands before it; the parser knows that too, but it stops at the
first error, and a line that is being typed is wrong most of the time.
"""

from __future__ import annotations

from minishell.errors import SyntaxProblem
from minishell.source import Source, Span
from minishell.syntax import tokens
from minishell.syntax.lexer import DIGITS, IN_HERE_DOCUMENT, NOT_PLAIN_IN_QUOTES, Incomplete, Lexer
from minishell.syntax.parser import as_assignment, here_document
from minishell.syntax.tree import Literal, Quoted, Word

TYPE_CHECKING = False
if TYPE_CHECKING:
    from minishell.syntax.lexer import More
    from minishell.syntax.tokens import Token
    from minishell.syntax.tree import Command, HereDocument, Part

# What a piece can be: first those that words are ...
COMMAND, ARGUMENT, ASSIGNMENT, RESERVED, TARGET, DELIMITER = (
    "command",
    "argument",
    "assignment",
    "reserved",
    "target",
    "delimiter",
)
NAME, PATTERN, NUMBER = "name", "pattern", "number"
WORDS = frozenset((COMMAND, ARGUMENT, ASSIGNMENT, RESERVED, TARGET, DELIMITER, NAME, PATTERN, NUMBER))
# ... then what stands inside words ...
SINGLE, DOUBLE, ESCAPE, PARAMETER, SUBSTITUTION, BACKQUOTED, PLAIN, ERROR = (
    "single",
    "double",
    "escape",
    "parameter",
    "substitution",
    "backquoted",
    "plain",
    "error",
)
# ... and between them.
OPERATOR, REDIRECTION, COMMENT, DOCUMENT = "operator", "redirection", "comment", "document"

SPECIAL = {"'": SINGLE, '"': DOUBLE, "\\": ESCAPE, "$": PARAMETER, "`": BACKQUOTED, "\0": ERROR}

BEFORE_COMMANDS = frozenset(("!", "{", "if", "then", "else", "elif", "do", "while", "until"))
ENDS_OF_COMPOUNDS = frozenset(("}", "fi", "done", "esac"))
# What may come next besides a command, an argument or a pattern: nothing but the end of a compound command,
# the variable after `for`, the word after `case`, and the `in` of either.
CLOSED, VARIABLE, SUBJECT, IN = "closed", "variable", "subject", "in"


class Piece:
    """A part of the text and what it is; its children lie inside it.  `unfinished`: it never ended."""

    __slots__ = ("children", "end", "kind", "start", "unfinished")

    def __init__(self, kind: str, start: int, end: int) -> None:
        self.kind, self.start, self.end = kind, start, end
        self.children: list[Piece] = []
        self.unfinished = False

    def __repr__(self) -> str:
        return f"Piece({self.kind}, {self.start}, {self.end}, {self.children})"


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

    Afterwards `pieces` holds what was found, and `expects`, `words` and `redirection` tell what could be typed
    next.
    """

    def __init__(self, source: Source, at: int = 0, depth: int = 0) -> None:
        super().__init__(source, at, None, depth, self.inside)
        self.pieces: list[Piece] = []
        self.parents = [self.pieces]
        self.expects = COMMAND
        self.words: list[Piece] = []
        """Of the simple command that is being read, its name first"""
        self.redirection = ""
        """The operator whose file name has not come yet"""
        self.brackets: list[str] = []
        """For each open `(`, what its `)` makes possible"""
        self.cases = 0
        self.inner: Scanner | None = None
        """The list inside a substitution that never ended"""

    def read(self, closing: str = "") -> bool:
        """Read up to a `closing` that has no opening here, or False: to the end.  Raises Incomplete."""
        while True:
            token = self.next()
            if token.kind == tokens.END:
                return False
            if token.kind == closing and not self.brackets and self.expects != PATTERN:
                return True
            if token.word is None:
                self.pass_operator(token.kind)

    def last_piece(self) -> Piece | None:
        """The piece in which the list ends, or the one before the blanks at its end."""
        return self.pieces[-1] if self.pieces else None

    @property
    def next_kind(self) -> str:
        """What a word would be that came next."""
        if not self.redirection:
            return self.expects
        if self.redirection in ("<&", ">&"):
            return NUMBER
        return DELIMITER if self.redirection in ("<<", "<<-") else TARGET

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

    def inside(self, source: Source, at: int, more: More | None, depth: int) -> tuple[Command | None, int]:
        """What stands in `$( )`; called by the lexer."""
        inner = Scanner(source, at, depth)
        if not self.substitute(inner, ")"):
            raise Incomplete("the ) that belongs to this $(", Span(source, at - 2, at))
        self.inner = None
        return None, inner.at

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
            self.here_document_text(document)
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

    # Which word is what

    def place(self, piece: Piece, word: Word) -> None:
        """A word has been read: say what it is, and what may come after it."""
        if self.redirection:
            self.place_target(piece, word)
            return
        text = word.unquoted() or ""
        if self.expects == ARGUMENT:
            self.words.append(piece)
        elif self.expects == VARIABLE:
            piece.kind, self.expects = NAME, IN
        elif self.expects == SUBJECT:
            self.expects = IN
        elif self.expects == IN and text == "in":
            piece.kind = RESERVED
            self.expects = PATTERN if self.cases else ARGUMENT
        elif self.expects == PATTERN and text != "esac":
            piece.kind = PATTERN
        elif text in tokens.RESERVED:
            self.place_reserved(piece, text)
        elif self.expects == COMMAND:
            self.place_first(piece, word)

    def place_target(self, piece: Piece, word: Word) -> None:
        piece.kind = self.next_kind
        if piece.kind == DELIMITER:
            self.awaited.append(here_document(word, strip_tabs=self.redirection == "<<-"))
        self.redirection = ""

    def place_reserved(self, piece: Piece, text: str) -> None:
        piece.kind = RESERVED
        if text in BEFORE_COMMANDS:
            self.expects = COMMAND
        elif text in ENDS_OF_COMPOUNDS:
            self.expects = CLOSED
            self.cases -= text == "esac" and self.cases > 0
        elif text == "for":
            self.expects = VARIABLE
        elif text == "case":
            self.expects = SUBJECT
            self.cases += 1

    def place_first(self, piece: Piece, word: Word) -> None:
        """An assignment in front of a command, or the command."""
        if as_assignment(word) or is_unfinished_assignment(piece, self.text):
            piece.kind = ASSIGNMENT
            return
        piece.kind = COMMAND
        self.words = [piece]
        self.expects = ARGUMENT

    def pass_operator(self, kind: str) -> None:
        if kind in tokens.REDIRECTIONS:
            self.redirection = kind
            return
        self.redirection = ""
        defines = kind == "(" and self.expects == ARGUMENT and len(self.words) == 1
        in_pattern = self.expects == PATTERN and kind in ("(", "|", tokens.NEWLINE)
        self.words = []
        if in_pattern:
            return
        if kind == "(":
            self.brackets.append(COMMAND if defines else CLOSED)
            self.expects = COMMAND
        elif kind == ")" and self.expects != PATTERN and self.brackets:
            self.expects = self.brackets.pop()
        elif kind == ";;" and self.cases:
            self.expects = PATTERN
        else:
            self.expects = COMMAND


def is_unfinished_assignment(piece: Piece, text: str) -> bool:
    """`name="…` whose quote is still open: the lexer had no word to give."""
    name, equals, _ = text[piece.start : piece.end].partition("=")
    return piece.unfinished and equals == "=" and name.isidentifier() and name.isascii()
