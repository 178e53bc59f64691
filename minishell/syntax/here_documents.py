"""Here-documents: the lines behind the one that announces them.  POSIX.1-2024 XCU 2.7.4."""

from __future__ import annotations

from minishell.source import Source, Span
from minishell.syntax.lexer import IN_HERE_DOCUMENT, NOT_PLAIN_IN_QUOTES, Incomplete, Lexer
from minishell.syntax.tree import DoubleQuoted, HereDocument, Literal, Quoted, Word

TYPE_CHECKING = False
if TYPE_CHECKING:
    from minishell.syntax.lexer import Substitution
    from minishell.syntax.tree import Part


def announced(word: Word, strip_tabs: bool) -> HereDocument:
    """The document that ends in a line like `word`; its body is still to be read."""
    quoted = any(isinstance(part, Quoted | DoubleQuoted) for part in word.parts)
    return HereDocument(without_quotes(word.parts), quoted, strip_tabs)


def without_quotes(parts: tuple[Part, ...]) -> str:
    """The text of the delimiter: quotes go, expansions stay as they were typed."""
    texts = []
    for part in parts:
        if isinstance(part, Literal | Quoted):
            texts.append(part.text)
        elif isinstance(part, DoubleQuoted):
            texts.append(without_quotes(part.parts))
        else:
            texts.append(part.span.text)
    return "".join(texts)


def read_bodies(lexer: Lexer) -> None:
    """Read the bodies of the documents that are awaited, one after another."""
    awaited, lexer.awaited = lexer.awaited, []
    for document in awaited:
        first_line = lexer.source.line_number(lexer.at)
        body = read_lines(lexer, document)
        if document.quoted:
            document.body = Word((Quoted(body, "'"),), Span(lexer.source, lexer.at, lexer.at))
        else:
            document.body = expandable(Source(lexer.source.name, body, first_line), lexer.depth, lexer.substitution)


def read_lines(lexer: Lexer, document: HereDocument) -> str:
    """The lines up to the delimiter.  They are added to the source once, not one by one."""
    start = lexer.at
    lines: list[str] = []
    fetched: list[str] = []
    joined = False  # the line before ended in a backslash: this one cannot be the delimiter
    while True:
        newline = lexer.text.find("\n", lexer.at)
        if lexer.at < len(lexer.text):
            line = lexer.text[lexer.at : newline + 1] if newline >= 0 else lexer.text[lexer.at :]
            lexer.at += len(line)
        else:
            line = lexer.more() if lexer.more else ""
            fetched.append(line)
        if line == "":
            lexer.at = start
            raise Incomplete(f"the line {document.delimiter} that ends this here-document", lexer.span(start))
        if document.strip_tabs:
            line = line.lstrip("\t")
        if line.removesuffix("\n") == document.delimiter and not joined:
            break
        lines.append(line)
        joined = not document.quoted and trailing_backslashes(line) % 2 == 1
    lexer.source.text += "".join(fetched)
    lexer.text = lexer.source.text
    lexer.at += sum(map(len, fetched))
    return "".join(lines)


def trailing_backslashes(line: str) -> int:
    text = line.removesuffix("\n")
    return len(text) - len(text.rstrip("\\"))


def expandable(source: Source, depth: int, substitution: Substitution) -> Word:
    """A whole text whose expansions are made as inside double quotes, but in which a `"` means itself."""
    lexer = Lexer(source, 0, None, depth, substitution)
    parts = lexer.parts(NOT_PLAIN_IN_QUOTES - {'"'}, frozenset(), IN_HERE_DOCUMENT)
    return Word((DoubleQuoted(parts),), lexer.span(0))
