"""Record a session: the lines of a `.msh` file typed to minishell on a real (pseudo) terminal.

A `.msh` file holds what a learner types, one line each.  Three kinds of line are for the recorder:

    # …            a remark, not typed
    key ^Z         press a control key
    wait TEXT      before the next line, wait until TEXT is on the screen

A line is typed only when the shell has printed its prompt and reads; nothing here sleeps.
"""

import fcntl
import os
import re
import select
import struct
import subprocess
import termios
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from minishell.lessons.normalise import tidy
from minishell.lessons.run import Failed, steady, tail, vet
from minishell.lessons.stage import Guard, Room, room_for, warded

PS1 = "minishell$ "  # the same for root and for everybody else
PROMPT = re.compile(rf"(?:^|[\r\n]){re.escape(PS1)}$")
ROWS, COLUMNS = 24, 72


@dataclass(frozen=True)
class Recording:
    """One session that a page asks for."""

    lesson: Path
    name: str
    timeout_s: float = 30.0
    width: int = 78


class Terminal:
    """Our side of the pseudo terminal: what to press, and what is on the screen since the last key."""

    def __init__(self, master: int, deadline_s: float) -> None:
        self.master = master
        self.deadline_s = deadline_s
        self.text = ""
        self.mark = 0

    def press(self, keys: bytes) -> None:
        """Send keys; what is awaited from now on must come after them."""
        self.mark = len(self.text)
        os.write(self.master, keys)

    def wait_for(self, pattern: re.Pattern[str]) -> None:
        """Read until the pattern is on the screen.  Raises `Failed` at the deadline."""
        while not pattern.search(self.text, self.mark):
            left = self.deadline_s - time.monotonic()
            if not select.select([self.master], [], [], max(0.0, left))[0]:
                raise Failed(f"nothing more after {pattern.pattern!r} was awaited\n{tail(self.text)}")
            self.text += self.read()

    def read(self) -> str:
        """What the shell printed next."""
        try:
            return os.read(self.master, 65536).decode("utf-8", "backslashreplace")
        except OSError as end:  # EIO: nobody has the terminal open any more
            raise Failed(f"minishell ended before its last line\n{tail(self.text)}") from end


def transcript(recording: Recording) -> str:
    """The dialogue as a reader would have seen it, the same in two recordings."""
    return vet(steady(lambda: once(recording)), recording.width)


def once(recording: Recording) -> str:
    """Type the whole file once."""
    lines = (recording.lesson / recording.name).read_text().splitlines()
    seed = f"{recording.lesson.name} {recording.name}"
    with room_for(recording.lesson) as room, opened(room, seed, recording.timeout_s) as terminal:
        terminal.wait_for(PROMPT)
        for line in lines:
            enter(terminal, line)
        terminal.wait_for(PROMPT)
        return tidy(without_last_prompt(terminal.text).encode(), room)


def enter(terminal: Terminal, line: str) -> None:
    """Carry out one line of the file."""
    word, _, rest = line.partition(" ")
    match word:
        case "" | "#":
            return
        case "key":
            terminal.press(bytes([ord(rest[-1].upper()) ^ 64]))
        case "wait":
            terminal.wait_for(re.compile(re.escape(rest)))
        case _:
            terminal.wait_for(PROMPT)
            terminal.press(line.encode() + b"\r")


def without_last_prompt(text: str) -> str:
    """The screen up to the prompt that waits for a line nobody types."""
    return text[: text.rindex("\n") + 1] if "\n" in text else ""


@contextmanager
def opened(room: Room, seed: str, limit_s: float) -> Iterator[Terminal]:
    """minishell on a terminal of its own; killed, with all it started, at the end."""
    master, slave = os.openpty()
    fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", ROWS, COLUMNS, 0, 0))
    with warded(["minishell"], seed=seed, time_limit_s=limit_s, mode="terminal") as (argv, guard):
        process = start(argv, room, slave, guard)
        try:
            yield Terminal(master, time.monotonic() + limit_s)
        finally:
            guard.let_go()
            process.wait()
            os.close(master)


def start(argv: list[str], room: Room, slave: int, guard: Guard) -> subprocess.Popen[bytes]:
    """Start the warden with the terminal as its three standard descriptors."""
    process = subprocess.Popen(
        argv,
        stdin=slave,
        stdout=slave,
        stderr=slave,
        cwd=room.folder,
        env=room.environment | {"PS1": PS1},
        pass_fds=guard.shared,
        umask=0o022,
        start_new_session=True,
    )
    os.close(slave)
    guard.started()
    return process
