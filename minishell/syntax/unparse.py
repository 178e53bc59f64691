"""From a tree back to text on one line, as `jobs` shows it.

What is parsed from the result is the same tree again, except that here-documents need lines of their own:
they are shown by their delimiter alone.
"""

from __future__ import annotations

from minishell.syntax.tokens import RESERVED
from minishell.syntax.tree import (
    AndOr,
    Assignment,
    Background,
    CommandSubstitution,
    DoubleQuoted,
    Group,
    HereDocument,
    Literal,
    Parameter,
    Pipeline,
    Quoted,
    Redirect,
    Sequence,
    Simple,
    Subshell,
    Word,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from minishell.syntax.tree import Command, Part


def unparse(command: Command) -> str:
    """The command as one line of text."""
    match command:
        case Simple(assignments, words, redirects):
            before, after = map(assignment, assignments), map(redirect, redirects)
            if words and words[0].unquoted() in RESERVED:  # it is an ordinary word only behind something else
                return " ".join([*before, *after, *map(word, words)])
            return " ".join([*before, *map(word, words), *after])
        case Subshell(body, redirects):
            return " ".join([f"({spaced(unparse(body))})", *map(redirect, redirects)])
        case Group(body, redirects):
            return " ".join([f"{{ {terminated(body)} }}", *map(redirect, redirects)])
        case Pipeline(commands, negated):
            return ("! " if negated else "") + " | ".join(map(unparse, commands))
        case AndOr(first, rest):
            return unparse(first) + "".join(f" {operator} {unparse(other)}" for operator, other in rest)
        case Background(inner):
            return f"{unparse(inner)} &"
        case Sequence(commands):
            return " ".join([*map(terminated, commands[:-1]), unparse(commands[-1])])


def terminated(command: Command) -> str:
    """With the `;` that another command or a `}` needs in front of it; `&` serves as well."""
    text = unparse(command)
    return text if isinstance(command, Background) or text.endswith(" &") else f"{text};"


def spaced(text: str) -> str:
    """`((` would start arithmetic: keep two opening brackets apart."""
    return f" {text} " if text.startswith("(") else text


def assignment(node: Assignment) -> str:
    return f"{node.name}={word(node.value)}"


def redirect(node: Redirect) -> str:
    number = "" if node.fd is None else str(node.fd)
    match node.target:
        case HereDocument() as document:
            return f"{number}{node.operator}{quoted_delimiter(document)}"
        case target:
            gap = "" if node.operator in ("<&", ">&") else " "
            return f"{number}{node.operator}{gap}{word(target)}"


def quoted_delimiter(document: HereDocument) -> str:
    if not document.quoted:
        return document.delimiter
    return "'" + document.delimiter.replace("'", "'\\''") + "'"


def word(node: Word) -> str:
    return parts(node.parts)


def parts(nodes: tuple[Part, ...]) -> str:
    texts = [part(node) for node in nodes]
    for index, node in enumerate(nodes[:-1]):
        following = texts[index + 1][:1]
        joins = following.isalnum() or following == "_"
        if isinstance(node, Parameter) and not node.operator and joins:
            texts[index] = f"${{{node.name}}}"  # keep `${a}b` from becoming `$ab`
    return "".join(texts)


def part(node: Part) -> str:
    match node:
        case Literal(text):
            return text
        case Quoted(text, "'"):
            return f"'{text}'"
        case Quoted(text):
            return f"\\{text}"
        case DoubleQuoted(inner):
            return f'"{parts(inner)}"'
        case Parameter(name, "", _):
            return f"${name}" if len(name) == 1 or not name[0].isdigit() else f"${{{name}}}"
        case Parameter(name, "length", _):
            return f"${{#{name}}}"
        case Parameter(name, operator, operand):
            return f"${{{name}{operator}{word(operand) if operand else ''}}}"
        case CommandSubstitution(body):
            return f"$({spaced(unparse(body)) if body else ''})"
