"""Writing a word so that the shell would read it back as it is."""

from __future__ import annotations

SAFE = frozenset("_-./:=@%+,^")
"""What needs no quotes, besides letters and digits."""


def quoted(word: str) -> str:
    """`word`, in single quotes if it needs them."""
    if word and all(character.isalnum() or character in SAFE for character in word):
        return word
    return single_quoted(word)


def single_quoted(word: str) -> str:
    """`word` in single quotes, needed or not."""
    return "'" + word.replace("'", "'\\''") + "'"
