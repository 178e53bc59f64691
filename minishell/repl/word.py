"""The word under the cursor: what it means so far, and how a longer one is typed in its place.

A completion replaces what was typed and not what it means: quotes and backslashes are set anew, in the manner
in which the user has begun.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from prompt_toolkit.completion import Completion

from minishell.errors import shown
from minishell.repl import kinds

if TYPE_CHECKING:
    from collections.abc import Callable

    from minishell.repl.kinds import Piece

SPECIAL = frozenset("|&;<>()$`\\\"' \t*?[")
SPECIAL_AT_START = frozenset("#~")
SPECIAL_IN_DOUBLE_QUOTES = frozenset('$`\\"')
QUOTES = {kinds.SINGLE: "'", kinds.DOUBLE: '"'}


@dataclass
class Typed:
    """A word as far as it was typed.  `value` is what it means, one character for each place.

    `known` is False if it has an expansion in it whose value only running it would tell.
    """

    start: int
    end: int
    value: str = ""
    ends: list[int] = field(default_factory=list)
    """Where in the text each character of the value has been typed"""
    quotes: list[str] = field(default_factory=list)
    """In which quotes one is behind each character of the value: `'`, `"` or none"""
    quote: str = ""
    """In which quotes the cursor is"""
    known: bool = True

    def add(self, value: str, end: int, quote: str, *, spread: bool = False) -> None:
        """Characters typed up to `end`: each by itself (`spread`), or all of them at once."""
        first = end - len(value) + 1
        self.value += value
        self.ends += range(first, end + 1) if spread else [end] * len(value)
        self.quotes += [quote] * len(value)


def typed(text: str, piece: Piece, variable: Callable[[str], str | None]) -> Typed:
    """Read a word; `variable` gives the value of a plain `$name`, None if it is unset."""
    word = Typed(piece.start, piece.end)
    add_span(word, text, piece.start, piece.end, piece.children, "", variable)
    return word


def add_span(
    word: Typed,
    text: str,
    start: int,
    end: int,
    pieces: list[Piece],
    quote: str,
    variable: Callable[[str], str | None],
) -> None:
    """Add what stands between two places: pieces, and plain characters between them."""
    at = start
    for piece in pieces:
        word.add(text[at : piece.start], piece.start, quote, spread=True)
        add_piece(word, text, piece, quote, variable)
        at = piece.end
    word.add(text[at:end], end, quote, spread=True)


def add_piece(word: Typed, text: str, piece: Piece, quote: str, variable: Callable[[str], str | None]) -> None:
    raw = text[piece.start : piece.end]
    match piece.kind:
        case kinds.SINGLE | kinds.DOUBLE:
            inside = QUOTES[piece.kind]
            end = piece.end - (not piece.unfinished)
            add_span(word, text, piece.start + 1, end, piece.children, inside, variable)
            if piece.unfinished:
                word.quote = inside
        case kinds.ESCAPE:
            word.add(raw[1:].replace("\n", ""), piece.end, quote)
        case kinds.PLAIN if raw == "\\" and piece.end == len(text):
            pass  # the user is about to escape something
        case kinds.PLAIN:
            word.add(raw, piece.end, quote)
        case kinds.PARAMETER:
            value = None if piece.unfinished else variable(raw[1:].strip("{}"))
            word.known &= value is not None
            word.add(value or "", piece.end, quote)
        case _:
            word.known = False


@dataclass
class Slot:
    """The part of a line that a completion takes the place of, from `start` to the cursor.

    `value` is what it means so far.  `outer` and `inner` are the quotes in which one is at its start and at
    the cursor; `following` is the character behind the cursor.  `whole`: a file name, or whatever it is, begins
    here, and not only a further part of it.
    """

    start: int
    cursor: int
    value: str
    outer: str
    inner: str
    following: str
    whole: bool = True

    def fill(self, name: str, *, ending: str = " ", display: str = "", meta: str = "") -> Completion:
        """The completion that makes this part mean `name`.

        `ending` is typed behind it: a blank, which also closes quotes, or else something that leaves the word
        open, like the / of a directory.
        """
        text = self.reopened() + quoted(name, self.inner, at_start=self.whole)
        if ending == " ":
            text += self.inner if self.following != self.inner else ""
            ending = " " if self.following == "" else ""
        else:
            text += ending
            ending = ""
        return Completion(
            text + ending,
            start_position=self.start - self.cursor,
            display=shown(display or name),
            display_meta=shown(meta),
        )

    def reopened(self) -> str:
        """What leads from the quotes at the start of the part into those at the cursor."""
        return self.outer + self.inner if self.outer != self.inner else ""


def slot_for(word: Typed, length: int, cursor: int, following: str, *, whole: bool = True) -> Slot:
    """The part of a word that means the last characters of its value, from index `length` on."""
    start = word.ends[length - 1] if length else word.start
    outer = word.quotes[length - 1] if length else ""
    return Slot(start, cursor, word.value[length:], outer, word.quote, following, whole)


def quoted(name: str, quote: str, *, at_start: bool = True) -> str:
    """`name` as it must be typed inside these quotes, or outside of any."""
    if quote == "'":
        return name.replace("'", "'\\''")
    if quote == '"':
        return "".join("\\" + each if each in SPECIAL_IN_DOUBLE_QUOTES else each for each in name)
    if name == "[":
        return name  # the command: alone it is no pattern
    text = "".join(escaped(each) for each in name)
    return "\\" + text if at_start and name[:1] in SPECIAL_AT_START else text


def escaped(character: str) -> str:
    if character in SPECIAL:
        return "\\" + character
    return f"'{character}'" if character == "\n" else character  # an escaped newline would vanish
