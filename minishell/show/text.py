"""Text that goes into a picture: always allowed in XML, always of a width that is known beforehand."""

from __future__ import annotations

import html
import unicodedata

TEXT_PX = 12  # the size of a label
CELL_PX = 7.8  # a cell of the title, which is in a fixed width of 13 pixels; `textLength` makes it so

# Advance widths at 12 pixels in tenths of a pixel, in a wide font (DejaVu Sans); others are narrower.
_BY_WIDTH = {
    33: "'ijl",
    35: "IJ",
    38: " ,.\u00a0",
    40: "/:;\\|",
    43: "-f",
    47: "()[]t",
    49: "!r",
    60: '"*_`“”',
    64: "?csz",
    67: "FLk",
    73: "PTYovxy",
    76: "$0123456789ESabdeghnpqu{}",
    83: "ABCKRVXZ",
    92: "DGHNOQU&",
    101: "#+<=>^w~",
    104: "M→",
    120: "m%@W…⏎",
}
_WIDTHS = {letter: tenths / 10 for tenths, letters in _BY_WIDTH.items() for letter in letters}
_OTHER, _WIDE = 9.0, 13.0
_BOLD = 1.13

_PICTURED = {number: chr(0x2400 + number) for number in range(32)} | {10: "⏎", 127: "␡"}
_UNSEEN = frozenset(("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"))  # general categories without a shape of their own


def plain(text: str) -> str:
    """The text on one line, with a sign for everything that has no shape: controls, surrogates, marks of direction.

    `␛` for escape, `⏎` for newline, `⟨202E⟩` for others.  So it is valid XML 1.0, and shows what is there.
    """
    return "".join(map(_visible, text))


def escape(text: str) -> str:
    """`plain` text as it stands in XML, between tags or in an attribute."""
    return html.escape(plain(text), quote=True)


def width(text: str, *, bold: bool = False) -> float:
    """About how many pixels a label takes, and rather too many than too few."""
    return sum(map(_width, text)) * (_BOLD if bold else 1)


def cells(text: str) -> int:
    """How many cells the text takes in a font of fixed width."""
    return sum(2 if _is_wide(letter) else 0 if unicodedata.combining(letter) else 1 for letter in text)


def shorten(text: str, most: float, *, bold: bool = False) -> str:
    """The text, cut where it is wider than `most` pixels."""
    if width(text, bold=bold) <= most:
        return text
    end = "…”" if text.endswith("”") else "…"
    left = most - width(end, bold=bold)
    for length, letter in enumerate(text):
        left -= width(letter, bold=bold)
        if left < 0:
            return text[:length].rstrip() + end
    return text


def _visible(letter: str) -> str:
    if letter.isascii():
        return _PICTURED.get(ord(letter), letter)
    if unicodedata.category(letter) in _UNSEEN:
        return f"⟨{ord(letter):04X}⟩"
    return letter


def _width(letter: str) -> float:
    if letter in _WIDTHS:
        return _WIDTHS[letter]
    if unicodedata.combining(letter):
        return 0
    return _WIDE if _is_wide(letter) else _OTHER


def _is_wide(letter: str) -> bool:
    return unicodedata.east_asian_width(letter) in "WF"
