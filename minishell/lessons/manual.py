"""The manual of the site: the builtins' docstrings, which `help` shows in the shell, as reStructuredText."""

import inspect
import re

from minishell.builtins.registry import Builtin, catalogue

SPELT = {":": "colon", ".": "dot"}  # names that cannot be part of an address
QUOTED = re.compile(r"`([^`]+)`")
MARKUP = re.compile(r"([\\*_|])")


def manual() -> str:
    """One section for each builtin, in alphabetical order."""
    return "\n".join(map(entry, catalogue().values()))


def entry(builtin: Builtin) -> str:
    """The section of one builtin: its name, how it is called, and its docstring."""
    title = f"``{builtin.name}``"
    anchor = f".. _builtin-{SPELT.get(builtin.name, builtin.name)}:"
    usage = f".. code-block:: text\n\n   {builtin.usage}"
    return f"{anchor}\n\n{title}\n{'-' * len(title)}\n\n{usage}\n\n{prose(builtin.help)}\n"


def prose(text: str) -> str:
    """A docstring as reStructuredText: `x` is literal, and nothing else is markup."""
    pieces = QUOTED.split(inspect.cleandoc(text))  # prose and quotations in turn
    return "".join(f"``{piece}``" if index % 2 else MARKUP.sub(r"\\\1", piece) for index, piece in enumerate(pieces))
