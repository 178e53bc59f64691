"""What a variable or a function may be called."""

from __future__ import annotations

NAME_STARTS = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_")
DIGITS = frozenset("0123456789")
NAME_CHARACTERS = NAME_STARTS | DIGITS


def is_name(text: str) -> bool:
    """Whether a variable may be called `text`.  POSIX.1-2024 XBD 3.216."""
    return text[:1] in NAME_STARTS and NAME_CHARACTERS.issuperset(text) and text != ""
