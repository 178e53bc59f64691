"""The line below the one being typed: the jobs, as they are now."""

from __future__ import annotations

from minishell.kernel.status import Stopped

TYPE_CHECKING = False
if TYPE_CHECKING:
    from minishell.repl.prompt import Fragments
    from minishell.shell import Shell

LONGEST = 30
"""Characters of a job's text that are shown."""


def toolbar(shell: Shell) -> Fragments:
    """`[1]+ running sleep 100   [2]- stopped vi notes`."""
    fragments: Fragments = []
    for job in shell.jobs.by_number():
        doing = "stopped" if isinstance(job.state, Stopped) else "running"
        text = job.text if len(job.text) <= LONGEST else f"{job.text[: LONGEST - 1]}…"
        fragments.append(("", f"[{job.number}]{shell.jobs.mark(job)} "))
        fragments.append((f"class:toolbar.{doing}", doing))
        fragments.append(("", f" {text}   "))
    return fragments
