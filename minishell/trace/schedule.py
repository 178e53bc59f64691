"""Whose report is handled next: whoever comes first (`Free`), or one at a time in a fixed order (`Controlled`).

A traced thread *reports* whenever it stops: at a system call, a signal, a fork, its end.  It stands still until
its report has been handled.  `Controlled` therefore handles one report, which lets one thread run, and handles
the next only when everything has come to rest again: every thread has reported or sleeps in the kernel.

That somebody sleeps is nowhere announced; it can only be seen in /proc/TID.  It is still not a matter of
luck.  A thread found sleeping while nobody else runs cannot wake by itself, so that it does not matter when we
look; whoever wakes another (by a write, an exit, a signal) has marked him runnable before returning from the
kernel.  What remains outside this order are real timers (alarm, a poll with a time limit) and the world
outside.
"""

from __future__ import annotations

import os
import signal
import time
from typing import TYPE_CHECKING

from minishell.trace import ptrace
from minishell.trace.memory import has_pending_signal, is_off_processor, thread_state

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from minishell.trace.tracee import Call, Tracee

    Chooser = Callable[[list[int]], int]

_FIRST_LOOK_S, _LAST_LOOK_S = 0.0001, 0.002  # how long to wait for a report before looking who sleeps
_PATIENCE_S = 1.0  # a thread that only computes gives way after this
_MOST_TURNS = 10_000  # a thread that never waits gives way after this many reports
_MOST_LOOKS = 8  # time passes when everybody has looked so often for what others do; a shell looks once a command
_ASLEEP, _UNINTERRUPTIBLE, _ZOMBIE, _STOPPED = "S", "D", "Z", "tT"  # proc_pid_stat(5), field 3


class OutOfTime(Exception):
    """The time limit has passed and there is no report to handle."""


class Free:
    """Reports are handled as they come: the program runs as it would run alone."""

    def __init__(self, tracees: dict[int, Tracee], deadline_s: float) -> None:
        self._tracees = tracees
        self._deadline_s = deadline_s
        self._reports: dict[int, int] = {}

    def next(self) -> tuple[int, int]:
        """The thread and wait status of the next report; waits for it.  OutOfTime: there was none in time."""
        while not self._reports:
            if not self._collect():
                self._await_report(self._left_s())
        tid = next(iter(self._reports))
        return tid, self._reports.pop(tid)

    def give_way(self, tid: int) -> None:
        """The thread has nothing to do just now.  The kernel's own scheduler has noticed."""

    def had_to_wait(self, call: Call, turn: int) -> bool:
        """Whether the thread had to wait in this call, which returns in turn `turn`: others had turns meanwhile."""
        return turn - call.turn > 1

    def _collect(self) -> bool:
        """Take in the reports that are there.  One waitpid a thread: other children of ours are not our business.

        A report that has not been handled yet is out of date when the thread is killed while it stands still.
        """
        came = False
        for tid, tracee in list(self._tracees.items()):
            if tid in self._reports and self._has_ended(tid):
                continue
            try:
                found, status = os.waitpid(tid, ptrace.WALL | os.WNOHANG)
            except ChildProcessError:
                del self._tracees[tid]  # a thread that vanished in another one's exec
                self._reports.pop(tid, None)
                continue
            if found:
                tracee.sleep = None
                self._reports[tid] = status
                came = True
        return came

    def _has_ended(self, tid: int) -> bool:
        return not os.WIFSTOPPED(self._reports[tid])

    def _await_report(self, limit_s: float) -> None:
        """Wait for SIGCHLD, which the caller has blocked, so that one that came a moment ago still counts."""
        signal.sigtimedwait((signal.SIGCHLD,), limit_s)

    def _left_s(self) -> float:
        left_s = self._deadline_s - time.monotonic()
        if left_s <= 0:
            raise OutOfTime
        return left_s


class Controlled(Free):
    """One thread runs at a time, until it has to wait; then `choose` decides among those that can go on.

    Sleeping takes no time: a clock that only this schedule knows jumps to the next moment when somebody would wake.
    """

    def __init__(self, tracees: dict[int, Tracee], deadline_s: float, choose: Chooser | None = None) -> None:
        super().__init__(tracees, deadline_s)
        self._choose = choose or youngest
        self._running = 0
        self._turns = 0
        self._tired: set[int] = set()
        self._looks = 0
        self.now_ns = 0

    def next(self) -> tuple[int, int]:
        """See `Free.next`.  Fates are told at once; then whoever ran goes on; then `choose` is asked."""
        self._settle()
        tid = self._next_fate() or self._next_turn()
        return tid, self._reports.pop(tid)

    def give_way(self, tid: int) -> None:
        """Let the others go first once: the thread asked for something that they have to do."""
        self._tired.add(tid)

    def had_to_wait(self, call: Call, turn: int) -> bool:
        """Whether the thread was seen sleeping in this call."""
        return call.rested

    def put_to_sleep(self, tid: int, status: int) -> None:
        """Keep the report of a thread that wants to sleep until its time has come (see `Tracee.sleep`)."""
        self._reports[tid] = status

    def _settle(self) -> None:
        """Wait until every thread has reported or sleeps, and at least one has reported.

        First look, then collect: whoever reported in between is collected, and then we look again.
        """
        look_s, since_s = _FIRST_LOOK_S, time.monotonic()
        while True:
            moving = [tid for tid in self._tracees if tid not in self._reports and not self._rests(tid)]
            if self._collect():
                continue
            if not moving:
                self._note_who_waits()  # also when nobody has reported: only a timer can help them now
                if self._reports:
                    return
            self._await_report(min(self._left_s(), look_s if moving else 1.0))
            look_s = min(2 * look_s, _LAST_LOOK_S)
            if moving and time.monotonic() - since_s > _PATIENCE_S:
                self._interrupt(moving)
                since_s = time.monotonic()

    def _note_who_waits(self) -> None:
        for tid, tracee in self._tracees.items():
            if tid not in self._reports and tracee.call is not None:
                tracee.call.rested = True

    def _rests(self, tid: int) -> bool:
        tracee, state = self._tracees[tid], thread_state(tid)
        if state in _STOPPED:
            return tracee.stopped
        if tracee.waking is not None:
            return False  # it sleeps for zero seconds, but it does sleep
        if state == _ASLEEP or (state == _UNINTERRUPTIBLE and self._waits_for_relatives(tracee)):
            return is_off_processor(tid) and thread_state(tid) == state
        return state == _ZOMBIE

    def _waits_for_relatives(self, tracee: Tracee) -> bool:
        """A vfork waits for the child to exec, an exec for the end of the other threads, uninterruptibly."""
        execs = tracee.call is not None and tracee.call.name in ("execve", "execveat")
        has_threads = any(other.pid == tracee.pid and other is not tracee for other in self._tracees.values())
        return tracee.lends_memory or (execs and has_threads)

    def _interrupt(self, moving: Iterable[int]) -> None:
        for tid in moving:
            self._tired.add(tid)
            ptrace.interrupt(tid)

    def _next_fate(self) -> int:
        """Somebody who has ended, or goes on after a stop: others may already have been told by the kernel."""
        reported = (tid for tid in self._tracees if tid in self._reports)
        return next((tid for tid in reported if self._tracees[tid].stopped or self._has_ended(tid)), 0)

    def _next_turn(self) -> int:
        tid = self._whose_turn()
        self._turns = self._turns + 1 if tid == self._running else 0
        self._running = tid
        if self._turns > _MOST_TURNS:
            self.give_way(tid)
        return tid

    def _whose_turn(self) -> int:
        awake = self._awake()
        fresh = [tid for tid in awake if tid not in self._tired]
        if self._running in fresh:
            return self._running
        if fresh:
            return self._choose(fresh)
        self._tired.clear()
        self._looks += 1
        if awake and self._looks < _MOST_LOOKS:
            return self._choose(awake)  # everybody has given way: everybody starts anew
        self._looks = 0
        return self._next_sleeper() or self._choose(awake)  # and if that was of no use, time passes

    def _awake(self) -> list[int]:
        """Those that have reported and do not sleep, in the order of their birth.  A signal ends a sleep."""
        reported = [tid for tid in self._tracees if tid in self._reports]
        return [tid for tid in reported if self._tracees[tid].sleep is None or has_pending_signal(tid)]

    def _next_sleeper(self) -> int:
        """The sleeper whose time comes first; the clock jumps there.  0: nobody sleeps."""
        sleeps = {tid: tracee.sleep.until_ns for tid, tracee in self._tracees.items() if tracee.sleep}
        tid = min(sleeps, key=lambda tid: sleeps[tid], default=0)
        self.now_ns = max(self.now_ns, sleeps.get(tid, 0))
        return tid


def youngest(candidates: list[int]) -> int:
    """The thread that was born last: readers come to wait for their writers, and parents for their children."""
    return candidates[-1]


def eldest(candidates: list[int]) -> int:
    """The thread that was born first."""
    return candidates[0]
