"""The observer beside a shell: it follows the shell and its jobs while one line is run.

`Sidecar` forks a process that traces its own parent.  The shell stays the parent of its jobs, so that waiting, stops,
Ctrl-C and Ctrl-Z are what they are without it; what the jobs start is followed too.  When the line is over the shell
is let go; jobs in the background are followed to their end.

The jobs bind themselves to the seccomp filter (`Sidecar.bind`), and say so with a mark: from then on only calls
that matter stop them.  The shell itself must not, for a filter can never be taken off.
"""

from __future__ import annotations

import ctypes
import os
import signal
import time
import traceback
from contextlib import suppress
from typing import TYPE_CHECKING, NoReturn, Protocol

from minishell.trace import launch, marks, ptrace, seccomp
from minishell.trace.causes import Causes
from minishell.trace.event import Event, Mark
from minishell.trace.launch import Refused, machine
from minishell.trace.memory import is_off_processor, thread_state
from minishell.trace.observer import MOST_PROCESSES, Observer
from minishell.trace.schedule import Free

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from minishell.source import Span
    from minishell.trace.tracee import Call, Tracee

FILTERED, LET_GO = "filtered", "let go"  # marks

_SET_PTRACER = 0x59616D61  # prctl(2), PR_SET_PTRACER
_A_MOMENT_S = 0.03  # so long an event may wait for others that are told together with it
_MOST_AT_ONCE = 1000
_MOST_TEXT, _LONGEST_REFUSAL = 80, 1000
_FOR_EVER_S = 1e9
_OF_THE_TERMINAL = (signal.SIGINT, signal.SIGQUIT, signal.SIGTSTP, signal.SIGTTOU, signal.SIGTTIN, signal.SIGHUP)
_WATCHED, _OVER = b"watched", b"."

_libc = ctypes.CDLL(None, use_errno=True)


class Sink(Protocol):
    """Where the events go, in the process beside the shell."""

    def take(self, events: Sequence[Event]) -> None:
        """Some more events, in the order in which they took effect, each with its cause."""

    def end(self, problem: str) -> None:
        """There are no more.  `problem` says why, if it is not because all have ended."""


class Sidecar:
    """The process beside the shell, as the shell sees it.  Refused: this system does not allow it."""

    def __init__(self, sink: Sink, *, controlled: bool = False) -> None:
        """`controlled`: one process at a time runs, in an order that is always the same, and sleeps take no time."""
        self._filter = seccomp.Program(seccomp.stop_at(machine(), launch.wanted(controlled=controlled)))
        self._answers, answers = os.pipe()
        questions, self._questions = os.pipe()
        self._pid = os.fork()
        if self._pid == 0:
            os.close(self._answers)
            os.close(self._questions)
            _follow(os.getppid(), sink, questions, answers, controlled)
        os.close(answers)
        os.close(questions)
        _libc.prctl(_SET_PTRACER, ctypes.c_ulong(self._pid), 0, 0, 0)  # Yama: a child may trace its parent only so
        os.write(self._questions, b"now")
        answer = os.read(self._answers, _LONGEST_REFUSAL)
        if answer != _WATCHED:
            self._close(has_ended=True)
            raise Refused(answer.decode() or "the observer could not begin")
        marks.mark(marks.BEGIN)

    def because(self, span: Span) -> None:
        """What the shell does from here on, it does because of this part of the line."""
        marks.mark(f"span {span.start}-{span.end}: {span.text[:_MOST_TEXT]}")

    def bind(self) -> None:
        """In a new process of the shell's: let only calls that matter be seen.  They are all that need be."""
        with suppress(OSError):
            self._filter.install()
            marks.mark(FILTERED)

    def let_go(self, *, to_the_end: bool = False) -> None:
        """The line is over: let the shell go, and wait until it has been told, or until all its jobs have ended."""
        marks.mark(LET_GO)
        while (goes_on := os.read(self._answers, 1)) and to_the_end:
            pass
        self._close(has_ended=not goes_on)

    def _close(self, *, has_ended: bool) -> None:
        """Be done with it; one that still follows jobs is reaped with them."""
        os.close(self._answers)
        os.close(self._questions)
        if has_ended:
            with suppress(ChildProcessError):
                os.waitpid(self._pid, 0)


def _follow(shell: int, sink: Sink, questions: int, answers: int, controlled: bool) -> NoReturn:
    """The process beside the shell."""
    try:
        os.setpgid(0, 0)
        for number in _OF_THE_TERMINAL:
            signal.signal(number, signal.SIG_IGN)
        signal.pthread_sigmask(signal.SIG_SETMASK, {signal.SIGCHLD})
        os.read(questions, 3)
        try:
            launch.seize(shell, launch.OPTIONS & ~ptrace.OPTION_EXITKILL)
        except Refused as refusal:
            os.write(answers, str(refusal).encode())
        else:
            ptrace.interrupt(shell)
            Beside(shell, sink, answers, controlled).run()
    except BaseException:
        traceback.print_exc()
    finally:
        os._exit(0)


class Beside(Observer):
    """Follows the shell until it leaves its mark, and its jobs until they end."""

    def __init__(self, shell: int, sink: Sink, answers: int, controlled: bool) -> None:
        super().__init__(shell, output=-1, timeout_s=_FOR_EVER_S, controlled=controlled)
        self._tracees[shell].filtered = False
        if not controlled:
            self._schedule = Patient(self._tracees, self._flush)
        self._shell, self._sink, self._answers = shell, sink, answers
        self._bound = {shell}
        self._answered = False
        self._causes = Causes()

    def run(self) -> str:
        """Follow until nobody is left."""
        problem = super().run()
        self._flush()
        self._sink.end(problem)
        return problem

    def _stopped(self, tracee: Tracee, status: int) -> None:
        if tracee.tid == self._shell and not self._answered:
            self._answered = True
            os.write(self._answers, _WATCHED)
        if tracee.tid not in self._bound:
            self._bound.add(tracee.tid)
            ptrace.set_options(tracee.tid, launch.OPTIONS)  # nobody but the shell outlives its observer
        super()._stopped(tracee, status)

    def _returns(self, tracee: Tracee, result: int | None) -> None:
        super()._returns(tracee, result)
        mark = self._seen[-1] if self._seen else None
        if isinstance(mark, Mark) and mark.text == FILTERED:
            self._seen.pop()
            tracee.filtered = True

    def _resume(self, tracee: Tracee, signal_number: int = 0) -> None:
        mark = self._seen[-1] if self._seen else None
        if isinstance(mark, Mark) and mark.text == LET_GO:
            self._seen.pop()
            self._flush()
            ptrace.detach(self._shell)
            del self._tracees[self._shell]
            if self._tracees:
                os.write(self._answers, _OVER)
        else:
            super()._resume(tracee, signal_number)

    def _flush(self) -> None:
        """Hand over what has been seen so far."""
        if self._seen:
            events, self._seen = self.events, []
            self._sink.take([event for event in map(self._causes.apply, events) if event])

    def _passed_a_limit(self) -> str:
        if len(self._seen) >= _MOST_AT_ONCE:
            self._flush()
        living = len({tracee.pid for tracee in self._tracees.values()})
        return f"there are more than {MOST_PROCESSES} processes" if living > MOST_PROCESSES else ""

    def _kill_all(self) -> None:
        """Whatever has gone wrong, it is not the shell's fault; it goes on when we end."""
        self._tracees.pop(self._shell, None)
        super()._kill_all()


class Patient(Free):
    """Reports as they come; when none has come for a moment, `flush` is called."""

    def __init__(self, tracees: dict[int, Tracee], flush: Callable[[], None]) -> None:
        super().__init__(tracees, time.monotonic() + _FOR_EVER_S)
        self._flush = flush

    def had_to_wait(self, call: Call, turn: int) -> bool:
        """Whether the thread was seen sleeping in this call."""
        return call.rested

    def _await_report(self, limit_s: float) -> None:
        """A thread that sleeps while there is nothing else to do really waits."""
        for tid, tracee in self._tracees.items():
            if tracee.call is not None and not tracee.call.rested:
                tracee.call.rested = thread_state(tid) == "S" and is_off_processor(tid)
        if signal.sigtimedwait((signal.SIGCHLD,), _A_MOMENT_S) is None:
            self._flush()
            super()._await_report(limit_s)
