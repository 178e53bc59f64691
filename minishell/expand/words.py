"""Word expansion, from the words of a tree to fields.  POSIX.1-2024 XCU 2.6.

What a word will need is found out once: `prepare` makes of it a function that is called each time the command is run.
Most words are plain text, and most others hold a `$x` or an `$((…))` that is one field as it stands.  expansion.py,
imported when it is needed, expands all that is less simple.
"""

from __future__ import annotations

from minishell.errors import ShellError
from minishell.source import Field
from minishell.syntax.tree import PATTERN_CHARACTERS, Arithmetic, DoubleQuoted, Literal, Parameter, Quoted

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from typing import TypeAlias

    from minishell.expand.arithmetic import Expression
    from minishell.shell import Shell
    from minishell.source import Span
    from minishell.syntax.tree import Part, Word

    Fields: TypeAlias = "Callable[[Shell], Sequence[Field]]"
    Text: TypeAlias = "Callable[[Shell], str]"
    Simple: TypeAlias = "Callable[[Shell], str | None]"


def fields(shell: Shell, words: Sequence[Word]) -> Sequence[Field]:
    """All fields that `words` become: each word may give none, one or many."""
    return prepare(words)(shell)


def text(shell: Shell, word: Word, *, assignment: bool = False) -> str:
    """The one text that `word` becomes where nothing is split and no pathname is looked for.

    The function that makes it is kept with the word: `>$file` stands in loops too.
    """
    prepared: Text | None = word.__dict__.get("prepared")
    if prepared is None:
        word.__dict__["prepared"] = prepared = prepare_text(word, assignment=assignment)
    return prepared(shell)


def prepare(words: Sequence[Word]) -> Fields:
    """Make the function that gives the fields of all `words`; what never changes is laid out now."""
    groups: list[list[Field] | Fields] = []
    for word in words:
        plain = word.plain()
        if plain is None:
            groups.append(prepare_word(word))
        elif groups and isinstance(groups[-1], list):
            groups[-1].append(Field(plain, word.span))
        else:
            groups.append([Field(plain, word.span)])
    match groups:
        case [list(constant)]:
            return lambda shell: constant
        case [only] if not isinstance(only, list):
            return only

    def all_fields(shell: Shell) -> list[Field]:
        result: list[Field] = []
        for group in groups:
            result += group if group.__class__ is list else group(shell)  # type: ignore[operator]
        return result

    return all_fields


def prepare_word(word: Word) -> Fields:
    """A value is one field if it is quoted, or if nothing in it can be split or taken for a pattern."""
    value, span = simple_value(word), word.span

    def fields_of(shell: Shell) -> Sequence[Field]:
        simple = value(shell)
        if simple is None:
            from minishell.expand.expansion import expanded

            return expanded(shell, word)
        field = Field(simple)
        field.span = span
        return (field,)

    return fields_of


def prepare_text(word: Word, *, assignment: bool = False) -> Text:
    """Make the function for one text.  In an assignment a tilde may also follow a colon."""
    value = repeatable_value(word, splits=False)

    def text_of(shell: Shell) -> str:
        simple = value(shell)
        return general(shell) if simple is None else simple

    def general(shell: Shell) -> str:
        from minishell.expand.expansion import pieces
        from minishell.expand.pieces import joined

        return joined(pieces(shell, word, assignment), shell.variables.get("IFS"))

    def variable(shell: Shell) -> str:
        text = shell.variables.get(name)
        return general(shell) if text is None else text

    match word.parts:
        case (Parameter(name, "", None),) | (DoubleQuoted((Parameter(name, "", None),)),) if name.isidentifier():
            return variable
        case (Arithmetic((Literal(expression),), span),) | (
            DoubleQuoted((Arithmetic((Literal(expression),), span),)),
        ):
            return number(expression, span)
    return text_of


def simple_value(word: Word) -> Simple:
    """A function that gives the word's text, or None, having done nothing, if that need not be one field."""
    match word.parts:
        case (Arithmetic((Literal(expression),), span),):
            return unless_split(number(expression, span))
        case (DoubleQuoted((Arithmetic((Literal(expression),), span),)),):
            return number(expression, span)
    return repeatable_value(word)


def repeatable_value(word: Word, splits: bool = True) -> Simple:
    """The same for words that may be expanded more than once: nothing is changed by it.

    `splits`: the text has to be one field as it stands.
    """
    return together([simple_part(part, splits) for part in word.parts]) if word.parts else not_simple


def simple_part(part: Part, splits: bool) -> Simple:
    """The same for one of several parts: only what may be evaluated once more, should another part not be simple."""
    match part:
        case Literal(text) if "~" not in text and not (splits and PATTERN_CHARACTERS.intersection(text)):
            return lambda shell: text
        case Quoted(text):
            return lambda shell: text
        case Parameter(name, "", None) if name.isidentifier():
            return unquoted(name) if splits else lambda shell: shell.variables.get(name)
        case Parameter(name, "", None) if name.isdigit() and name != "0":
            return argument(int(name), splits)
        case DoubleQuoted(parts):
            return together([simple_part(each, splits=False) for each in parts])
    return not_simple


def not_simple(shell: Shell) -> None:
    """What expansion.py has to expand."""


def together(parts: Sequence[Simple]) -> Simple:
    if not_simple in parts:
        return not_simple
    if len(parts) == 1:
        return parts[0]

    def value(shell: Shell) -> str | None:
        texts = []
        for part in parts:
            text = part(shell)
            if text is None:
                return None
            texts.append(text)
        return "".join(texts)

    return value


def unquoted(name: str) -> Simple:
    def value(shell: Shell) -> str | None:
        text = shell.variables.get(name)
        return text if text and text.isalnum() and shell.variables.usual_ifs else None

    return value


def argument(number: int, splits: bool) -> Simple:
    def value(shell: Shell) -> str | None:
        text = shell.arguments[number - 1] if number <= len(shell.arguments) else None
        if not splits:
            return text
        return text if text and text.isalnum() and shell.variables.usual_ifs else None

    return value


def unless_split(value: Text) -> Simple:
    return lambda shell: value(shell) if shell.variables.usual_ifs else None


def number(expression: str, span: Span) -> Text:
    """`$((…))` with no expansions in it.  Compiled when it is first needed: a mistake in it may never be reached."""
    compiled: Expression | None = None

    def value(shell: Shell) -> str:
        nonlocal compiled
        try:
            if compiled is None:
                from minishell.expand.arithmetic import compile

                compiled = compile(expression, span)
            return str(compiled(shell))
        except ShellError as problem:
            from minishell.expand.arithmetic import placed

            raise placed(problem, expression, span) from None

    return value
