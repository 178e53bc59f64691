"""explain: what a line will do."""

from __future__ import annotations

import os
from functools import partial
from typing import TYPE_CHECKING

from minishell.builtins.registry import builtin
from minishell.errors import SyntaxProblem, UsageProblem, shown
from minishell.ids import STDOUT
from minishell.run.simple import tell

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from minishell.shell import Shell
    from minishell.source import Field


@builtin("explain", usage="explain [--tokens | --tree | --words] line")
def explain(shell: Shell, words: Sequence[Field]) -> int:
    """Tell what a line will do, before anything runs: which processes, with which descriptors, and why.

    The same plans are made that running the line would carry out: words are expanded, programs looked for, files
    looked at.  Nothing is started, opened for writing or changed.  Where the way depends on how a program ends,
    both ways are told.  --tokens, --tree and --words show the steps before that: what the shell reads, how it
    understands that, and what becomes of each word.  The rest of what is typed is the line: `explain ls | wc -l`; in
    a script, put it into quotes.  A builtin because it looks at this shell: its variables, functions and options.
    """
    rest, view = list(words), ""
    while rest and rest[0].startswith("-"):
        word = rest.pop(0)
        if word == "--":
            break
        if word not in ("--tokens", "--tree", "--words"):
            raise UsageProblem(f"{word} is no option here", word)
        view = word
    line = " ".join(rest)
    if not line.strip():
        raise UsageProblem("there is no line to explain", words[-1] if words else None)
    try:
        texts = texts_of(shell, view, line)
    except SyntaxProblem as problem:
        return tell(shell, problem)
    for text in texts:
        shell.write(f"{text}\n")
    return 0


def texts_of(shell: Shell, view: str, line: str) -> list[str]:
    from minishell.explain import views
    from minishell.explain.foretell import foretell
    from minishell.explain.words import told

    seen: dict[str, Callable[[str], list[str]]]
    seen = {"--tokens": views.tokens, "--tree": views.tree, "--words": partial(views.words, shell)}
    if view:
        return [shown(text.replace("\u00a0", " ")) for text in seen[view](line)]
    return told(foretell(shell, line), colour=shell.kernel.isatty(STDOUT) and "NO_COLOR" not in os.environ)
