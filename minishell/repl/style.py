"""Colours of the interactive shell.

They are the sixteen that a terminal lets its user choose, so they suit what they are seen on.  NO_COLOR
(no-color.org) takes them all away.  COLORFGBG, which some terminals set, tells whether the background is
dark; where it is not known, colours are used that can be read on both.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from prompt_toolkit.styles import Style

if TYPE_CHECKING:
    from collections.abc import Mapping

    from prompt_toolkit.styles import BaseStyle

LIGHT = frozenset(("7", "9", "10", "11", "12", "13", "14", "15"))
"""Background colours, by their ANSI number, on which dark text is read."""

PLAIN = {
    "bottom-toolbar": "noreverse fg:default bg:default",
    "completion-menu": "fg:default bg:default",
    "completion-menu.completion.current": "reverse fg:default bg:default",
    "completion-menu.meta.completion": "fg:default bg:default",
    "completion-menu.meta.completion.current": "reverse fg:default bg:default",
    "scrollbar.background": "bg:default",
    "scrollbar.button": "reverse bg:default",
}
"""Without colours: of a menu one must still see what is chosen."""

ANY = {
    "auto-suggestion": "ansibrightblack",
    "bottom-toolbar": "noreverse",
    "toolbar.running": "ansigreen",
    "toolbar.stopped": "ansired",
    "prompt.directory": "ansicyan bold",
    "prompt.failed": "ansired",
    "prompt.jobs": "ansimagenta",
    "prompt.sign": "bold",
    "completion-menu": "fg:default bg:default",
    "completion-menu.completion": "",
    "completion-menu.completion.current": "reverse",
    "completion-menu.meta.completion": "ansibrightblack",
    "completion-menu.meta.completion.current": "reverse",
    "scrollbar.background": "bg:default",
    "scrollbar.button": "bg:ansibrightblack",
    "shell.assignment": "ansicyan",
    "shell.builtin": "ansigreen bold",
    "shell.command": "bold",
    "shell.comment": "ansibrightblack italic",
    "shell.delimiter": "ansimagenta",
    "shell.error": "ansired bold underline",
    "shell.escape": "ansimagenta",
    "shell.file": "underline",
    "shell.glob": "ansimagenta bold",
    "shell.operator": "bold",
    "shell.option": "",
    "shell.parameter": "ansicyan",
    "shell.program": "ansigreen",
    "shell.redirection": "ansimagenta",
    "shell.reserved": "ansimagenta bold",
    "shell.string": "ansiyellow",
    "shell.substitution": "ansicyan bold",
    "shell.unfinished": "ansired bold",
    "shell.unknown": "ansired",
}
"""Readable on dark and on light backgrounds."""

ON_DARK = {
    "prompt.directory": "ansibrightcyan",
    "shell.option": "ansibrightblue",
    "shell.string": "ansibrightyellow",
    "shell.unknown": "ansibrightred",
}
ON_LIGHT = {
    "prompt.directory": "ansiblue bold",
    "shell.assignment": "ansiblue",
    "shell.option": "ansiblue",
    "shell.parameter": "ansiblue",
    "shell.string": "ansired",
    "shell.substitution": "ansiblue bold",
}


def style(environment: Mapping[str, str]) -> BaseStyle:
    """The colours for the terminal that `environment` tells of."""
    if environment.get("NO_COLOR") or environment.get("TERM") == "dumb":
        return Style.from_dict(PLAIN)
    background = environment.get("COLORFGBG", "").rpartition(";")[2]
    if not background.isdecimal():
        return Style.from_dict(ANY)
    return Style.from_dict(ANY | (ON_LIGHT if background in LIGHT else ON_DARK))
