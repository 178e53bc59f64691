"""From a tree back to text on one line, as `jobs` shows it.

What is parsed from the result is the same tree again, except that here-documents need lines of their own:
they are shown by their delimiter alone.
"""

from __future__ import annotations

from minishell.syntax import escapes
from minishell.syntax.quoting import single_quoted
from minishell.syntax.tokens import RESERVED
from minishell.syntax.tree import (
    AndOr,
    Arithmetic,
    Assignment,
    Background,
    Case,
    CaseItem,
    CommandSubstitution,
    DoubleQuoted,
    For,
    Function,
    Group,
    HereDocument,
    If,
    Literal,
    Loop,
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
    from minishell.syntax.tree import Command, Compound, Part


def unparse(command: Command) -> str:
    """The command as one line of text."""
    match command:
        case Simple(assignments, words, redirects):
            before, after = map(assignment, assignments), map(redirect, redirects)
            if words and words[0].unquoted() in RESERVED:  # it is an ordinary word only behind something else
                return " ".join([*before, *after, *map(word, words)])
            return " ".join([*before, *map(word, words), *after])
        case Pipeline(commands, negated):
            return ("! " if negated else "") + " | ".join(map(unparse, commands))
        case AndOr(first, rest):
            return unparse(first) + "".join(f" {operator} {unparse(other)}" for operator, other in rest)
        case Background(inner):
            return f"{unparse(inner)} &"
        case Sequence(commands):
            return " ".join([*map(terminated, commands[:-1]), unparse(commands[-1])])
        case Function(name, body):
            return f"{name}() {unparse(body)}"
    return " ".join([compound(command), *map(redirect, command.redirects)])


def compound(command: Compound) -> str:
    """A compound command without its redirections."""
    match command:
        case Subshell(body):
            return f"({spaced(unparse(body))})"
        case Group(body):
            return f"{{ {terminated(body)} }}"
        case If(branches, otherwise):
            tests = [f"if {terminated(condition)} then {terminated(body)}" for condition, body in branches]
            last = f" else {terminated(otherwise)}" if otherwise else ""
            return f"{' el'.join(tests)}{last} fi"
        case Loop(until, condition, body):
            return f"{'until' if until else 'while'} {terminated(condition)} do {terminated(body)} done"
        case For(name, None, body):
            return f"for {name}; do {terminated(body)} done"
        case For(name, words, body):
            return f"for {name} in{''.join(f' {word(each)}' for each in words or ())}; do {terminated(body)} done"
        case Case(subject, items):
            return f"case {word(subject)} in {''.join(map(case_item, items))}esac"


def case_item(item: CaseItem) -> str:
    patterns = " | ".join(map(word, item.patterns))
    body = f" {unparse(item.body)}" if item.body else ""
    return f"({patterns}){body} {';&' if item.falls_through else ';;'} "


def terminated(command: Command) -> str:
    """With the `;` that another command or a closing word needs in front of it; `&` serves as well."""
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
            delimiter = single_quoted(document.delimiter) if document.quoted else document.delimiter
            return f"{number}{node.operator}{delimiter}"
        case target:
            gap = "" if node.operator in ("<&", ">&") else " "
            return f"{number}{node.operator}{gap}{word(target)}"


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
        case Quoted(text, "$'"):
            return escapes.quote(text)
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
        case Arithmetic(inner):
            return f"$(({parts(inner)}))"
        case CommandSubstitution(body):
            return f"$({spaced(unparse(body)) if body else ''})"
