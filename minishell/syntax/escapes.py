"""Dollar-single-quotes: `$'a\tb'`.  POSIX.1-2024 XCU 2.2.4."""

from __future__ import annotations

from minishell.errors import SyntaxProblem
from minishell.source import Span
from minishell.syntax.lexer import Incomplete
from minishell.syntax.tree import Quoted

TYPE_CHECKING = False
if TYPE_CHECKING:
    from minishell.syntax.lexer import Lexer

ONE = {'"': '"', "'": "'", "\\": "\\", "a": "\a", "b": "\b", "e": "\x1b", "f": "\f", "n": "\n", "r": "\r", "t": "\t"}
ONE |= {"v": "\v"}
BASES = {"x": (16, 2, "0123456789abcdefABCDEF"), "": (8, 3, "01234567")}
r"""Base, number of digits at most, and the digits: after `\x`, and after the backslash alone."""


def dollar_quoted(lexer: Lexer, start: int) -> Quoted:
    """The characters from the quote at the lexer's place up to the next one that no backslash protects."""
    lexer.at += 1
    result = bytearray()
    while (character := lexer.peek()) != "'":
        if character == "" and not lexer.fill():
            raise Incomplete("a closing '", Span(lexer.source, start, start + 2))
        if character == "\\":
            result += escape(lexer)
        elif character:
            result += character.encode("utf-8", "surrogateescape")
            lexer.at += 1
    lexer.at += 1
    if 0 in result:
        raise SyntaxProblem("a NUL byte cannot be part of a command", lexer.span(start))
    return Quoted(result.decode("utf-8", "surrogateescape"), "$'")


def escape(lexer: Lexer) -> bytes:
    """What the backslash at the lexer's place and the characters behind it stand for; steps over them."""
    text, at = lexer.text, lexer.at + 1
    following = text[at : at + 1]
    if following in ONE and following:
        lexer.at = at + 1
        return ONE[following].encode()
    if following == "c" and text[at + 1 : at + 2]:
        lexer.at = at + 2
        return bytes([ord(text[at + 1].upper()) & 0x1F])
    kind = "x" if following == "x" else ""
    base, most, digits = BASES[kind]
    first = end = at + len(kind)
    while end < first + most and text[end : end + 1] and text[end] in digits:
        end += 1
    if end == first:
        lexer.at = at
        return b"\\"
    lexer.at = end
    return bytes([int(text[first:end], base) & 0xFF])


def quote(text: str) -> str:
    """`text` between `$'` and `'`, on one line."""
    names = {character: name for name, character in ONE.items() if name != '"'}
    return "$'" + "".join([f"\\{names[character]}" if character in names else character for character in text]) + "'"
