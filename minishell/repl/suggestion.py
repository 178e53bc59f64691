"""Which command was probably meant by a name that there is not."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

SHORT = 4
"""Names up to this length may differ by one slip of the fingers, longer ones by two."""


def near_miss(name: str, known: Iterable[str]) -> str | None:
    """The name in `known` that `name` is nearest to; None: nothing is near.

    Of several equally near ones that with the same letters, then with the same first one, then of the same
    length, then the first in the alphabet.  One character alone is near to too much.
    """
    if len(name) < 2:
        return None
    limit = 1 if len(name) <= SHORT else 2
    near = [
        (slips, sorted(other) != sorted(name), other[0] != name[0], abs(len(other) - len(name)), other)
        for other in known
        if may_be_near(name, other, limit) and (slips := distance(name, other)) <= limit
    ]
    return min(near)[-1] if near else None


def may_be_near(name: str, other: str, limit: int) -> bool:
    """A quick look before the distance is measured: each slip changes the length or the letters by few."""
    if other == name or len(other) < 2 or abs(len(other) - len(name)) > limit:
        return False
    return len(set(name.lower()) ^ set(other.lower())) <= 2 * limit


def distance(name: str, other: str) -> int:
    """How many characters are too many, missing, wrong, or swapped with their neighbour.

    The optimal string alignment distance (Damerau 1964).  Upper for lower case all along counts as one slip:
    the Caps Lock key.

    >>> distance("gti", "git"), distance("grpe", "grep"), distance("sl", "pwd"), distance("LS", "ls")
    (1, 1, 3, 1)
    """
    if name.lower() == other.lower():
        return int(name != other)
    before: list[int] = []
    last = list(range(len(other) + 1))
    for i, mine in enumerate(name):
        row = [i + 1]
        for j, theirs in enumerate(other):
            best = min(last[j + 1] + 1, row[j] + 1, last[j] + (mine != theirs))
            if i and j and mine == other[j - 1] and name[i - 1] == theirs:
                best = min(best, before[j - 1] + 1)
            row.append(best)
        before, last = last, row
    return last[-1]
