"""What stands in front of the line: where one is, what went wrong last, how many jobs there are."""

from __future__ import annotations

import os

from minishell.errors import Interrupted
from minishell.run.simple import expanded_variable

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import TypeAlias

    from prompt_toolkit.formatted_text import StyleAndTextTuples

    from minishell.shell import Shell

    Fragments: TypeAlias = StyleAndTextTuples  # style class and text


def prompt(shell: Shell) -> Fragments:
    """The prompt: PS1 as it is, if it is set; else `~/dir [1] 2 jobs $ `, with only what there is to say."""
    own = shell.variables.get("PS1")
    if own is not None:
        try:
            return [("class:prompt", expanded_variable(shell, "PS1"))]
        except Interrupted:  # a Ctrl-C that ended its `$(…)`
            return [("class:prompt", own)]
    fragments: Fragments = [("class:prompt.directory", short_directory(shell))]
    if shell.status:
        fragments.append(("class:prompt.failed", f" [{shell.status}]"))
    jobs = len(shell.jobs.jobs)
    if jobs:
        fragments.append(("class:prompt.jobs", f" {jobs} job{'s' * (jobs > 1)}"))
    return [*fragments, ("class:prompt.sign", " # " if os.geteuid() == 0 else " $ ")]


def continuation(shell: Shell) -> str:
    """What stands in front of the further lines of one command."""
    return expanded_variable(shell, "PS2")


def plain(fragments: Fragments) -> str:
    return "".join([text for _, text, *_ in fragments])


def short_directory(shell: Shell) -> str:
    """The working directory with HOME as `~`."""
    where = shell.working_directory() or "(removed)"
    home = shell.variables.get("HOME", "").rstrip("/")
    if home and (where == home or where.startswith(f"{home}/")):
        return "~" + where[len(home) :]
    return where
