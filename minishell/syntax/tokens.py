"""The smallest pieces of a line.  POSIX.1-2024 XCU 2.3 Token Recognition."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from minishell.source import Span
    from minishell.syntax.tree import Word

OPERATORS = frozenset(
    ("&&", "||", ";;", ";&", "<<", ">>", "<&", ">&", "<>", "<<-", ">|", "|", "&", ";", "<", ">", "(", ")")
)
OPERATOR_STARTS = frozenset("|&;<>()")
REDIRECTIONS = frozenset(("<", ">", ">|", ">>", "<<", "<<-", "<&", ">&", "<>"))
RESERVED = frozenset(("!", "{", "}", "if", "then", "else", "elif", "fi", "do", "done", "case", "esac", "while"))
RESERVED |= {"until", "for", "in"}
COMPOUND_STARTS = frozenset(("(", "{", "if", "while", "until", "for", "case"))
"""What begins a compound command, where a command can stand."""

ENDS = frozenset(("}", "then", "else", "elif", "fi", "do", "done", "esac"))
"""Reserved words that end a list of commands, where a command could stand."""

WORD, NEWLINE, END, IO_NUMBER = "word", "newline", "end of input", "descriptor number"


class Token:
    """`kind` is WORD, NEWLINE, END, IO_NUMBER, or the operator itself."""

    __slots__ = ("kind", "span", "word")

    def __init__(self, kind: str, span: Span, word: Word | None = None) -> None:
        self.kind, self.span, self.word = kind, span, word

    def __repr__(self) -> str:
        return f"{self.kind} {self.span.text!r}"

    @property
    def reserved(self) -> str | None:
        """The text of a word that could be a reserved word, where the grammar allows one."""
        if self.word is None:
            return None
        text = self.word.unquoted()
        return text if text in RESERVED else None
