r"""Pattern matching: `*`, `?`, `[…]`, and `\` to quote one character.  POSIX.1-2024 XCU 2.14.

Its own matcher, not the `re` module: importing that would cost every start 8 ms, and one that backtracks
over several stars takes time without bound.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

SPECIAL = frozenset("*?[\\]!^-:.=")  # the last six only between brackets


def matches(pattern: str, text: str) -> bool:
    """Whether `pattern` describes all of `text`.

    Only the last star seen is ever reconsidered, so the time is at most len(pattern) × len(text).
    """
    at = place = 0
    star: int | None = None  # where to go on in the pattern, and in the text, when a star takes one more
    resume = 0
    while place < len(text):
        step = step_over(pattern, at, text[place])
        if at < len(pattern) and pattern[at] == "*":
            star, resume = at + 1, place
            at += 1
        elif step is not None:
            at, place = step, place + 1
        elif star is not None:
            resume += 1
            at, place = star, resume
        else:
            return False
    return pattern[at:].strip("*") == ""


def step_over(pattern: str, at: int, character: str) -> int | None:
    """Where the pattern goes on if its element at `at` accepts `character`; None: it does not."""
    if at >= len(pattern):
        return None
    element = pattern[at]
    if element == "?":
        return at + 1
    if element == "\\" and at + 1 < len(pattern):
        return at + 2 if pattern[at + 1] == character else None
    if element == "[":
        end = bracket_end(pattern, at)
        if end is not None:
            return end if in_bracket(pattern[at + 1 : end - 1], character) else None
    return at + 1 if element == character else None


def matching_lengths(pattern: str, text: str, *, at_end: bool = False) -> Iterator[int]:
    """The lengths of the beginnings (or ends) of `text` that `pattern` describes, the shortest first.

    All places of the pattern that could be meant are followed at once, so that `text` is read once only.
    """
    parts = elements(pattern)
    if at_end:
        parts, text = parts[::-1], text[::-1]
    places = past_stars(parts, {0})
    for length, character in enumerate(text):
        if len(parts) in places:
            yield length
        places = past_stars(parts, {after(parts, place) for place in places if accepts(parts, place, character)})
        if not places:
            return
    if len(parts) in places:
        yield len(text)


def elements(pattern: str) -> list[str]:
    """The pattern in pieces that each accept one character, or are a star."""
    result = []
    at = 0
    while at < len(pattern):
        end = at + 1
        if pattern[at] == "\\":
            end = min(at + 2, len(pattern))
        elif pattern[at] == "[":
            end = bracket_end(pattern, at) or end
        result.append(pattern[at:end])
        at = end
    return result


def accepts(parts: list[str], place: int, character: str) -> bool:
    return place < len(parts) and (parts[place] == "*" or step_over(parts[place], 0, character) is not None)


def after(parts: list[str], place: int) -> int:
    return place if parts[place] == "*" else place + 1


def past_stars(parts: list[str], places: set[int]) -> set[int]:
    """These places, and those behind stars that may stand for nothing."""
    result = set(places)
    for place in places:
        while place < len(parts) and parts[place] == "*":
            place += 1
            result.add(place)
    return result


def bracket_end(pattern: str, at: int) -> int | None:
    """Where the bracket expression that starts at `at` is over; None: `[` stands for itself."""
    place = at + 1
    if pattern[place : place + 1] in ("!", "^"):
        place += 1
    if pattern[place : place + 1] == "]":
        place += 1
    while place < len(pattern):
        if pattern[place] == "]":
            return place + 1
        if pattern.startswith(("[:", "[.", "[="), place):
            closing = pattern.find(pattern[place + 1] + "]", place + 2)
            place = closing + 1 if closing >= 0 else place
        elif pattern[place] == "\\":
            place += 1
        place += 1
    return None


def in_bracket(inside: str, character: str) -> bool:
    """Whether `[inside]` accepts `character`: characters, ranges, classes, and `!` for the contrary."""
    negated = inside[:1] in ("!", "^")
    place = 1 if negated else 0
    found = False
    while place < len(inside):
        if inside.startswith("[:", place) and (closing := inside.find(":]", place)) >= 0:
            found = found or in_class(inside[place + 2 : closing], character)
            place = closing + 2
            continue
        low, place = bracket_character(inside, place)
        if inside[place : place + 1] == "-" and place + 1 < len(inside):
            high, place = bracket_character(inside, place + 1)
            found = found or low <= character <= high
        else:
            found = found or character == low
    return found != negated


def bracket_character(inside: str, place: int) -> tuple[str, int]:
    for opening, closing in (("[.", ".]"), ("[=", "=]")):
        end = inside.find(closing, place + 2)
        if inside.startswith(opening, place) and end >= 0:
            return inside[place + 2 : end], end + 2
    if inside[place] == "\\" and place + 1 < len(inside):
        place += 1
    return inside[place], place + 1


def in_class(name: str, character: str) -> bool:
    """Whether `[:name:]` holds `character`.  POSIX.1-2024 XBD 7.3.1."""
    if name == "punct":
        return character.isprintable() and not character.isalnum() and not character.isspace()
    test = CLASSES.get(name)
    return test is not None and test(character)


CLASSES: dict[str, Callable[[str], bool]] = {
    "alnum": str.isalnum,
    "alpha": str.isalpha,
    "blank": lambda character: character in " \t",
    "cntrl": lambda character: ord(character) < 32 or ord(character) == 127,
    "digit": lambda character: character in "0123456789",
    "graph": lambda character: character.isprintable() and character != " ",
    "lower": str.islower,
    "print": str.isprintable,
    "space": str.isspace,
    "upper": str.isupper,
    "xdigit": lambda character: character in "0123456789abcdefABCDEF",
}


def quote(text: str) -> str:
    """`text` as a pattern that matches only itself."""
    return "".join([f"\\{character}" if character in SPECIAL else character for character in text])
