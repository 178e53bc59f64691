"""Trees such as the parser makes, drawn at random: one function per rule of the grammar.

Here-documents are left out: they do not fit on one line.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from hypothesis import strategies as st

from minishell.syntax.lexer import PARAMETER_OPERATORS
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
from tests.trees import NOWHERE

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import TypeVar

    from minishell.syntax.tree import Command, Compound, Part

    Value = TypeVar("Value")

PLAIN = "abcXYZ019_-+=./:,@%^~*?[]{}!#éß日\udc80"
NAMES = ("a", "x1", "_y", "HOME")
SPECIAL = (*"@*#?-$!019", "10")
FILE_OPERATORS = ("<", ">", ">>", ">|", "<>", "<&", ">&")
LARGEST = 20
"""How many nodes a tree has, or a few more."""

UNQUOTED_ANY = st.characters(exclude_characters="\0\n", exclude_categories=["Cs"])
SINGLE_QUOTED_ANY = st.characters(exclude_characters="\0'", exclude_categories=["Cs"])


@st.composite
def commands(draw: st.DrawFn) -> Command:
    """A complete command, with others in it up to two levels deep."""
    return Tree(draw).list(2)


class Tree:
    """`depth`: how many levels of brackets and substitutions may still come."""

    def __init__(self, draw: st.DrawFn) -> None:
        self.draw = draw
        self.left = LARGEST

    def some(self, make: Callable[[], Value], least: int, most: int) -> tuple[Value, ...]:
        """As few as may be, once the tree has grown large: deep ones would have no end."""
        count = self.draw(st.integers(least, most)) if self.left > 0 else least
        self.left -= count
        return tuple([make() for _ in range(count)])

    def maybe(self) -> bool:
        return self.draw(st.booleans())

    def text(self, alphabet: str | st.SearchStrategy[str], least: int = 1) -> str:
        return self.draw(st.text(alphabet, min_size=least, max_size=5))

    def one_of(self, values: tuple[Value, ...]) -> Value:
        return self.draw(st.sampled_from(values))

    # Commands

    def list(self, depth: int) -> Command:
        items = self.some(lambda: self.item(depth), 1, 3)
        return items[0] if len(items) == 1 else Sequence(items, NOWHERE)

    def item(self, depth: int) -> Command:
        command = self.and_or(depth)
        return Background(command, NOWHERE) if self.maybe() else command

    def and_or(self, depth: int) -> Command:
        first = self.pipeline(depth)
        rest = self.some(lambda: (self.one_of(("&&", "||")), self.pipeline(depth)), 0, 2)
        return AndOr(first, rest, NOWHERE) if rest else first

    def pipeline(self, depth: int) -> Command:
        negated = self.maybe()
        stages = self.some(lambda: self.command(depth), 1, 3)
        return Pipeline(stages, negated, NOWHERE) if negated or len(stages) > 1 else stages[0]

    def command(self, depth: int) -> Command:
        if depth == 0 or self.left <= 0 or self.maybe():
            return self.simple(depth)
        if self.draw(st.integers(0, 9)) == 0:
            return Function(self.one_of(NAMES), self.compound(depth - 1), NOWHERE)
        return self.compound(depth - 1)

    def compound(self, depth: int) -> Compound:
        """What is in it may still go `depth` levels deeper."""
        match self.one_of(("group", "subshell", "if", "loop", "for", "case")):
            case "group":
                return Group(self.list(depth), self.redirects(), NOWHERE)
            case "subshell":
                return Subshell(self.list(depth), self.redirects(), NOWHERE)
            case "if":
                branches = self.some(lambda: (self.list(depth), self.list(depth)), 1, 2)
                return If(branches, self.list(depth) if self.maybe() else None, self.redirects(), NOWHERE)
            case "loop":
                return Loop(self.maybe(), self.list(depth), self.list(depth), self.redirects(), NOWHERE)
            case "for":
                words = self.some(lambda: self.word(0), 0, 3) if self.maybe() else None
                return For(self.one_of(NAMES), words, self.list(depth), self.redirects(), NOWHERE)
        items = self.some(lambda: self.case_item(depth), 0, 3)
        return Case(self.word(0), items, self.redirects(), NOWHERE)

    def case_item(self, depth: int) -> CaseItem:
        patterns = self.some(lambda: self.word(0), 1, 2)
        return CaseItem(patterns, self.list(depth) if self.maybe() else None, self.maybe())

    def redirects(self) -> tuple[Redirect, ...]:
        return self.some(lambda: self.redirect(0), 0, 1)

    def simple(self, depth: int) -> Command:
        """A reserved word may come first where a redirection stands before it, and only there."""
        assignments = self.some(lambda: self.assignment(depth), 0, 2)
        redirects = self.some(lambda: self.redirect(depth), 0, 2)
        words = self.some(lambda: self.word(depth), 0, 3)
        if words and (could_be_assignment(words[0]) or (is_reserved(words[0]) and not (assignments or redirects))):
            words = (Word((Literal("a"),), NOWHERE), *words)
        if not (assignments or redirects or words):
            return Simple((), (Word((Literal("b"),), NOWHERE),), (), NOWHERE)
        return Simple(assignments, words, redirects, NOWHERE)

    def assignment(self, depth: int) -> Assignment:
        return Assignment(self.one_of(NAMES), Word(self.parts(depth, 0, self.part), NOWHERE), NOWHERE)

    def redirect(self, depth: int) -> Redirect:
        fd = self.draw(st.none() | st.integers(0, 12))
        return Redirect(fd, self.one_of(FILE_OPERATORS), self.word(depth), NOWHERE)

    # Words

    def word(self, depth: int) -> Word:
        word = Word(self.parts(depth, 1, self.part), NOWHERE)
        return Word((Quoted("#", "\\"), *word.parts), NOWHERE) if starts_comment(word) else word

    def parts(self, depth: int, least: int, make: Callable[[int], Part]) -> tuple[Part, ...]:
        """Parts without literals next to each other: the parser makes one of them."""
        made = self.some(lambda: make(depth), least, 3)
        pairs = zip((None, *made), made, strict=False)
        return tuple(part for before, part in pairs if not (is_literal(before) and is_literal(part)))

    def part(self, depth: int) -> Part:
        """Outside quotes."""
        kind = self.one_of(("literal", "single", "escaped", "double", "expansion"))
        if kind == "literal":
            return Literal(self.text(PLAIN))
        if kind == "double":
            return DoubleQuoted(self.parts(depth, 0, self.quoted_part))
        if kind == "expansion":
            return self.expansion(depth, self.part_of_operand, PARAMETER_OPERATORS)
        return self.quoted()

    def quoted(self) -> Part:
        if self.maybe():
            return Quoted(self.text(SINGLE_QUOTED_ANY, 0), self.one_of(("'", "$'")))
        return Quoted(self.draw(UNQUOTED_ANY), "\\")

    def quoted_part(self, depth: int) -> Part:
        """Inside double quotes, where the words of # and % are still quoted as outside."""
        if self.maybe():
            return self.expansion(depth, self.part_of_quoted_operand, (":-", "-", ":+", "+", "=", "?"))
        return Literal(self.text("ab  c'#*~\n|")) if self.maybe() else Quoted(self.one_of(tuple('$`"\\')), "\\")

    def part_of_operand(self, depth: int) -> Part:
        return Literal(self.text("ab c;&|<>()\n#*~")) if self.maybe() else self.quoted()

    def part_of_quoted_operand(self, depth: int) -> Part:
        return Literal(self.text("ab c';\n")) if self.maybe() else Quoted(self.one_of(tuple('$`"\\}')), "\\")

    def expansion(self, depth: int, part: Callable[[int], Part], operators: tuple[str, ...]) -> Part:
        kind = self.one_of(("plain", "length", "operator", "commands", "arithmetic"))
        if kind == "arithmetic":
            return Arithmetic((Literal(self.text("12x +*=")),), NOWHERE)
        if kind == "commands":
            body = self.list(depth - 1) if depth > 0 and self.maybe() else None
            return CommandSubstitution(body, NOWHERE)
        if kind != "operator":
            return Parameter(self.one_of(NAMES + SPECIAL), kind.replace("plain", ""), None, NOWHERE)
        operand = Word(self.parts(depth, 0, part), NOWHERE)
        if operand.parts and starts_comment(operand):
            operators = tuple(operator for operator in operators if operator != "#")  # it would be read as ##
        return Parameter(self.one_of((*NAMES, "1", "10", "@", "?")), self.one_of(operators), operand, NOWHERE)


def is_literal(part: Part | None) -> bool:
    return isinstance(part, Literal)


def starts_comment(word: Word) -> bool:
    return isinstance(word.parts[0], Literal) and word.parts[0].text.startswith("#")


def could_be_assignment(word: Word) -> bool:
    return isinstance(word.parts[0], Literal) and "=" in word.parts[0].text


def is_reserved(word: Word) -> bool:
    return word.unquoted() in RESERVED
