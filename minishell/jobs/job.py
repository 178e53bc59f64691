"""One job: the processes started by one pipeline, which share a process group under job control."""

from __future__ import annotations

from minishell.kernel.signals import describe
from minishell.kernel.status import RUNNING, Exited, Killed, Running, Stopped, ended

TYPE_CHECKING = False
if TYPE_CHECKING:
    from minishell.ids import JobId, Pid
    from minishell.kernel.calls import Modes
    from minishell.kernel.status import State
    from minishell.syntax.tree import Command


class Process:
    """A child of the shell, and the state in which it was last seen."""

    def __init__(self, pid: Pid) -> None:
        self.pid = pid
        self.state: State = RUNNING


class Job:
    """`number` is None while the job is in the foreground: only jobs that one can ask for have one.

    `pipefail` was in force when it was started, which is what counts (XCU 2.9.2).  `told` is the state that the user
    knows of; `modes` are the terminal modes it had when it stopped.  `waited`: its status
    has been given.
    """

    def __init__(self, command: Command, group: Pid | None, pipefail: bool = False) -> None:
        self.command, self.group, self.pipefail = command, group, pipefail
        self.processes: list[Process] = []
        self.number: JobId | None = None
        self.told: State = RUNNING
        self.modes: Modes | None = None
        self.disowned = False
        self.waited = False

    @property
    def text(self) -> str:
        """The command as one line."""
        from minishell.syntax.unparse import unparse  # only where somebody looks

        return unparse(self.command)

    @property
    def state(self) -> State:
        """Running while any process runs; else stopped if any is; else how the last one ended."""
        stopped: State | None = None
        for process in self.processes:
            if isinstance(process.state, Running):
                return RUNNING
            if isinstance(process.state, Stopped):
                stopped = process.state
        return stopped or self.processes[-1].state

    @property
    def ended(self) -> bool:
        return all(ended(process.state) for process in self.processes)

    def status(self) -> int:
        """`$?` of the job: that of its last process, or with pipefail the last that is not 0."""
        if isinstance(self.state, Stopped):
            return self.state.status
        statuses = [process.state.status for process in self.processes]
        if self.pipefail:
            return next((status for status in reversed(statuses) if status), 0)
        return statuses[-1]

    def continued(self) -> None:
        """It has been sent SIGCONT: what was stopped runs."""
        for process in self.processes:
            if isinstance(process.state, Stopped):
                process.state = RUNNING


def words_for(state: State) -> str:
    """How `jobs` names a state.  POSIX.1-2024 XCU jobs, STDOUT."""
    match state:
        case Exited(0):
            return "Done"
        case Exited(code):
            return f"Done({code})"
        case Killed(signum, core):
            return describe(signum) + (" (core dumped)" if core else "")
        case Stopped(signum):
            return STOP_WORDS.get(describe(signum), "Stopped")
    return "Running"


STOP_WORDS = {
    "Stopped (signal)": "Stopped (SIGSTOP)",
    "Stopped (tty input)": "Stopped (SIGTTIN)",
    "Stopped (tty output)": "Stopped (SIGTTOU)",
}
