"""Run something under the observer beside the shell (`trace/sidecar.py`)."""

from __future__ import annotations

import os
from functools import cache

from minishell.errors import BuiltinProblem, ShellExit
from minishell.ids import STDERR, Fd
from minishell.kernel.status import Stopped
from minishell.trace.launch import Refused
from minishell.trace.sidecar import Sidecar, reap_lingering
from minishell.trace.sinks import JsonLines, Story
from minishell.trace.story import Teller

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from minishell.jobs.job import Job
    from minishell.shell import Shell
    from minishell.trace.beside import Sink
    from minishell.trace.sidecar import Watcher


def told(shell: Shell, body: Callable[[], int]) -> int:
    """Run the body as `set -o trace` asks: with its story on standard error, or its events in the trace file."""
    if shell.trace_file is not None:
        return watched(shell, JsonLines(shell.trace_file), body)
    teller = Teller(colour=shell.kernel.isatty(STDERR), program="minishell")
    return watched(shell, Story(STDERR, teller, prompts=shell.interactive), body)


def watched(shell: Shell, sink: Sink, body: Callable[[], int], *, for_a_picture: bool = False) -> int:
    """Run the body while the events go to `sink`.

    `for_a_picture`: one process runs at a time, so that the picture is always the same; and whatever is left in the
    background is waited for, unless it was stopped: then it is the user's turn.  A body that ends the shell is
    watched until the shell has ended (`cli.py`).
    """
    if shell.sidecar is not None:
        raise BuiltinProblem("a line is being watched already")
    stopped = stopped_jobs(shell)
    shell.sidecar = watcher(shell, sink, controlled=for_a_picture)
    ends = False
    try:
        return body()
    except ShellExit:
        ends = not shell.subshell
        raise
    finally:
        if not ends:
            let_go(shell, stopped, for_a_picture=for_a_picture)


def let_go(shell: Shell, stopped: set[Job], *, for_a_picture: bool) -> None:
    """The line is over.  `stopped` are the jobs that had stopped before it."""
    watching, shell.sidecar = shell.sidecar, None
    assert watching is not None
    waits = bool(stopped_jobs(shell) - stopped)
    problem = watching.let_go(to_the_end=for_a_picture and not waits)
    if problem:
        shell.complain(f"trace: {problem}\n")
    if for_a_picture and waits:
        shell.complain("the picture will be drawn when the stopped job has ended\n")


def stopped_jobs(shell: Shell) -> set[Job]:
    """The jobs that wait for somebody to continue them."""
    return {job for job in shell.jobs.by_number() if isinstance(job.state, Stopped)}


def watcher(shell: Shell, sink: Sink, *, controlled: bool = False) -> Watcher:
    """Begin to watch this shell; where that is refused, say why, and let the shell announce what it does itself.

    BuiltinProblem: the system has no room for that.
    """
    import_all()
    for words in lost_observers():
        shell.complain(f"{words}\n")
    shell.lost_observers = lost_observers
    try:
        return Sidecar(sink, controlled=controlled)
    except Refused as refusal:
        from minishell.run.announce import LABEL, Announcer

        if shell.trace_refusal != str(refusal):
            shell.trace_refusal = str(refusal)
            shell.complain(f"trace: {refusal}\ntrace: so this is {LABEL}\n")
        return Announcer(shell, sink)
    except OSError as refusal:
        raise BuiltinProblem(f"the observer cannot be started: {refusal.strerror}: nothing was run") from None


def lost_observers() -> list[str]:
    """What to say where an observer was killed that followed jobs in the background: they have died with it."""
    return [f"trace: {words}" for words in reap_lingering()]


@cache
def import_all() -> None:
    """What running a line may import, now: reading those files is not what anybody wants to see."""
    for name in ("expand.expansion", "run.compound", "run.processes", "run.programs", "run.substitution"):
        __import__(f"minishell.{name}")
    for name in ("fcntl", "pwd", "termios", "unicodedata"):
        __import__(name)


def create(shell: Shell, path: str) -> Fd:
    """A new file for a trace, out of the way of the line's own descriptors.  Raises OSError."""
    fd = shell.kernel.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_APPEND)
    try:
        return shell.kernel.dup(fd)
    finally:
        shell.kernel.close(fd)
