"""What becomes of a word that is not plain, in POSIX's order: tilde, parameters and commands; then splitting;
then pathnames; then quotes go.

POSIX.1-2024 XCU 2.6.  While a word is expanded its text is kept as pieces that know whether they were
quoted: only unquoted results are split, and only unquoted characters are patterns.
"""

from __future__ import annotations

from minishell.errors import ShellError
from minishell.expand import parameters
from minishell.expand.pathnames import pathnames
from minishell.expand.pieces import BREAK, Piece, as_pattern, split
from minishell.expand.tilde import expand_tildes
from minishell.source import Field
from minishell.syntax.tree import Arithmetic, CommandSubstitution, DoubleQuoted, Literal, Parameter, Quoted

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from minishell.shell import Shell
    from minishell.source import Span
    from minishell.syntax.tree import Part, Word


def expanded(shell: Shell, word: Word) -> list[Field]:
    """The fields that `word` becomes."""
    result: list[Field] = []
    for field in split(pieces(shell, word), shell.variables.get("IFS")):
        names = pathnames(shell, field) if "noglob" not in shell.options else None
        if names is None:
            result.append(Field("".join([piece.text for piece in field]), word.span))
        else:
            result += [Field(name, word.span) for name in names]
    return result


def pieces(shell: Shell, word: Word, assignment: bool = False, quoted: bool = False) -> list[Piece]:
    """The word after tilde, parameter and command expansion."""
    parts = word.parts if quoted else expand_tildes(shell, word, assignment)
    return [piece for part in parts for piece in part_pieces(shell, part, quoted)]


def part_pieces(shell: Shell, part: Part, quoted: bool) -> list[Piece]:
    match part:
        case Literal(text):
            return [Piece(text, quoted=quoted)]
        case Quoted(text):
            return [Piece(text, quoted=True)]
        case DoubleQuoted(parts):
            return double_quoted(shell, parts)
        case CommandSubstitution(body):
            output = shell.capture(shell, body) if body else b""
            captured = output.replace(b"\0", b"").rstrip(b"\n").decode("utf-8", "surrogateescape")
            return [Piece(captured, quoted=quoted, splits=not quoted)]
        case Arithmetic(parts, span):
            return [Piece(str(arithmetic(shell, parts, span)), quoted=quoted, splits=not quoted)]
        case Parameter():
            return parameters.pieces(shell, part, quoted, operand_pieces)


def pattern(shell: Shell, word: Word) -> str:
    """The word as a pattern."""
    return as_pattern(pieces(shell, word))


def arithmetic(shell: Shell, parts: Sequence[Part], span: Span) -> int:
    from minishell.expand.arithmetic import compile, placed

    text = "".join([piece.text for part in parts for piece in part_pieces(shell, part, True)])
    try:
        return compile(text, span)(shell)
    except ShellError as problem:
        raise placed(problem, text, span) from None


def double_quoted(shell: Shell, parts: Sequence[Part]) -> list[Piece]:
    """`"…"` is at least an empty field, unless all that is in it is a `$@` without arguments."""
    inside = [piece for part in parts for piece in part_pieces(shell, part, True)]
    only_arguments = bool(parts) and all(isinstance(part, Parameter) and part.name == "@" for part in parts)
    if inside or only_arguments:
        return inside
    return [Piece("", quoted=True)]


def operand_pieces(shell: Shell, word: Word, quoted: bool) -> list[Piece]:
    """The word in `${name:-word}`, quoted as the expansion around it is; its results are split as its are."""
    result = pieces(shell, word, quoted=quoted)
    return [p if p is BREAK else Piece(p.text, quoted=p.quoted, splits=not p.quoted) for p in result]
