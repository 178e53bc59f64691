"""`trace ls | wc -l`: in a typed line, the rest of the line is what trace, picture and explain are about.

So one need not quote it.  In a script they are builtins like others, whose line is a quoted word.
"""

from __future__ import annotations

import re

from minishell.syntax.quoting import quoted

VALUES = {"trace": ("-o", "--only"), "picture": ("-o",), "explain": ()}
"""The verbs, and which of their options take a value."""

_WORD = re.compile(r"""(?:[^\s'"\\]|\\.|'[^']*'|"(?:[^"\\]|\\.)*")+""", re.DOTALL)
_TO_A_PICTURE = re.compile(r"""(.*\S)\s*>\s*('[^']+\.svg'|"[^"]+\.svg"|\S+\.svg)\s*""", re.DOTALL)


def about(line: str) -> tuple[list[str], str] | None:
    """The verb with its options, and the line that it is about; None: this is no such line, or one in quotes."""
    words: list[str] = []
    rest = line.strip()
    while found := _WORD.match(rest):
        word = found[0]
        takes_value = bool(words) and words[-1] in VALUES[words[0]]
        if not (word in VALUES if not words else takes_value or word.startswith("-")):
            break
        words.append(word)
        rest = rest[found.end() :].lstrip()
    if not words or not rest or rest[0] in "'\"":
        return None
    return words, rest


def with_quotes(line: str) -> str:
    """The line as a script would have it: `trace 'ls | wc -l'`.  A final `> x.svg` is where the picture goes."""
    asked = about(line)
    if asked is None:
        return line
    words, rest = asked
    if words[0] == "explain":
        rest = with_quotes(rest).rstrip("\n")
    target = _TO_A_PICTURE.fullmatch(rest) if words[0] == "picture" and "-o" not in words else None
    if target:
        words, rest = [*words, "-o", target[2]], target[1]
    return f"{' '.join(words)} -- {quoted(rest)}\n"
