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
    "aborting": "fg:default",
    "auto-suggestion": "fg:default",
    "bottom-toolbar": "noreverse fg:default bg:default",
    "completion-menu": "fg:default bg:default",
    "completion-menu.completion": "fg:default bg:default",
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
    "completion-menu.completion": "fg:default bg:default",
    "completion-menu.completion.current": "fg:default bg:default reverse",
    "completion-menu.meta.completion": "fg:ansibrightblack bg:default",
    "completion-menu.meta.completion.current": "fg:default bg:default reverse",
    "scrollbar.background": "bg:default",
    "scrollbar.button": "bg:ansibrightblack",
    # commands
    "shell.builtin": "ansigreen bold",
    "shell.program": "ansigreen",
    "shell.command": "bold",
    "shell.unknown": "ansired",
    # what the shell acts upon
    "shell.operator": "bold",
    "shell.redirection": "bold",
    "shell.reserved": "bold",
    # what it replaces before the command sees it
    "shell.assignment": "ansicyan",
    "shell.parameter": "ansicyan",
    "shell.glob": "ansicyan bold",
    "shell.substitution": "ansicyan bold",
    # what it leaves as it is
    "shell.string": "ansimagenta",
    "shell.escape": "ansimagenta",
    "shell.delimiter": "ansimagenta bold",
    "shell.comment": "ansibrightblack",
    "shell.option": "",
    "shell.file": "underline",
    # what is wrong, or not yet right
    "shell.error": "ansired bold underline",
    "shell.unfinished": "ansired bold",
}
"""Readable on dark and on light backgrounds: neither yellow nor blue is."""

ON_DARK = {
    "prompt.directory": "ansibrightcyan bold",
    "shell.assignment": "ansibrightcyan",
    "shell.option": "ansibrightblue",
    "shell.parameter": "ansibrightcyan",
    "shell.unknown": "ansibrightred",
}
ON_LIGHT = {
    "prompt.directory": "ansiblue bold",
    "shell.assignment": "ansiblue",
    "shell.glob": "ansiblue bold",
    "shell.option": "ansicyan",
    "shell.parameter": "ansiblue",
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
