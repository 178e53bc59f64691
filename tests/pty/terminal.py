"""A real pseudo-terminal: a program on one side, and on the other somebody who looks and types.

The program gets a session of its own, and the terminal as its controlling terminal, as in a terminal window.
What it writes is drawn by pyte, so a test sees what a person would see: after cursor movements, erased lines
and redrawing. Nothing here sleeps: every wait is for an event (output, a state in /proc) and has a deadline.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import pty
import select
import signal
import struct
import termios
import time
from typing import TYPE_CHECKING, NamedTuple, NoReturn, TypeVar

import pyte

from tests.pty import processes
from tests.pty.picture import Picture, Size

if TYPE_CHECKING:
    import re
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

DEADLINE_S = float(os.environ.get("MINISHELL_DEADLINE_S", "60"))
"""How long to wait for what must happen. Far too long on purpose: a busy machine is not a failure.

Shorter than the programs here sleep, so that a key that has got lost is not overlooked.
"""

KEYS = {
    "Enter": "\r",
    "Tab": "\t",
    "Escape": "\x1b",
    "Backspace": "\x7f",
    "Left": "\x1b[D",
    "Right": "\x1b[C",
    "Up": "\x1b[A",
    "Down": "\x1b[B",
    "C-\\": "\x1c",
}

BRACKETED_PASTE = 2004  # a private mode of xterm
TIOCGPTPEER = 0x5441  # ioctl_tty(2): open the other side; Python has no name for it

Answer = TypeVar("Answer")


class NotSeen(AssertionError):
    """What a test waited for did not happen."""


class Modes(NamedTuple):
    """The modes of a terminal: termios(3)."""

    iflag: int
    oflag: int
    cflag: int
    lflag: int
    characters: tuple[bytes, ...]

    def on(self) -> set[str]:
        """The names of the flags that are set, of those that shells and raw programs change."""
        flags = {"i": self.iflag, "o": self.oflag, "l": self.lflag}
        return {name for name, kind in FLAGS.items() if flags[kind] & getattr(termios, name)}


FLAGS = {
    "ICRNL": "i",
    "IXON": "i",
    "OPOST": "o",
    "ONLCR": "o",
    "ECHO": "l",
    "ICANON": "l",
    "IEXTEN": "l",
    "ISIG": "l",
    "NOFLSH": "l",
    "TOSTOP": "l",
}


WINDOW = Size(rows=24, columns=120)


class Terminal:
    """A program on a pseudo-terminal.

    `answer_after_s`: how late the terminal answers questions such as "where is the cursor?" (ESC [ 6 n).
    If None it never does, like a plain terminal.
    `before_exec`: runs in the child, just before it becomes the program.
    """

    def __init__(
        self,
        argv: Sequence[str],
        *,
        environment: Mapping[str, str],
        directory: Path,
        size: Size = WINDOW,
        answer_after_s: float | None = 0.0,
        before_exec: Callable[[], None] = lambda: None,
    ) -> None:
        self.answer_after_s = answer_after_s
        self.answers: list[tuple[float, bytes]] = []
        self.picture = Picture(size, self.answer)
        self.stream = pyte.ByteStream(self.picture)
        self.transcript = bytearray()
        self.hung_up = False
        self.at_end = False  # nobody has the other side open any more
        self.pid, self.fd = pty.fork()
        if self.pid == 0:
            become(argv, environment, directory, size, before_exec)
        os.set_blocking(self.fd, False)

    # -- what a person sees

    def screen(self) -> str:
        """All lines so far, those that scrolled away too."""
        self.pump()
        return self.picture.text()

    def before_cursor(self) -> str:
        """The cursor's line, up to the cursor: what a program shows when it asks for input."""
        self.pump()
        cursor = self.picture.cursor
        return self.picture.row(cursor.y)[: cursor.x]

    def shows(self, prompt: str) -> bool:
        """Whether the cursor stands right behind the prompt, and not in the middle of drawing: then it is hidden."""
        return self.before_cursor() == prompt and not self.picture.cursor.hidden

    def expect_prompt(self, prompt: str) -> None:
        """Wait until the cursor stands right behind the prompt."""
        self.until(lambda: self.shows(prompt), f"the prompt {prompt!r}")

    def expect(self, pattern: str | re.Pattern[str], deadline_s: float = DEADLINE_S) -> None:
        """Wait until the text (or regular expression) is on the screen."""
        self.until(lambda: found(pattern, self.screen()), f"{pattern!r} on the screen", deadline_s)

    def count(self, text: str) -> int:
        """How often the text is on the screen."""
        return self.screen().count(text)

    def until(self, condition: Callable[[], Answer], what: str, deadline_s: float = DEADLINE_S) -> Answer:
        """Wait until the condition holds, reading what the program writes; the condition's value."""
        end = time.monotonic() + deadline_s
        pause_s = 0.001
        while not (answer := condition()):
            if time.monotonic() > end:
                raise NotSeen(f"waited {deadline_s:g} s for {what}, but:\n{self.report()}")
            pause_s = 0.001 if self.pump(pause_s) else min(2 * pause_s, 0.02)
        return answer

    def settle(self) -> None:
        """Wait until a program that edits a line has worked off all keys and signals, and asks for more."""
        self.until(self.asks, "the program to ask for keys")

    def during(self, seconds: float) -> None:
        """Look on for a while: only for what must *not* happen, and for keys pressed at a given moment."""
        end = time.monotonic() + seconds
        while (left := end - time.monotonic()) > 0:
            self.pump(left)

    # -- what a person does

    def send(self, text: str | bytes) -> None:
        """Type, as fast as the terminal takes it."""
        left = text.encode() if isinstance(text, str) else text
        while left:
            readable, writable, _ = select.select([self.fd], [self.fd], [], DEADLINE_S)
            if readable:
                self.read()
            if writable:
                with contextlib.suppress(BlockingIOError):
                    left = left[os.write(self.fd, left) :]

    def keys(self, *names: str) -> None:
        """Press keys by name: "C-c", "Enter", "Up", "x"."""
        for name in names:
            self.send(KEYS.get(name) or (control(name) if name.startswith("C-") else name))

    def paste(self, text: str) -> None:
        """Paste, between brackets if the program asked for them (xterm's mode 2004)."""
        self.pump()
        bracketed = self.picture.has_mode(BRACKETED_PASTE)
        self.send(f"\x1b[200~{text}\x1b[201~" if bracketed else text)

    def resize(self, size: Size) -> None:
        """Change the size of the window; the kernel tells the foreground group by SIGWINCH."""
        self.pump()
        self.picture.resize(lines=size.rows, columns=size.columns)
        set_size(self.fd, size)

    def hang_up(self) -> None:
        """Close the terminal's window."""
        os.close(self.fd)
        self.fd, self.hung_up = -1, True

    # -- what the kernel knows about the terminal

    def foreground(self) -> int:
        """The process group that owns the terminal; 0 when it has no members left."""
        return os.tcgetpgrp(self.fd)

    def nothing_unread(self) -> bool:
        """Whether all keys have been read, or done what they do as they come: sent a signal, stopped the output.

        The kernel passes keys on a moment after they are pressed; who looks for input on their side makes it do so.
        """
        side = fcntl.ioctl(self.fd, TIOCGPTPEER, os.O_RDWR | os.O_NOCTTY)
        try:
            return not select.select([side], [], [], 0)[0]
        finally:
            os.close(side)

    def asks(self) -> bool:
        """Whether the program that edits a line has taken all keys, and sleeps until there are more."""
        taken = "ICANON" not in self.modes().on() and self.nothing_unread()
        return taken and processes.state(self.pid) == "S" and not processes.signals(self.pid).pending

    def modes(self) -> Modes:
        iflag, oflag, cflag, lflag, _, _, characters = termios.tcgetattr(self.fd)
        return Modes(iflag, oflag, cflag, lflag, tuple(map(bytes, characters)))

    # -- the end

    def ended(self) -> bool:
        """Whether the program has ended. It stays a zombie until `close`, so that its pid stays ours."""
        return os.waitid(os.P_PID, self.pid, os.WEXITED | os.WNOHANG | os.WNOWAIT) is not None

    def status(self) -> int:
        """Wait until the program has ended: its exit status, or -9 if signal 9 killed it."""
        self.until(self.ended, "the end of the program")
        result = os.waitid(os.P_PID, self.pid, os.WEXITED | os.WNOHANG | os.WNOWAIT)
        assert result is not None
        return result.si_status if result.si_code == os.CLD_EXITED else -result.si_status

    def close(self) -> None:
        """End every process of the session, whatever its group or state, and close the terminal."""
        self.until(self.kill_everybody, "the end of every process of the session")
        os.waitpid(self.pid, 0)
        if not self.hung_up:
            self.hang_up()

    def kill_everybody(self) -> bool:
        """Whether nobody was left. The leader is not waited for: its pid keeps the session's number ours."""
        left = [process for process in processes.in_session(self.pid) if process.state not in "ZX"]
        for process in left:
            with contextlib.suppress(ProcessLookupError):
                os.kill(process.pid, signal.SIGKILL)
        return not left

    # -- reading

    def pump(self, timeout_s: float = 0.0) -> bool:
        """Wait at most so long for output, and draw it. False when there was none."""
        timeout_s = min(timeout_s, self.send_due_answers())
        watched = [] if self.hung_up or self.at_end else [self.fd]
        readable, _, _ = select.select(watched, [], [], timeout_s)
        return bool(readable) and self.read()

    def read(self) -> bool:
        try:
            data = os.read(self.fd, 65536)
        except BlockingIOError:
            return False
        except OSError:  # EIO: the last process that had it open has gone
            data = b""
        self.at_end = not data
        self.transcript += data
        self.stream.feed(data)
        self.send_due_answers()
        return bool(data)

    def answer(self, text: str) -> None:
        if self.answer_after_s is not None:
            self.answers.append((time.monotonic() + self.answer_after_s, text.encode()))

    def send_due_answers(self) -> float:
        """Send the answers whose time has come; the seconds until the next one."""
        now = time.monotonic()
        due = [text for when, text in self.answers if when <= now]
        self.answers = [(when, text) for when, text in self.answers if when > now]
        for text in due:
            os.write(self.fd, text)
        return min((when - now for when, _ in self.answers), default=DEADLINE_S)

    def report(self) -> str:
        """What is on the screen and who is alive, for the message of a failed test."""
        people = [
            f"{p.pid:>8} {p.state} group {p.pgrp} foreground {p.tpgid} {p.name}"
            for p in processes.in_session(self.pid)
        ]
        screen = self.picture.text().split("\n")[-2 * self.picture.lines :]
        last = bytes(self.transcript[-200:])
        return "\n".join(["-- end of the screen", *screen, "-- processes", *people, f"-- last output {last!r}"])


def found(pattern: str | re.Pattern[str], text: str) -> bool:
    return pattern in text if isinstance(pattern, str) else pattern.search(text) is not None


def control(name: str) -> str:
    """What the terminal sends for "C-c": the letter's low five bits."""
    return chr(ord(name[-1].upper()) & 0x1F)


def set_size(terminal: int, size: Size) -> None:
    fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack("HHHH", size.rows, size.columns, 0, 0))


def become(
    argv: Sequence[str],
    environment: Mapping[str, str],
    directory: Path,
    size: Size,
    before_exec: Callable[[], None],
) -> NoReturn:
    """In the child: forget what Python and pytest changed, and become the program."""
    try:
        os.closerange(3, 1024)  # what our own caller forgot to close
        set_size(0, size)
        for number in signal.valid_signals() - {signal.SIGKILL, signal.SIGSTOP}:
            with contextlib.suppress(OSError):
                signal.signal(number, signal.SIG_DFL)
        signal.pthread_sigmask(signal.SIG_SETMASK, ())
        os.umask(0o022)
        os.chdir(directory)
        before_exec()
        os.execvpe(argv[0], list(argv), dict(environment))
    except BaseException as problem:
        os.write(2, f"cannot start {argv}: {problem!r}".encode())
    finally:
        os._exit(127)
