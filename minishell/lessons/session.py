"""Record a session: the lines of a `.msh` file typed to minishell on a real (pseudo) terminal.

A `.msh` file holds what a learner types, one line each.  Three kinds of line are for the recorder:

    # …            a remark, not typed
    @key ^Z        press a control key, when the line before runs in the foreground
    @await TEXT    read on until TEXT is on the screen

A line is typed only when the shell has printed its prompt.  `screen` works out what stands where.
"""

import codecs
import os
import select
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from minishell.lessons.normalise import tidy
from minishell.lessons.run import Failed, require_namespace, steady, tail, vet
from minishell.lessons.screen import Screen
from minishell.lessons.stage import Room, begun, room_for, warded

PS1 = "minishell$ "  # the same for root and for everybody else
PS2 = "> "
COLUMNS = 72


@dataclass(frozen=True)
class Recording:
    """One session that a page asks for."""

    lesson: Path
    name: str
    timeout_s: float = 60.0
    width: int = 78
    columns: int = COLUMNS  # of the terminal


class Terminal:
    """Our side of the pseudo terminal: what to press, and what is on the screen."""

    def __init__(self, master: int, deadline_s: float) -> None:
        self.master = master
        self.deadline_s = deadline_s
        self.screen = Screen()
        self.decoder = codecs.getincrementaldecoder("utf-8")("backslashreplace")
        self.prompt_row = -1
        self.shell_group = 0
        self.at_prompt = False

    def type_line(self, line: str) -> None:
        """Type a line at a prompt; when it stands there, press Enter.

        Before that, a notice about a job may come between the prompt and the line, and push both down.
        """
        self.wait_for_prompt()
        self.press(line.encode())
        self.read_until(lambda: self.before_cursor() in (PS1 + line, PS2 + line), f"the echo of {line!r}")
        self.prompt_row = self.screen.row
        self.press(b"\r")

    def press_key(self, key: str) -> None:
        """Press a control key, such as `^Z`: at the prompt, or when the last line runs in the foreground."""
        if not self.at_prompt:
            self.wait_for_foreground_job()
        self.press(bytes([ord(key[-1].upper()) ^ 64]))

    def press(self, keys: bytes) -> None:
        """Send bytes to the terminal."""
        os.write(self.master, keys)
        self.at_prompt = False

    def wait_for_prompt(self) -> None:
        """Read until there is a prompt below the one before, with nothing typed at it."""
        if not self.at_prompt:
            self.read_until(self.at_a_new_prompt, "a prompt")
            self.prompt_row = self.screen.row
            self.shell_group = os.tcgetpgrp(self.master)
            self.at_prompt = True

    def wait_for_foreground_job(self) -> None:
        """Read until the terminal belongs to a job.  The kernel tells nobody about that, so ask every 10 ms."""
        self.read_until(lambda: os.tcgetpgrp(self.master) != self.shell_group, "a foreground job", look_s=0.01)

    def at_a_new_prompt(self) -> bool:
        """Whether the shell waits for a line that nobody has begun."""
        begun = self.screen.line(self.screen.row)[self.screen.column :].strip()
        return self.screen.row > self.prompt_row and self.before_cursor() in (PS1, PS2) and not begun

    def before_cursor(self) -> str:
        """The line where the cursor is, up to the cursor: a suggestion may follow."""
        return self.screen.line(self.screen.row)[: self.screen.column].ljust(self.screen.column)

    def wait_for(self, text: str) -> None:
        """Read until `text` stands somewhere below the line that was typed last."""
        self.read_until(lambda: text in "\n".join(map(self.screen.line, self.below())), repr(text))

    def below(self) -> range:
        """The rows after the last prompt."""
        return range(self.prompt_row + 1, len(self.screen.lines))

    def read_until(self, satisfied: Callable[[], bool], what: str, look_s: float = 3600.0) -> None:
        """Show what the shell prints until it will do.  Raises `Failed` at the deadline."""
        while not satisfied():
            left = self.deadline_s - time.monotonic()
            if left <= 0:
                raise Failed(f"{what} was awaited and did not come\n{tail(self.screen.text())}")
            if select.select([self.master], [], [], min(left, look_s))[0]:
                self.screen.feed(self.read())

    def read(self) -> str:
        """What the shell printed next."""
        try:
            return self.decoder.decode(os.read(self.master, 65536))
        except OSError as end:  # EIO: nobody has the terminal open any more
            raise Failed(f"minishell ended before its last line\n{tail(self.screen.text())}") from end


def transcript(recording: Recording) -> str:
    """The dialogue as a reader would have seen it, the same in two recordings."""
    return vet(steady(lambda: once(recording)), recording.width)


def once(recording: Recording) -> str:
    """Type the whole file once; what is on the screen above the last prompt."""
    require_namespace("a session")
    lines = (recording.lesson / recording.name).read_text().splitlines()
    with room_for(recording.lesson) as room, opened(recording, room) as terminal:
        for number, line in enumerate(lines, 1):
            try:
                enter(terminal, line)
            except Failed as problem:
                raise Failed(f"{str(problem).rstrip()}\n  at {recording.name}:{number}") from None
        terminal.wait_for_prompt()
        return tidy(terminal.screen.text(terminal.prompt_row).encode(), room)


def enter(terminal: Terminal, line: str) -> None:
    """Carry out one line of the file."""
    word, _, rest = line.partition(" ")
    match word:
        case "" | "#":
            return
        case "@key":
            terminal.press_key(rest)
        case "@await":
            terminal.wait_for(rest)
        case _:
            terminal.type_line(line)


@contextmanager
def opened(recording: Recording, room: Room) -> Iterator[Terminal]:
    """minishell on a terminal of its own; killed, with all it started, at the end."""
    seed, limit_s = f"{recording.lesson.name} {recording.name}", recording.timeout_s
    env = room.environment | {"PS1": PS1, "TERM": "xterm"}  # a dumb terminal has no editor
    with (
        warded(["minishell"], room, seed=seed, time_limit_s=limit_s, terminal=True) as (argv, guard),
        begun(argv, room, guard, env, columns=recording.columns) as (_, master),
    ):
        yield Terminal(master, time.monotonic() + limit_s)
