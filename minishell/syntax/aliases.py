"""Alias substitution: reading on in the text that a name stands for.  POSIX.1-2024 XCU 2.3.1."""

from __future__ import annotations

from minishell.source import Source

TYPE_CHECKING = False
if TYPE_CHECKING:
    from minishell.source import Span
    from minishell.syntax.lexer import Lexer


class Replacements:
    """The aliases replaced so far in what a lexer reads."""

    def __init__(self, lexer: Lexer) -> None:
        self.lexer = lexer
        self.ends: list[tuple[str, int]] = []
        """Each name whose text may still be read, and where that text ends"""
        self.blank_ends: list[int] = []
        """Where texts end whose last character is a blank"""

    def replace(self, span: Span, name: str, value: str) -> bool:
        """Put `value` where the alias `name` stands, and read on there; False: it stands in its own text.

        The text goes on in a new source: places in the old one stay true.
        """
        if any(name == other and span.start < end for other, end in self.ends):
            return False
        lexer, end = self.lexer, span.start + len(value)
        grown = end - span.end
        self.ends = [(other, at + grown) for other, at in self.ends if at > span.start]
        self.ends.append((name, end))
        self.blank_ends = [at + grown for at in self.blank_ends if at > span.start]
        if value[-1:] in (" ", "\t"):
            self.blank_ends.append(end)
        lexer.source = Source(
            lexer.source.name, lexer.text[: span.start] + value + lexer.text[span.end :], lexer.source.first_line
        )
        lexer.text, lexer.at = lexer.source.text, span.start
        return True

    def before(self, at: int) -> bool:
        """Whether the word at `at` is the next one behind a text that ended in a blank: it may be an alias too."""
        text = self.lexer.text
        return any(end <= at and text[end:at].replace("\\\n", "").strip(" \t") == "" for end in self.blank_ends)
