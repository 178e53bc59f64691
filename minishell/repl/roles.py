"""Which word of a line is a command, an argument, a file name: told by what stands before it.

The parser knows that too, and better; but it stops at the first error, and a line that is being typed is wrong
most of the time.
"""

from __future__ import annotations

from minishell.repl.kinds import (
    ARGUMENT,
    ASSIGNMENT,
    COMMAND,
    DELIMITER,
    NAME,
    NUMBER,
    PATTERN,
    RESERVED,
    TARGET,
    Piece,
)
from minishell.syntax import tokens
from minishell.syntax.parser import as_assignment

TYPE_CHECKING = False
if TYPE_CHECKING:
    from minishell.syntax.tree import Word

BEFORE_COMMANDS = frozenset(("!", "{", "if", "then", "else", "elif", "do", "while", "until"))
ENDS_OF_COMPOUNDS = frozenset(("}", "fi", "done", "esac"))
# What may come next besides a command, an argument or a pattern: nothing more of a compound command, the
# variable after `for`, the word after `case`, and the `in` of each.
CLOSED, VARIABLE, SUBJECT, IN_LIST, IN_CASE = "closed", "variable", "subject", "in a list", "in a case"
AFTER_IN = {IN_LIST: ARGUMENT, IN_CASE: PATTERN}


class Roles:
    """Follows one list of commands, word by word and operator by operator."""

    def __init__(self) -> None:
        self.expects = COMMAND
        """What a word would be that came next, redirections aside"""
        self.words: list[Piece] = []
        """Of the simple command that is being read, its name first"""
        self.redirection = ""
        """The operator whose file name has not come yet"""
        self.brackets: list[str] = []
        """For each open `(`, what its `)` makes possible"""
        self.cases = 0
        """How many `case` are open"""

    @property
    def next_kind(self) -> str:
        """What a word would be that came next."""
        if not self.redirection:
            return self.expects
        if self.redirection in ("<&", ">&"):
            return NUMBER
        return DELIMITER if self.redirection in ("<<", "<<-") else TARGET

    @property
    def is_level(self) -> bool:
        """Whether a `)` that came now would close what was opened before this list."""
        return not self.brackets and self.expects != PATTERN

    def place(self, piece: Piece, word: Word, raw: str) -> None:
        """A word has been read, as typed `raw`: say what it is, and what may come after it.

        `word` has no parts if the lexer came to no end with it.
        """
        if self.redirection:
            piece.kind, self.redirection = self.next_kind, ""
            return
        text = word.unquoted() or ""
        if self.expects == ARGUMENT:
            self.words += [piece] if self.words else []  # those of a `for` are of no command
        elif self.expects == VARIABLE:
            piece.kind, self.expects = NAME, IN_LIST
        elif self.expects == SUBJECT:
            self.expects = IN_CASE
        elif self.expects in AFTER_IN and text == "in":
            piece.kind, self.expects = RESERVED, AFTER_IN[self.expects]
        elif self.expects == PATTERN and text != "esac":
            piece.kind = PATTERN
        elif text in tokens.RESERVED:
            self.place_reserved(piece, text)
        elif self.expects == COMMAND:
            self.place_first(piece, word, raw)

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

    def place_first(self, piece: Piece, word: Word, raw: str) -> None:
        """An assignment in front of a command, or the command."""
        if as_assignment(word) or is_unfinished_assignment(piece, raw):
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


def is_unfinished_assignment(piece: Piece, raw: str) -> bool:
    """`name="…` whose quote is still open: the lexer had no word to give."""
    name, equals, _ = raw.partition("=")
    return piece.unfinished and equals == "=" and name.isidentifier() and name.isascii()
