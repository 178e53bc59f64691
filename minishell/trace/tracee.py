"""What the observer remembers of each thread that it follows."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(slots=True)
class Call:
    """A system call that a thread is in.  `object`, `text` and `words` are read at its beginning."""

    name: str
    args: tuple[int, ...]
    began_ns: int
    turn: int = 0  # how many reports had been handled when it began
    object: str = ""
    text: str = ""
    words: tuple[str, ...] = ()
    rested: bool = False  # the controlled schedule saw the thread sleep in it
    blocked: bool = False


@dataclass(slots=True)
class Sleep:
    """A sleep that is not slept: until when (on the schedule's clock), and the memory that told how long."""

    until_ns: int
    address: int
    request: bytes


@dataclass(slots=True)
class Tracee:
    """One thread.  `pid` is its process; the first thread of a process has the number of the process."""

    tid: int
    pid: int
    filtered: bool = True  # it has the seccomp filter, which stops it only at the calls that matter
    call: Call | None = None
    sleep: Sleep | None = None
    waking: Sleep | None = None  # its time has come; its memory has to be restored when the call returns
    slept: Sleep | None = None  # the last one: a signal may make the kernel begin it again
    stopped: bool = False  # in a group stop: only SIGCONT or a fatal signal helps
    lends_memory: bool = False  # the parent of a vfork: waits until the child execs or ends
    stopping_since_ns: int = 0  # it has got a signal that stops, and perhaps will
    dying_since_ns: int = 0
