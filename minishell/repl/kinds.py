"""What the pieces of a line can be."""

from __future__ import annotations

# Words ...
COMMAND, ARGUMENT, ASSIGNMENT, RESERVED = "command", "argument", "assignment", "reserved"
TARGET, NUMBER, DELIMITER = "target", "number", "delimiter"  # of a redirection; of a here-document
NAME, PATTERN = "name", "pattern"  # of the variable of a `for`; in a `case`
WORDS = frozenset((COMMAND, ARGUMENT, ASSIGNMENT, RESERVED, TARGET, NUMBER, DELIMITER, NAME, PATTERN))
# ... what stands inside words ...
SINGLE, DOUBLE, ESCAPE = "single", "double", "escape"
PARAMETER, SUBSTITUTION, BACKQUOTED = "parameter", "substitution", "backquoted"
PLAIN, ERROR = "plain", "error"
# ... and between them.
OPERATOR, REDIRECTION, COMMENT, DOCUMENT = "operator", "redirection", "comment", "document"


class Piece:
    """A part of the text and what it is; its children lie inside it.  `unfinished`: it never ended."""

    __slots__ = ("children", "end", "kind", "start", "unfinished")

    def __init__(self, kind: str, start: int, end: int) -> None:
        self.kind, self.start, self.end = kind, start, end
        self.children: list[Piece] = []
        self.unfinished = False

    def __repr__(self) -> str:
        return f"Piece({self.kind}, {self.start}, {self.end}, {self.children})"
