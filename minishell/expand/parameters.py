"""Parameter expansion: `$x`, `$?`, `"$@"`, `${x:-word}`.  POSIX.1-2024 XCU 2.5 and 2.6.2."""

from __future__ import annotations

from minishell.errors import ExpansionProblem
from minishell.expand.patterns import matching_lengths
from minishell.expand.pieces import BREAK, Piece, as_pattern, joined
from minishell.options import letters

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import TypeAlias

    from minishell.shell import Shell
    from minishell.syntax.tree import Parameter, Word

    Operand: TypeAlias = "Callable[[Shell, Word, bool], list[Piece]]"


def value(shell: Shell, name: str) -> str | None:
    """The value of a parameter other than `@` and `*`; None: it is unset."""
    if name in SPECIAL:
        return SPECIAL[name](shell)
    if name[0].isdigit():
        number = int(name)
        if number == 0:
            return shell.name
        return shell.arguments[number - 1] if number <= len(shell.arguments) else None
    return shell.variables.get(name)


SPECIAL: dict[str, Callable[[Shell], str | None]] = {
    "?": lambda shell: str(shell.status),
    "$": lambda shell: str(shell.pid),
    "!": lambda shell: None if shell.last_background is None else str(shell.last_background),
    "#": lambda shell: str(len(shell.arguments)),
    "-": lambda shell: letters(shell.options),
}


def pieces(shell: Shell, node: Parameter, quoted: bool, operand: Operand) -> list[Piece]:
    """What the parameter becomes; `operand` expands the word after its operator."""
    if node.name in ("@", "*"):
        found = all_arguments(shell, node.name, quoted)
        text = joined(found, " ") if shell.arguments else None  # two empty arguments are not nothing
    else:
        text = value(shell, node.name)
        if node.name == "LINENO" and text is None:
            text = str(node.span.line_number)
        found = [Piece(text or "", quoted=quoted, splits=not quoted)]
    if text is None and needs_value(node) and "nounset" in shell.options:
        raise ExpansionProblem(f"{node.name} is not set", node.span)
    if node.operator == "":
        return found
    if node.operator == "length":
        return [Piece(str(length(shell, node.name, text)), quoted=quoted, splits=not quoted)]
    assert node.word is not None
    if node.operator[0] in "#%":
        pattern = as_pattern(operand(shell, node.word, False))
        for piece in found:
            if piece is not BREAK:
                piece.text = trimmed(piece.text, node.operator, pattern)
        return found
    absent = text is None or (node.operator[0] == ":" and text == "")
    match node.operator[-1], absent:
        case ("+", True):
            return [Piece("", quoted=quoted)]
        case ("+", False) | ("-", True):
            return operand(shell, node.word, quoted)
        case ("=", True):
            return [Piece(assigned(shell, node, operand), quoted=quoted, splits=not quoted)]
        case ("?", True):
            said = joined(operand(shell, node.word, True), shell.variables.get("IFS"))
            reason = "is not set" if text is None else "is empty"
            raise ExpansionProblem(f"{node.name}: {said or reason}", node.span)
    return found


def all_arguments(shell: Shell, name: str, quoted: bool) -> list[Piece]:
    """`"$@"` keeps each argument a field, `"$*"` joins them with the first character of IFS."""
    ifs = shell.variables.get("IFS", " ")
    if quoted and name == "*":
        return [Piece(ifs[:1].join(shell.arguments), quoted=True)]
    result: list[Piece] = []
    for number, argument in enumerate(shell.arguments):
        if number > 0:
            result.append(BREAK)
        result.append(Piece(argument, quoted=quoted, splits=not quoted))
    return result


def needs_value(node: Parameter) -> bool:
    """Whether `set -u` applies: not to `$@` and `$*`, nor where the expansion says itself what to do."""
    return node.name not in ("@", "*") and (node.operator in ("", "length") or node.operator[0] in "#%")


def length(shell: Shell, name: str, text: str | None) -> int:
    """`${#x}` in characters; `${#@}` and `${#*}` count arguments."""
    return len(shell.arguments) if name in ("@", "*") else len(text or "")


def assigned(shell: Shell, node: Parameter, operand: Operand) -> str:
    """`${x:=word}`: only variables can be assigned so."""
    if not node.name.isidentifier():
        raise ExpansionProblem(f"${node.name} cannot be assigned this way", node.span)
    assert node.word is not None
    text = joined(operand(shell, node.word, False), shell.variables.get("IFS"))
    shell.variables.set(node.name, text, node.span, export="allexport" in shell.options)
    return text


def trimmed(text: str, operator: str, pattern: str) -> str:
    """`${x#pattern}` without the shortest match at the start, `##` the longest; `%` and `%%` at the end."""
    at_end = operator[0] == "%"
    lengths = matching_lengths(pattern, text, at_end=at_end)
    length = next(lengths, 0) if len(operator) == 1 else max(lengths, default=0)
    return text[: len(text) - length] if at_end else text[length:]
