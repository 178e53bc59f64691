"""Sleeps that take no time: the schedule decides when a sleeper goes on, and then it sleeps for zero seconds."""

from __future__ import annotations

import ctypes
import time

from minishell.trace import memory
from minishell.trace.tracee import Sleep, Tracee

_TIMER_ABSTIME = 1  # linux/time.h
_TIMESPEC_BYTES = 16
_GRID_NS = 50_000_000


def asked(tracee: Tracee, name: str, args: tuple[int, ...], now_ns: int) -> Sleep:
    """The sleep that a thread asks for, on the schedule's clock, which says `now_ns`.

    `clock_nanosleep` may name a moment of a real clock, which is a little nearer when we look than when the thread
    looked.  Rounding up to a grid makes sleeps equal that were meant to be equal.  The same moment asked for again
    is a sleep that a signal had interrupted.
    """
    tid = tracee.tid
    address = args[0] if name == "nanosleep" else args[2]
    request = memory.read(tid, address, _TIMESPEC_BYTES)
    seconds, nanoseconds = memory.numbers(tid, address, "2q")
    duration_ns = seconds * 1_000_000_000 + nanoseconds
    if name == "clock_nanosleep" and args[1] & _TIMER_ABSTIME:
        duration_ns -= time.clock_gettime_ns(ctypes.c_int32(args[0]).value)
        if tracee.slept is not None and tracee.slept.request == request:
            return tracee.slept
    steps = -(-max(duration_ns, 0) // _GRID_NS)
    return Sleep(now_ns + steps * _GRID_NS, address, request)


def shorten(tid: int, sleep: Sleep) -> None:
    """Make the coming sleep one of zero seconds, or until 1970: it returns at once."""
    memory.write(tid, sleep.address, bytes(len(sleep.request)))


def restore(tid: int, sleep: Sleep) -> None:
    """Put back what the program had written there."""
    memory.write(tid, sleep.address, sleep.request)
