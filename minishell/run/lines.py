"""Reading a script line by line from a descriptor that its commands read too."""

from __future__ import annotations

import os

from minishell.ids import STDIN

TYPE_CHECKING = False
if TYPE_CHECKING:
    from minishell.ids import Fd
    from minishell.kernel.calls import Kernel


def read_line(kernel: Kernel, fd: Fd = STDIN, delimiter: bytes = b"\n") -> str:
    """The next line of standard input, with its delimiter, and not a byte more: commands read what follows.

    A file is read ahead and its offset, which children share, set back behind the line; a pipe cannot be,
    so it is read byte by byte.  POSIX.1-2024 XCU sh, STDIN.
    """
    try:
        place = kernel.lseek(fd, 0, os.SEEK_CUR)
    except OSError:
        return decode(read_bytes(kernel, fd, delimiter))
    line = b""
    while not line.endswith(delimiter):
        chunk = kernel.read(fd, 4096)
        if not chunk:
            break
        line += chunk[: chunk.find(delimiter) + 1 or len(chunk)]
    kernel.lseek(fd, place + len(line), os.SEEK_SET)
    return decode(line)


def read_bytes(kernel: Kernel, fd: Fd, delimiter: bytes) -> bytes:
    line = bytearray()
    while True:
        try:
            byte = kernel.read(fd, 1)
        except BlockingIOError:  # XCU sh, STDIN: the shell sees to it that reads wait
            kernel.set_blocking(fd)
            continue
        except OSError:  # standard input is closed: there is nothing to read
            byte = b""
        line += byte
        if byte in (b"", delimiter):
            return bytes(line)


def decode(line: bytes) -> str:
    return line.decode("utf-8", "surrogateescape")
