"""What a person at a terminal waits for: the first prompt, the line editor, the end of a job.

The shell gets a pseudo-terminal of its own, and on its other side a terminal that answers at once when it
is asked for the cursor's place (prompt-toolkit waits for that answer).  Nothing here sleeps: what is
waited for is text.
"""

from __future__ import annotations

import os
import re
import select
import signal
import termios
import time
from contextlib import contextmanager, suppress
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from bench.measure import Failed, environment
from bench.rounds import Arena, Measure, Take, Target
from bench.shells import INTERPRETER, SUBJECT, Shell

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

DEADLINE_S = 60.0
ROWS, COLUMNS = 24, 80
NOTICE = rb"(?i)done|terminated|ended|finished"
ESCAPES = re.compile(rb"\x1b\][^\x07\x1b]*(\x07|\x1b\\)|\x1b\[[0-?]*[ -/]*[@-~]|\x1b[ -/]*[0-~]|[\x00-\x09\x0e-\x1f]")
WHERE_IS_THE_CURSOR = b"\x1b[6n"
START_OF_LINE = b"\x01"  # Ctrl-A, to readline and prompt-toolkit alike
EDITED_LINE = b"xpr 1200 + 34" + START_OF_LINE + b"e\r"
ITS_OUTPUT = rb"1234"
WRITES_A_PROMPT = "import posix; posix.write(2, b'$ '); posix.read(0, 1)"


def painted(arena: Arena) -> Mapping[str, Take]:
    """From the start of the shell to a prompt on the screen; and the interpreter, which can do nothing sooner."""

    def once(shell: Shell) -> float:
        with session(shell, arena.scratch) as terminal:
            return terminal.until(shell.prompt)

    bare = Shell(INTERPRETER, (str(arena.python), "-I", "-S", "-c", WRITES_A_PROMPT), rb"\$ ")
    return {shell.name: partial(once, shell) for shell in (*arena.shells, bare)}


def editor_ready(arena: Arena) -> Mapping[str, Take]:
    """From the start of the shell to the output of a line typed, and edited, as soon as there is a prompt."""

    def once(shell: Shell) -> float:
        with session(shell, arena.scratch) as terminal:
            terminal.until(shell.prompt)
            terminal.type(EDITED_LINE)
            return terminal.until(ITS_OUTPUT)

    return {shell.name: partial(once, shell) for shell in arena.shells if shell.name != "dash"}


def notice(arena: Arena) -> Mapping[str, Take]:
    """From the signal that ends a background job to the words about it, while the shell waits at its prompt.

    This is longer than "from reaping to screen": the job's own death is in it.
    """

    def once(shell: Shell) -> float:
        with session(shell, arena.scratch) as terminal:
            terminal.until(shell.prompt)
            terminal.type(b"set -b; sleep 1000 & expr 1200 + 34\r")
            terminal.until(ITS_OUTPUT + rb"[\s\S]*" + shell.prompt)
            begin_ms = terminal.clock_ms()
            (job,) = children(terminal.pid)
            os.kill(job, signal.SIGTERM)
            return terminal.until(NOTICE) - begin_ms

    return {shell.name: partial(once, shell) for shell in arena.shells if shell.name in (SUBJECT, "bash")}


MEASURES = (
    Measure("prompt", "first prompt painted", painted, rounds=15, targets=(Target(4.0, against="bash"),)),
    Measure("editor", "editor ready", editor_ready, rounds=15, targets=(Target(0.35, against="xonsh"),)),
    Measure("notice", "a job's end, on the screen", notice, rounds=15, targets=(Target(5.0),)),
)


class Terminal:
    """The other side of the shell's terminal."""

    def __init__(self, master: int, pid: int, begin_ns: int) -> None:
        self.master = master
        self.pid = pid
        self.begin_ns = begin_ns
        self.seen = b""  # what arrived since the last `until`, escape sequences included

    def until(self, pattern: bytes) -> float:
        """Read until the text on its way to the screen has `pattern`; `clock_ms` of that moment."""
        while not re.search(pattern, ESCAPES.sub(b"", self.seen)):
            if not select.select([self.master], [], [], DEADLINE_S)[0]:
                raise Failed(f"waited in vain for {pattern!r}, saw {self.seen[-200:]!r}")
            self.take()
        self.seen = b""
        return self.clock_ms()

    def clock_ms(self) -> float:
        """Milliseconds since the shell started."""
        return (time.perf_counter_ns() - self.begin_ns) / 1e6

    def take(self) -> None:
        """Take what has arrived, and answer if it asks for the cursor's place."""
        try:
            arrived = os.read(self.master, 65536)
        except OSError as hangup:  # EIO: nobody has the terminal open any more
            raise Failed(f"the shell is gone; it said {self.seen[-200:]!r}") from hangup
        self.seen += arrived
        for _ in range(arrived.count(WHERE_IS_THE_CURSOR)):
            self.type(b"\x1b[1;1R")

    def type(self, keys: bytes) -> None:
        """Press these keys."""
        os.write(self.master, keys)


@contextmanager
def session(shell: Shell, home: Path) -> Iterator[Terminal]:
    """An interactive shell as leader of a session with its own terminal; killed at the end, with its job."""
    master, slave = os.openpty()
    termios.tcsetwinsize(slave, (ROWS, COLUMNS))
    wiring: Sequence[tuple[int, int, str, int, int] | tuple[int, int, int]] = (
        # Opened by a session leader, without O_NOCTTY, it becomes the session's terminal.
        (os.POSIX_SPAWN_OPEN, 0, os.ttyname(slave), os.O_RDWR, 0),
        (os.POSIX_SPAWN_DUP2, 0, 1),
        (os.POSIX_SPAWN_DUP2, 0, 2),
    )
    begin_ns = time.perf_counter_ns()
    pid = os.posix_spawn(shell.argv[0], shell.interactive(), environment(home), file_actions=wiring, setsid=True)
    os.close(slave)
    try:
        yield Terminal(master, pid, begin_ns)
    finally:
        for victim in (*children(pid), pid):
            with suppress(ProcessLookupError):
                os.kill(victim, signal.SIGKILL)
        os.close(master)
        os.waitpid(pid, 0)


def children(pid: int) -> list[int]:
    """The living children of a process, by /proc."""
    return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
