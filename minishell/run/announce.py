"""Where nobody may watch the shell: it tells itself what it asks the kernel for, as the events of the line.

Every process of the shell's, copies too, writes its events as lines into one file that is opened for appending; the
shell reads it when it has waited for somebody, and when the line is over.  (A pipe would block its writers when
it is full.)  Of programs that are executed nothing is known but that they have been asked for, and how they ended.
"""

from __future__ import annotations

import os

from minishell.errors import BuiltinProblem
from minishell.kernel.noting import Noting, now
from minishell.trace.causes import Causes
from minishell.trace.event import Event, Exec, Exit, Fork, Kill, Mark, Note, Wait, as_json, from_json
from minishell.trace.marks import because
from minishell.trace.snapshot import snapshot

TYPE_CHECKING = False
if TYPE_CHECKING:
    import signal as _signal

    from minishell.ids import Fd
    from minishell.kernel.calls import Kernel
    from minishell.shell import Shell
    from minishell.source import Span
    from minishell.trace.beside import Sink
else:
    import _signal

LABEL = "what the shell asked for; programs you exec are invisible"


class Announcer:
    """A watcher (`trace/sidecar.py`) without an observer: the shell itself."""

    def __init__(self, shell: Shell, sink: Sink) -> None:
        """Announce what this shell does, until it is let go.  BuiltinProblem: there is no room for a file."""
        self._shell, self._plain, self._pid = shell, shell.kernel, shell.kernel.getpid()
        self._sink: Sink | None = sink
        self._problem, self._causes = "", Causes()
        self._known: set[int] = {self._pid}
        self._early: list[Event] = []
        self._rest = b""
        self._writes, self._reads = shared_file(self._plain)
        self._use(Noting(self._add))
        label = Note(pid=self._pid, text=LABEL, **now())
        self._hand_over([label, *what_was_there(self._pid)])

    def because(self, span: Span) -> None:
        """See `Watcher`."""
        self._add(Mark(pid=self._plain.getpid(), text=because(span), **now()))

    def bind(self) -> None:
        """See `Watcher`: a copy of the shell has the same kernel."""

    def let_go(self, *, to_the_end: bool = False) -> str:
        """See `Watcher`.  The background is not waited for: who knows when it has announced all?"""
        self._use(self._plain)
        self._tell()
        self._hand_over(self._early)
        if self._sink is not None:
            self._sink.end("")
        self._plain.close(self._writes)
        self._plain.close(self._reads)
        return self._problem

    def ends(self, status: int) -> str:
        """See `Watcher`."""
        self._add(Exit(pid=self._pid, code=status & 0xFF, **now()))
        return self.let_go()

    def _use(self, kernel: Kernel) -> None:
        self._shell.kernel = kernel
        if self._shell.terminal is not None:
            self._shell.terminal.kernel = kernel

    def _add(self, event: Event) -> None:
        data = f"{as_json(event)}\n".encode("utf-8", "surrogateescape")
        self._plain.write(self._writes, data)
        if isinstance(event, Wait | Exec | Kill) and event.pid == self._pid:
            self._tell()

    def _tell(self) -> None:
        """Hand over what has been announced so far: of each process not before its birth."""
        lines = self._rest
        while more := self._plain.read(self._reads, 65536):
            lines += more
        *whole, self._rest = lines.split(b"\n")
        events = [from_json(line.decode("utf-8", "surrogateescape")) for line in whole]
        told, self._early = self._in_order(self._early + events)
        self._hand_over(told)

    def _in_order(self, events: list[Event]) -> tuple[list[Event], list[Event]]:
        told: list[Event] = []
        early: list[Event] = []
        for event in sorted(events, key=lambda event: event.moment_ns):
            if event.pid not in self._known:
                early.append(event)
                continue
            if isinstance(event, Fork):
                self._known.add(event.child)
            told.append(event)
        return told, early

    def _hand_over(self, events: list[Event]) -> None:
        caused = [event for event in map(self._causes.apply, events) if event]
        if not caused or self._sink is None:
            return
        before = self._plain.sigaction(_signal.SIGPIPE, _signal.SIG_IGN)
        try:
            self._sink.take(caused)
        except BrokenPipeError:  # whoever read it has seen enough
            self._sink = None
        except OSError as refusal:
            self._sink, self._problem = None, f"{refusal.strerror}: what follows is not told; the line itself goes on"
        finally:
            self._plain.sigaction(_signal.SIGPIPE, before)


def what_was_there(pid: int) -> list[Event]:
    """What the shell has before the line begins, where there is a /proc that tells."""
    try:
        return snapshot(pid)
    except OSError:
        return []


def shared_file(kernel: Kernel) -> tuple[Fd, Fd]:
    """A file without a name, as two private descriptors: one to append, one to read from the beginning."""
    path = f"{os.environ.get('TMPDIR', '/tmp')}/minishell-{kernel.getpid()}"
    low: list[Fd] = []
    try:
        low.append(kernel.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_APPEND, 0o600))
        low.append(kernel.open(path, os.O_RDONLY))
        kernel.unlink(path)
        return kernel.dup(low[0]), kernel.dup(low[1])
    except OSError as refusal:
        raise BuiltinProblem(f"{path}: {refusal.strerror}: what the shell does cannot be noted") from None
    finally:
        for fd in low:
            kernel.close(fd)
