"""What the observer remembers of each thread that it follows."""

from __future__ import annotations

from minishell.record import record


class Call:
    """A system call that a thread is in.  `object`, `text` and `words` are read at its beginning."""

    object = ""
    text = ""
    words: tuple[str, ...] = ()
    rested = False  # the schedule saw the thread sleep in it
    blocked = False

    def __init__(self, name: str, args: tuple[int, ...], began_ns: int, turn: int) -> None:
        """`turn`: how many reports had been handled when it began."""
        self.name, self.args, self.began_ns, self.turn = name, args, began_ns, turn


@record
class Sleep:
    """A sleep that is not slept: until when (on the schedule's clock), and the memory that told how long."""

    until_ns: int
    address: int
    request: bytes


class Tracee:
    """One thread.  `pid` is its process; the first thread of a process has the number of the process.

    `filtered`: it has the seccomp filter, which stops it only at the calls that matter.
    """

    call: Call | None = None
    sleep: Sleep | None = None
    waking: Sleep | None = None  # its time has come; its memory has to be restored when the call returns
    slept: Sleep | None = None  # the last one: a signal may make the kernel begin it again
    stopped = False  # in a group stop: only SIGCONT or a fatal signal helps
    lends_memory = False  # the parent of a vfork: waits until the child execs or ends
    stopping_since_ns = 0  # it has got a signal that stops, and perhaps will
    dying_since_ns = 0

    def __init__(self, tid: int, pid: int, *, filtered: bool = True) -> None:
        self.tid, self.pid, self.filtered = tid, pid, filtered
        self.only_read: set[str] = set()
        """Files that it has opened for nothing else, and not closed since"""
