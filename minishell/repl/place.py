"""Where the cursor stands: in which word of which command, and what that word means so far."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from minishell.repl import kinds
from minishell.repl.scan import scan
from minishell.repl.word import Slot, Typed, slot_for, typed
from minishell.syntax.names import is_name

if TYPE_CHECKING:
    from prompt_toolkit.document import Document

    from minishell.repl.kinds import Piece
    from minishell.repl.programs import Programs
    from minishell.repl.scan import Scanner
    from minishell.shell import Shell


@dataclass
class Place:
    """`kind` is what the word under the cursor is, one of `kinds`; `words` are those of its command before it."""

    shell: Shell
    programs: Programs
    kind: str
    words: list[str]
    word: Typed
    text: str
    following: str
    """The character behind the cursor, "" at the end of the line"""

    @property
    def value(self) -> str:
        return self.word.value

    @property
    def has_tilde(self) -> bool:
        """Whether the word begins with a tilde that nobody quoted."""
        return self.text.startswith("~", self.word.start)

    def slot(self, length: int = 0, *, whole: bool = True) -> Slot:
        """The part of the word behind the first `length` characters of its value.

        `whole`: a file name, or whatever it is, begins there.
        """
        return slot_for(self.word, length, len(self.text), self.following, whole=whole)


@dataclass
class Reference:
    """The cursor is in the name of a parameter, which begins at `start`."""

    start: int
    name: str
    braced: bool


def place(shell: Shell, programs: Programs, document: Document) -> Place | Reference | None:
    """What stands at the cursor; None: in a comment, or where nothing can be known."""
    text = document.text_before_cursor
    scanner = innermost(scan(text))
    if len(scanner.text) < len(text):
        return None  # behind backquotes with an open quote inside
    touched = scanner.touched_piece()
    if touched is not None and (reference := reference_at_end(touched, text)):
        return reference
    if touched is not None and touched.kind in (kinds.COMMENT, kinds.DOCUMENT):
        return None
    if touched is not None and touched.kind in kinds.WORDS:
        kind, word = touched.kind, typed(text, touched, shell.variables.get)
    else:
        kind, word = scanner.roles.next_kind, Typed(len(text), len(text))
    before = [piece for piece in scanner.roles.words if piece is not touched]
    words = [typed(text, piece, shell.variables.get).value for piece in before]
    return Place(shell, programs, kind, words, word, text, document.text_after_cursor[:1])


def innermost(scanner: Scanner) -> Scanner:
    """The list of commands in which the text ends."""
    while scanner.inner is not None:
        scanner = scanner.inner
    return scanner


def reference_at_end(piece: Piece, text: str) -> Reference | None:
    """A parameter whose name the cursor touches, however deep in quotes it is."""
    while piece.children and piece.children[-1].end == len(text):
        piece = piece.children[-1]
    raw = text[piece.start : piece.end]
    if piece.kind == kinds.PLAIN and raw == "$":
        return Reference(piece.end, "", braced=False)
    if piece.kind != kinds.PARAMETER:
        return None
    if not raw.startswith("${"):
        return Reference(piece.start + 1, raw[1:], braced=False) if is_name(raw[1:]) else None
    start = piece.start + 3 if raw.startswith("${#") else piece.start + 2
    name = text[start : piece.end]
    return Reference(start, name, braced=True) if piece.unfinished and (not name or is_name(name)) else None
