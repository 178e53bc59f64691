"""The terminal as the editor sees it: what prompt-toolkit does by default would lose keys meant for commands.

What is different, and why:

* Keys keep their meaning as signals (ISIG): Ctrl-C between Enter and the command's start is a real SIGINT to
  the shell, which passes it on, and not a byte that the editor has eaten.
* Enter stays a newline (ICRNL), and nothing is read past it: what is typed ahead is read by the command.
* Signals do not throw away what is typed and not yet read (NOFLSH), nor output on its way to the screen.
  These three are in modes.py.
* The terminal is never asked where its cursor is: a late answer would be read by a command as its input.
"""

from __future__ import annotations

import fcntl
import os
import select
import signal as _signal
import struct
import termios
from contextlib import contextmanager
from typing import TYPE_CHECKING, TextIO

from prompt_toolkit.data_structures import Size
from prompt_toolkit.input.vt100 import Vt100Input
from prompt_toolkit.output.vt100 import Vt100_Output

from minishell.kernel.signals import NUMBERS
from minishell.repl.modes import editing_modes

if TYPE_CHECKING:
    from collections.abc import Iterator
    from contextlib import AbstractContextManager

    from minishell.jobs.terminal import Terminal
    from minishell.kernel.calls import Kernel

PASTE_STARTS, PASTE_ENDS = b"\x1b[200~", b"\x1b[201~"
COUNTING = {NUMBERS["INT"], NUMBERS["TSTP"]}
"""Signals whose handlers look at how much has been typed: `taken` has to be right then."""

ROWS_BELOW = 2
"""Rows that are taken to be free below the prompt: the line and the toolbar."""


class ConsoleInput(Vt100Input):
    """Keys from the terminal, one line at a time."""

    def __init__(self, kernel: Kernel, stdin: TextIO, terminal: Terminal | None) -> None:
        super().__init__(stdin)
        self.terminal = terminal
        self.lines = LineReader(kernel, self.fileno(), encoding="utf-8")
        self.stdin_reader = self.lines  # type: ignore[assignment]

    def raw_mode(self) -> AbstractContextManager[None]:
        """Editing modes; afterwards those that the shell gives to commands."""
        return super().raw_mode() if self.terminal is None else self.editing(self.terminal)

    @contextmanager
    def editing(self, terminal: Terminal) -> Iterator[None]:
        terminal.set_modes(editing_modes(terminal.modes))
        try:
            yield
        finally:
            terminal.set_modes(terminal.modes)


class LineReader:
    """Reads what has been typed, up to and including a newline: the rest is for whoever reads next."""

    def __init__(self, kernel: Kernel, fd: int, encoding: str) -> None:
        self.kernel, self.fd, self.encoding = kernel, fd, encoding
        self.taken = 0
        self.closed = False
        self.pasting = False
        self.rest = b""  # of a character whose bytes have not all come

    def read(self, count: int = 1024) -> str:
        before = self.kernel.sigprocmask(_signal.SIG_BLOCK, COUNTING)
        try:
            return self.decode(self.take_line())
        finally:
            self.kernel.sigprocmask(_signal.SIG_SETMASK, before)

    def take_line(self) -> bytes:
        data = bytearray()
        for _ in range(max(self.waiting(), 1)):
            if not select.select([self.fd], [], [], 0)[0]:
                break  # a signal has emptied the queue under us: a read would block
            try:
                byte = os.read(self.fd, 1)
            except OSError:
                byte = b""
            if not byte:
                self.closed = True
                break
            data += byte
            self.taken += 1
            self.watch_paste(data)
            if byte in b"\r\n" and not self.pasting:
                break
        return bytes(data)

    def typed_so_far(self) -> int:
        """How many bytes have ever been typed, those that nobody has read yet included."""
        return self.taken + self.waiting()

    def discard(self, up_to: int) -> None:
        """Throw away what was typed before, and nothing that came after: `up_to` is an earlier `typed_so_far`."""
        if up_to > self.taken and self.waiting():
            self.taken += len(os.read(self.fd, min(up_to - self.taken, self.waiting())))

    def waiting(self) -> int:
        """How many bytes can be read at once."""
        try:
            answer: bytes = fcntl.ioctl(self.fd, termios.FIONREAD, b"\0\0\0\0")
        except OSError:
            return 0
        return int(struct.unpack("i", answer)[0])

    def watch_paste(self, data: bytearray) -> None:
        """A paste is read whole: its newlines do not end the line."""
        if data.endswith(PASTE_STARTS):
            self.pasting = True
        elif data.endswith(PASTE_ENDS):
            self.pasting = False

    def decode(self, data: bytes) -> str:
        """Text of all characters that have come whole; bytes that are no UTF-8 are kept as surrogates."""
        data = self.rest + data
        keep = incomplete_tail(data)
        self.rest = data[len(data) - keep :] if keep else b""
        return data[: len(data) - keep].decode(self.encoding, "surrogateescape")


def incomplete_tail(data: bytes) -> int:
    """How many bytes at the end start a UTF-8 character that is not complete."""
    for size in range(1, min(4, len(data) + 1)):
        byte = data[-size]
        if byte & 0xC0 == 0x80:
            continue
        needed = 2 if byte & 0xE0 == 0xC0 else 3 if byte & 0xF0 == 0xE0 else 4 if byte & 0xF8 == 0xF0 else 1
        return size if needed > size else 0
    return 0


class ConsoleOutput(Vt100_Output):
    """The screen, which is never asked anything."""

    def __init__(self, stdout: TextIO) -> None:
        super().__init__(stdout, lambda: window_size(stdout.fileno()), enable_cpr=False, enable_bell=False)

    def get_rows_below_cursor_position(self) -> int:
        return ROWS_BELOW


def window_size(fd: int) -> Size:
    """The size of the terminal; 24 × 80 if it does not know."""
    try:
        columns, rows = os.get_terminal_size(fd)
    except OSError:
        columns, rows = 0, 0
    return Size(rows=rows or 24, columns=columns or 80)
