"""Run something under the observer beside the shell (`trace/sidecar.py`)."""

from __future__ import annotations

from minishell.errors import BuiltinProblem
from minishell.ids import STDERR
from minishell.kernel.status import Stopped
from minishell.trace.launch import Refused
from minishell.trace.sidecar import Sidecar
from minishell.trace.sinks import Story
from minishell.trace.story import Teller

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from minishell.jobs.job import Job
    from minishell.shell import Shell
    from minishell.trace.sidecar import Sink


def told(shell: Shell, body: Callable[[], int]) -> int:
    """Run the body as `set -o trace` asks: with its story on standard error."""
    return watched(shell, Story(STDERR, Teller(colour=shell.kernel.isatty(STDERR), program="minishell")), body)


def watched(shell: Shell, sink: Sink, body: Callable[[], int], *, for_a_picture: bool = False) -> int:
    """Run the body while the events go to `sink`.

    `for_a_picture`: one process runs at a time, so that the picture is always the same; and whatever is left in the
    background is waited for, unless it was stopped: then it is the user's turn.
    """
    if shell.sidecar is not None:
        raise BuiltinProblem("a line is being watched already")
    stopped = stopped_jobs(shell)
    import_all()
    try:
        shell.sidecar = Sidecar(sink, controlled=for_a_picture)
    except Refused as refusal:
        raise BuiltinProblem(str(refusal)) from None
    try:
        return body()
    finally:
        sidecar, shell.sidecar = shell.sidecar, None
        waits = bool(stopped_jobs(shell) - stopped)
        sidecar.let_go(to_the_end=for_a_picture and not waits)
        if for_a_picture and waits:
            shell.complain("the picture will be drawn when the stopped job has ended\n")


def stopped_jobs(shell: Shell) -> set[Job]:
    """The jobs that wait for somebody to continue them."""
    return {job for job in shell.jobs.by_number() if isinstance(job.state, Stopped)}


def import_all() -> None:
    """What running a line may import, now: reading those files is not what anybody wants to see."""
    for name in ("expand.expansion", "run.compound", "run.processes", "run.programs", "run.substitution"):
        __import__(f"minishell.{name}")
