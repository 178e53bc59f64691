"""Redirections: from the tree to a list of actions, and those done.  POSIX.1-2024 XCU 2.7."""

from __future__ import annotations

import errno
import os
import stat

from minishell.errors import RedirectionProblem
from minishell.expand.words import text
from minishell.ids import FIRST_PRIVATE_FD, STDIN, STDOUT, Fd
from minishell.run.plan import Close, Duplicate, Here, Open
from minishell.syntax.tree import HereDocument

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from minishell.kernel.calls import Kernel
    from minishell.run.plan import Action
    from minishell.shell import Shell
    from minishell.source import Span
    from minishell.syntax.tree import Redirect

FLAGS = {
    "<": os.O_RDONLY,
    ">": os.O_WRONLY | os.O_CREAT | os.O_TRUNC,
    ">|": os.O_WRONLY | os.O_CREAT | os.O_TRUNC,
    ">>": os.O_WRONLY | os.O_CREAT | os.O_APPEND,
    "<>": os.O_RDWR | os.O_CREAT,
}
ONE_PIPE_FULL = 4096
"""A here-document up to this size (PIPE_BUF) fits into a pipe that nobody reads yet.  Most pipes hold more, but a
user with many of them open gets small ones, and then the write would never end: pipe(7), Pipe capacity."""


def actions(shell: Shell, redirects: Sequence[Redirect]) -> tuple[Action, ...]:
    """What the redirections do, in their order: `>f 2>&1` is not `2>&1 >f`.  Expands their words."""
    return tuple([action(shell, redirect) for redirect in redirects])


def action(shell: Shell, redirect: Redirect) -> Action:
    operator, target = redirect.operator, redirect.target
    fd = Fd(redirect.fd if redirect.fd is not None else STDIN if operator[0] == "<" else STDOUT)
    if isinstance(target, HereDocument):
        assert target.body is not None
        return Here(fd, text(shell, target.body))
    name = text(shell, target)
    if operator in FLAGS:
        flags = FLAGS[operator]
        if operator == ">" and "noclobber" in shell.options and not may_clobber(shell.kernel, name):
            flags = flags & ~os.O_TRUNC | os.O_EXCL
        return Open(fd, name, flags, target.span)
    if name == "-":
        return Close(fd)
    if not (name.isascii() and name.isdigit() and len(name) < 10):
        raise RedirectionProblem(f"{name or 'nothing'} is not the number of a descriptor", target.span)
    return Duplicate(Fd(int(name)), fd, target.span)


def may_clobber(kernel: Kernel, path: str) -> bool:
    """Noclobber protects only regular files: `>/dev/null` stays possible."""
    try:
        return not stat.S_ISREG(kernel.stat(path).st_mode)
    except (OSError, ValueError):
        return False


def perform(kernel: Kernel, planned: Iterable[Action]) -> None:
    """Do the actions in this process.  Raises RedirectionProblem, which names the file."""
    for step in planned:
        match step:
            case Open(fd, path, flags, span):
                try:
                    opened = kernel.open(path, flags)
                except (OSError, ValueError) as refusal:
                    said = f"{path}: {why(refusal)}" if path else "an empty word is no file name"
                    raise RedirectionProblem(said, span, help=advice(refusal)) from None
                take_number(kernel, opened, fd, span)
            case Duplicate(old, new, span):
                duplicate(kernel, old, new, span)
            case Close(fd):
                try:
                    kernel.close(fd)
                except OSError:  # POSIX: closing what is not open is no error
                    pass
            case Here(fd, content):
                take_number(kernel, here_document(kernel, content), fd)


def duplicate(kernel: Kernel, old: Fd, new: Fd, span: Span | None) -> None:
    """dup2, whose EBADF does not tell which of the two numbers it means."""
    try:
        kernel.dup2(old, new)
    except OSError:
        wrong = f"{new}: the number is too large" if is_open(kernel, old) else f"{old}: no such descriptor is open"
        raise RedirectionProblem(wrong, span) from None


def is_open(kernel: Kernel, fd: Fd) -> bool:
    try:
        kernel.fstat(fd)
    except (OSError, OverflowError):
        return False
    return True


def take_number(kernel: Kernel, opened: Fd, wanted: Fd, span: Span | None = None) -> None:
    """Give an opened file the number that the redirection asks for."""
    try:
        duplicate(kernel, opened, wanted, span)
    finally:
        if opened != wanted:
            kernel.close(opened)


def here_document(kernel: Kernel, content: str) -> Fd:
    """A descriptor that reads `content`: a pipe, or a file in memory if a pipe might not hold that much."""
    data = content.encode("utf-8", "surrogateescape")
    try:
        return full_pipe(kernel, data) if len(data) <= ONE_PIPE_FULL else memory(kernel, data)
    except OSError as refusal:
        raise RedirectionProblem(f"a here-document cannot be stored: {refusal.strerror}") from None


def full_pipe(kernel: Kernel, data: bytes) -> Fd:
    read, write = kernel.pipe()
    kernel.write(write, data)
    kernel.close(write)
    return read


def memory(kernel: Kernel, data: bytes) -> Fd:
    file = kernel.memfd_create("here-document")
    try:
        while data:
            data = data[kernel.write(file, data) :]
        kernel.lseek(file, 0, os.SEEK_SET)
    except OSError:
        kernel.close(file)
        raise
    return file


def why(refusal: Exception) -> str:
    if isinstance(refusal, OSError) and refusal.errno == errno.EEXIST:
        return "the file exists already"
    if isinstance(refusal, OSError):
        return refusal.strerror or str(refusal)
    return "a file name cannot hold a NUL byte"


def advice(refusal: Exception) -> str:
    if isinstance(refusal, OSError) and refusal.errno == errno.EEXIST:
        return "set -C (noclobber) protects it: >| overwrites all the same"
    return ""


class Redirected:
    """The shell's own descriptors, changed now, and put back at the end of a `with` block.

    Raises RedirectionProblem if that cannot be done; then nothing is changed.
    """

    def __init__(self, shell: Shell, planned: Sequence[Action]) -> None:
        self.kernel = shell.kernel
        self.saved: list[tuple[Fd, Fd | None]] = []
        try:
            for step in planned:
                self.save(step.new if isinstance(step, Duplicate) else step.fd)
                perform(self.kernel, (step,))
        except BaseException:
            self.restore()
            raise

    def __enter__(self) -> None:
        pass

    def __exit__(self, *problem: object) -> None:
        self.restore()

    def save(self, fd: Fd) -> None:
        """Keep a copy of what `fd` means now; None: it was not open."""
        if any(fd == saved for saved, _ in self.saved):
            return
        if fd >= FIRST_PRIVATE_FD and self.kernel.is_private(fd):
            raise RedirectionProblem(f"descriptor {fd} is the shell's own", help="0 to 9 are everybody's")
        try:
            copy = self.kernel.dup(fd)
        except OSError as refusal:
            if refusal.errno != errno.EBADF:
                # EINVAL: even the lowest private number is more than this process may have, see `ulimit -n`
                reason = "there are too many" if refusal.errno == errno.EINVAL else refusal.strerror
                raise RedirectionProblem(f"descriptor {fd} cannot be saved: {reason}") from None
            self.saved.append((fd, None))
            return
        self.saved.append((fd, copy))

    def restore(self) -> None:
        while self.saved:
            fd, copy = self.saved.pop()
            if copy is None:
                perform(self.kernel, (Close(fd),))
            else:
                take_number(self.kernel, copy, fd)

    def keep(self) -> None:
        """Let the changes stay, as `exec >file` asks."""
        for _, copy in self.saved:
            if copy is not None:
                self.kernel.close(copy)
        self.saved.clear()
