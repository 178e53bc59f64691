"""The process beside a shell: it traces its own parent, and what that starts, and hands the events to a sink.

`sidecar.py` is the shell's half; the two talk over two pipes and by marks.
"""

from __future__ import annotations

import os
import signal
import time
from contextlib import suppress
from typing import TYPE_CHECKING, NoReturn, Protocol

from minishell.trace import launch, memory, ptrace, table
from minishell.trace.causes import Causes
from minishell.trace.event import Event, Mark
from minishell.trace.launch import Refused
from minishell.trace.memory import is_off_processor, thread_state
from minishell.trace.observer import MOST_PROCESSES, Observer
from minishell.trace.schedule import Free
from minishell.trace.sinks import Story

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from minishell.trace.tracee import Call, Tracee

LET_GO, ENDS = "let go", "ends"  # marks
WATCHED, OVER = b"watched", b"\0"  # answers; any other is a problem, in words

_A_MOMENT_S = 0.03  # so long an event may wait for others that are told together with it
_SOON_NS = 500_000  # a call that comes back so soon has not waited
_MOST_AT_ONCE = 1000
_FOR_EVER_S = 1e9
_NOT_FOR_US = {
    *(signal.SIGINT, signal.SIGQUIT, signal.SIGTSTP, signal.SIGTTOU, signal.SIGTTIN, signal.SIGHUP),  # the terminal's
    *(signal.SIGPIPE, signal.SIGXFSZ),  # a sink that is full or gone is an error of its own
}
_OUTPUTS = (1, 2)


class Sink(Protocol):
    """Where the events go, in the process beside the shell."""

    fd: int

    def take(self, events: Sequence[Event]) -> None:
        """One or more events, in the order in which they took effect, each with its cause.  Raises OSError."""

    def end(self, problem: str) -> None:
        """There are no more.  `problem` says why, if it is not because all have ended.  Raises OSError."""


def follow(shell: int, sink: Sink, questions: int, answers: int, *, controlled: bool, binds: bool) -> NoReturn:
    """Be the process beside the shell."""
    try:
        _become_a_stranger({sink.fd, questions, answers, *_OUTPUTS})
        os.read(questions, 3)
        try:
            launch.seize(shell, launch.OPTIONS & ~ptrace.OPTION_EXITKILL)
        except Refused as refusal:
            _answer(answers, str(refusal))
        else:
            ptrace.interrupt(shell)
            Beside(shell, sink, answers, controlled=controlled, binds=binds).run()
    except BaseException:  # a bug: its traceback helps, and the shell goes on
        import traceback

        _answer(answers, traceback.format_exc())
    finally:
        os._exit(0)


def _become_a_stranger(kept: Iterable[int]) -> None:
    """Be out of reach of the shell's terminal, deaf to what its handlers hear, and hold none of its pipes open."""
    os.setpgid(0, 0)
    signal.set_wakeup_fd(-1)
    for number in range(1, signal.NSIG):
        if number in _NOT_FOR_US:
            signal.signal(number, signal.SIG_IGN)
        elif callable(signal.getsignal(number)):
            signal.signal(number, signal.SIG_DFL)
    signal.pthread_sigmask(signal.SIG_SETMASK, {signal.SIGCHLD})
    low = 0
    for fd in sorted(kept):
        os.closerange(low, fd)
        low = fd + 1
    os.closerange(low, os.sysconf("SC_OPEN_MAX"))


def _answer(answers: int, text: str) -> None:
    with suppress(OSError):  # the shell has been killed
        os.write(answers, text.encode("utf-8", "replace"))


class Beside(Observer):
    """Follows the shell until it leaves its mark, and its jobs until they end."""

    def __init__(self, shell: int, sink: Sink, answers: int, *, controlled: bool, binds: bool) -> None:
        """`binds`: the first thing that a child of the shell does is to bind itself to the filter."""
        super().__init__(shell, output=-1, timeout_s=_FOR_EVER_S, controlled=controlled)
        self._tracees[shell].filtered = False
        if not controlled:
            self._schedule = Patient(self._tracees, self._idle)
        self._shell, self._answers, self._binds = shell, answers, binds
        self._sink: Sink | None = sink
        self._known: set[int] = set()
        self._begun = True  # when the shell leaves its mark
        self._causes = Causes()
        self._held = {fd: memory.descriptor(os.getpid(), fd) for fd in _OUTPUTS if fd != sink.fd}

    def run(self) -> str:
        """Follow until nobody is left."""
        problem = super().run()
        self._flush()
        if problem:
            problem += ": they were killed"
            _answer(self._answers, problem)
        self._end_of_the_telling(problem)
        return problem

    def _end_of_the_telling(self, problem: str = "") -> None:
        self._telling(lambda sink: sink.end(problem))
        self._sink = None

    def _stopped(self, tracee: Tracee, status: int) -> None:
        if tracee.tid not in self._known:
            self._known.add(tracee.tid)
            if tracee.tid == self._shell:
                _answer(self._answers, WATCHED.decode())
            else:
                ptrace.set_options(tracee.tid, launch.OPTIONS)  # nobody but the shell outlives its observer
        event = status >> 16
        if event == ptrace.EVENT_EXEC and tracee.tid == self._shell:
            self._binds = False  # it is another program now
        if event == ptrace.EVENT_EXIT and self._ends_unwaited(tracee):
            self._ended(tracee, ptrace.event_message(tracee.tid))
            self._part_with(tracee.tid)
        else:
            super()._stopped(tracee, status)

    def _children_are_filtered(self, tracee: Tracee) -> bool:
        return tracee.filtered or (tracee.tid == self._shell and self._binds)

    def _ends_unwaited(self, tracee: Tracee) -> bool:
        """The shell, or a process that it has left in the background, is ending."""
        threads = [other for other in self._tracees.values() if other.pid == tracee.pid]
        return threads == [tracee] and (tracee.tid == self._shell or self._shell not in self._tracees)

    def _note(self, tracee: Tracee, call: Call, result: int) -> None:
        super()._note(tracee, call, result)
        mark = self._seen[-1] if self._seen else None
        if isinstance(mark, Mark) and mark.text in (LET_GO, ENDS):
            self._seen.pop()
            self._flush()
            if mark.text == LET_GO:
                del self._tracees[self._shell]
                self._part_with(self._shell)

    def _resume(self, tracee: Tracee, signal_number: int = 0) -> None:
        if tracee.tid in self._tracees:  # else it has just been let go
            super()._resume(tracee, signal_number)

    def _part_with(self, pid: int) -> None:
        """It is no tracee any more.  What it did is told before anybody can see it go on, or end."""
        self._flush()
        if not self._tracees:
            self._end_of_the_telling()
        try:
            ptrace.detach(pid)
        except ProcessLookupError:  # killed while it stood still: its end is ours to take in, then its parent's
            os.waitpid(pid, ptrace.WALL)
        if pid == self._shell and isinstance(self._sink, Story):
            self._sink.shell = pid
        if pid == self._shell and self._tracees:
            _answer(self._answers, OVER.decode())

    def _idle(self) -> None:
        """Nothing has happened for a moment.

        Whoever reads what the line writes must not see its end before the trace is complete, so we have its outputs
        open too; but not longer than somebody whom we follow: a daemon has closed them.
        """
        self._flush()
        if self._held:
            pids = {tracee.pid for tracee in self._tracees.values()}
            objects = {memory.descriptor(pid, fd) for pid in pids for fd in memory.descriptors(pid)}
            if not objects.intersection(self._held.values()):
                for fd in self._held:
                    with suppress(OSError):
                        os.close(fd)
                self._held.clear()

    def _flush(self) -> None:
        """Hand over what has been seen so far."""
        if self._seen:
            events, self._seen = self.events, []
            caused = [event for event in map(self._causes.apply, events) if event]
            if caused:
                self._telling(lambda sink: sink.take(caused))

    def _telling(self, tell: Callable[[Sink], None]) -> None:
        """When a sink fails the program still has to be followed: nobody can undo its filter."""
        try:
            if self._sink is not None:
                tell(self._sink)
        except BrokenPipeError:  # whoever read it has seen enough
            self._sink = None
        except OSError as refusal:
            self._sink = None
            _answer(self._answers, f"{refusal.strerror}: what follows is not told; the line itself goes on")

    def _passed_a_limit(self) -> str:
        if len(self._seen) >= _MOST_AT_ONCE:
            self._flush()
        if len(self._tracees) <= MOST_PROCESSES:  # threads, of which there are no fewer
            return ""
        living = len({tracee.pid for tracee in self._tracees.values()})
        return f"there are more than {MOST_PROCESSES} processes" if living > MOST_PROCESSES else ""

    def kill_all(self) -> None:
        """Whatever has gone wrong, it is not the shell's fault; it goes on when we end."""
        self._tracees.pop(self._shell, None)
        super().kill_all()


class Patient(Free):
    """Reports as they come; when none has come for a moment, `flush` is called."""

    def __init__(self, tracees: dict[int, Tracee], flush: Callable[[], None]) -> None:
        super().__init__(tracees, time.monotonic() + _FOR_EVER_S)
        self._flush = flush
        self._early: list[tuple[int, int]] = []

    def had_to_wait(self, call: Call, turn: int) -> bool:
        """Whether the thread was seen sleeping in this call."""
        return call.rested

    def next(self) -> tuple[int, int]:
        """See `Free.next`.  Whoever still sleeps in a call when another one reports really waits."""
        tid, status = super().next()
        self._look_who_rests()
        return tid, status

    def _collect(self) -> bool:
        """One waitpid for all: this process has no other children.

        A new process may report before its parent has told of it; that report is kept.
        """
        try:
            while (found := os.waitpid(-1, ptrace.WALL | os.WNOHANG))[0]:
                self._early.append(found)
        except ChildProcessError:
            pass
        early, self._early = self._early, []
        for tid, status in early:
            if tid not in self._tracees:
                self._early.append((tid, status))
            elif tid not in self._reports or not self._has_ended(tid):
                self._tracees[tid].sleep = None
                self._reports[tid] = status
        return bool(self._reports)

    def _await_report(self, limit_s: float) -> None:
        if signal.sigtimedwait((signal.SIGCHLD,), _A_MOMENT_S) is None:
            self._look_who_rests()
            self._flush()
            super()._await_report(limit_s)

    def _look_who_rests(self) -> None:
        begun_ns = time.monotonic_ns() - _SOON_NS
        for tid, tracee in self._tracees.items():
            call = tracee.call
            if call and not call.rested and call.began_ns < begun_ns and call.name in table.MAY_WAIT:
                call.rested = thread_state(tid) == "S" and is_off_processor(tid)
