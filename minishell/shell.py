"""Everything the shell remembers between two lines."""

from __future__ import annotations

from minishell.ids import STDERR, STDOUT, Fd, Pid
from minishell.variables import Variables

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from os import stat_result
    from typing import Protocol

    from minishell.builtins.registry import Builtin
    from minishell.jobs.table import Table
    from minishell.jobs.terminal import Terminal
    from minishell.kernel.calls import Handler, Kernel
    from minishell.syntax.tree import Command, Function
    from minishell.trace.sidecar import Watcher

    class History(Protocol):
        """What `fc` needs of the line editor's history."""

        def lines(self) -> list[str]:
            """All lines, the oldest first; the last one is that being run."""

        def replace_last(self, line: str) -> None:
            """Have `line` instead of the last one."""


class Shell:
    """One shell: the interactive one, or the copy of it that a subshell is.

    Two things are handed to it, so that the rooms which need them need not know the rooms that have them:
    `find_builtin` knows the builtins, `capture` runs the commands of a `$(…)` and returns what they wrote.
    """

    def __init__(
        self,
        kernel: Kernel,
        environment: Mapping[str, str],
        *,
        name: str = "minishell",
        arguments: Sequence[str] = (),
        options: set[str] | None = None,
    ) -> None:
        self.kernel = kernel
        self.name = name
        """`$0`"""
        self.arguments = list(arguments)
        """`$1`, `$2` …"""
        self.options: set[str] = options or set()
        self.variables = Variables(environment)
        self.variables.set("PPID", str(kernel.getppid()))
        self.variables.set("PWD", self.working_directory())
        self.pid = kernel.getpid()
        """`$$`: that of the first shell, in subshells too"""
        self.status = 0
        """`$?`"""
        self.last_background: Pid | None = None
        """`$!`"""
        self.functions: dict[str, Function] = {}
        self.aliases: dict[str, str] = {}
        self.option_index, self.option_place = 1, 1
        """Where getopts is: which argument, and which character of it"""
        self.loops = 0
        """How many loops surround the running command, as far as `break` can reach"""
        self.calls = 0
        """How many functions and files read by `.` are being run: `return` leaves the innermost"""
        self.job_table: Table | None = None
        self.terminal: Terminal | None = None
        """The controlling terminal, if this shell does job control on it"""
        self.in_group_of_shell = False
        """A copy in the group of an interactive shell, where nobody could continue what a Ctrl-Z stops"""
        self.on_terminal: bool | None = None
        """Whether this process has a controlling terminal at all; None: nobody has looked yet"""
        self.typed = False
        """Whether somebody types the commands: problems are then shown under the line, in subshells too"""
        self.subshell = False
        """Whether this is a copy of a shell: it has that one's options, but does not prompt, and no terminal"""
        self.controls_jobs = True
        """False in a subshell until it says `set -m`"""
        self.pending: list[int] = []
        """Signals that have come and wait to be acted upon, oldest first"""
        self.traps: dict[int, str] = {}
        """Signal (0: EXIT) → what to run; "" means that it is ignored"""
        self.traps_before: dict[int, str] | None = None
        """In a subshell that has set none yet: the traps of the shell around it, which `trap` lists"""
        self.status_before_trap: int | None = None
        """While a trap's action runs: what `$?` was before it"""
        self.in_trap_of_children = False
        """While the action of SIGCHLD runs"""
        self.when_trapped: Callable[[], None] = lambda: None
        """Called when a trapped signal has been noted: an editor then has to let go of its line"""
        self.ignored_at_start: frozenset[int] = frozenset()
        """Signals that whoever started the shell had ignored: they stay so.  XCU trap"""
        self.waits_for_foreground = False
        self.reads = False
        """Whether `read` waits for a line: then Ctrl-C need not wait for it too"""
        self.tested = 0
        """How many tests (`!`, `&&`, `||`) surround the running command: `set -e` then does not apply"""
        self.substitution_status = 0
        """Status of the last `$(…)` in the running command; 0 if there is none"""
        self.exit_warned = False
        """The last command was an `exit` that jobs prevented"""
        self.find_builtin: Callable[[str], Builtin | None] = lambda name: None
        self.capture: Callable[[Shell, Command], bytes]
        self.captured: list[bytes] | None = None
        """What has been written so far, while the commands of a `$(…)` run in this process"""
        self.watched: bool | None = None
        """Whether another process traces this one; None: nobody has looked yet"""
        self.handlers: dict[int, Handler] = {}
        """What this shell does about a signal by itself; for all others, and in subshells, it is the default"""
        self.history: History | None = None
        """The lines typed so far, if there is an editor that keeps them"""
        self.sidecar: Watcher | None = None
        """Whoever watches, while a line is being watched"""
        self.trace_refusal = ""
        """Why this shell may not be watched, once that has been said"""
        self.lost_observers: Callable[[], list[str]] = list
        """What to say of observers that were killed, and jobs with them: asked when it is told of jobs"""
        self.trace_file: Fd | None = None
        """Where `--trace FILE` has the events of each line go, if lines are typed"""
        self.advise: Callable[[str], str] = lambda name: ""
        """What to say to somebody who has typed a command that there is not"""

    @property
    def jobs(self) -> Table:
        """The children; the table is made when it is first asked for, which a script of builtins never does."""
        if self.job_table is None:
            from minishell.jobs.table import Table

            self.job_table = Table()
        return self.job_table

    @property
    def interactive(self) -> bool:
        return "interactive" in self.options and not self.subshell

    @property
    def monitor(self) -> bool:
        """Whether jobs get process groups of their own; in a subshell only if it has itself asked for that."""
        return "monitor" in self.options and self.controls_jobs

    @property
    def only_reads(self) -> bool:
        """Whether commands are not run at all; an interactive shell would never come back from that."""
        return "noexec" in self.options and not self.interactive

    def working_directory(self) -> str:
        """The working directory as the user knows it: PWD, if that still is where we are; "" if it is gone."""
        known = self.variables.get("PWD", "")
        try:
            here = self.kernel.stat(".")
            if is_plain(known) and same_file(here, self.kernel.stat(known)):
                return known
        except OSError:
            pass
        try:
            return self.kernel.getcwd()
        except OSError:
            return ""

    def write(self, text: str, fd: Fd = STDOUT) -> None:
        """Write all of `text`.  Builtins print with this, so each `echo` is a `write(1, …)`."""
        data = text.encode("utf-8", "surrogateescape")
        if self.captured is not None and fd == STDOUT:
            self.captured.append(data)
            return
        while data:
            data = data[self.kernel.write(fd, data) :]

    def complain(self, text: str) -> None:
        """Write `text` to standard error; if that is closed there is nobody to tell."""
        try:
            self.write(text, STDERR)
        except OSError:
            pass


def is_plain(path: str) -> bool:
    """Whether a path starts at the root and has no `.` and `..` in it, as PWD must."""
    return path.startswith("/") and not {".", ".."}.intersection(path.split("/"))


def same_file(one: stat_result, other: stat_result) -> bool:
    return (one.st_dev, one.st_ino) == (other.st_dev, other.st_ino)
