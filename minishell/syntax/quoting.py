"""Writing a word so that the shell would read it back as it is."""

from __future__ import annotations

SAFE = frozenset("_-./:=@%+,^")
"""What needs no quotes, besides letters and digits."""


def quoted(word: str) -> str:
    """`word`, in single quotes if it needs them."""
    if word and all(character.isalnum() or character in SAFE for character in word):
        return word
    return single_quoted(word)


def assignment(name: str, value: str) -> str:
    """`name='value'`, as `set`, `alias` and `export -p` print it."""
    return f"{name}={single_quoted(value)}"


def single_quoted(word: str) -> str:
    """`word` in single quotes, needed or not."""
    return "'" + word.replace("'", "'\\''") + "'"
