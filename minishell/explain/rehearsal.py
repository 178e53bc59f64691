"""A kernel in which nothing happens: the shell's own code can be run on it, and what it would have done is noted.

`Rehearsal` has descriptor tables of its own and hands out process numbers 2, 3, 4 …  Where only a look at the world
is asked for (is there such a file?) the real kernel answers, less what the line would have changed meanwhile.
`undone` lets the shell's memory, its working directory and its umask be changed for a while.
"""

from __future__ import annotations

import errno
import os
import stat
from contextlib import contextmanager
from typing import TYPE_CHECKING, NoReturn

from minishell.ids import FIRST_PRIVATE_FD, Fd, Pid
from minishell.kernel.calls import Kernel
from minishell.kernel.noting import chosen, meaning
from minishell.trace.event import (
    Chdir,
    Cloexec,
    Close,
    Dup,
    Event,
    Exec,
    Fork,
    Kill,
    Open,
    Pipe,
    Read,
    Setpgid,
    SigAction,
    Tcsetpgrp,
    Umask,
    Write,
)
from minishell.trace.process import Descriptor
from minishell.trace.words import open_mode, signal_name
from minishell.trace.world import World

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from minishell.kernel.calls import Handler, Modes
    from minishell.shell import Shell

SHELL = 1
"""The number of the shell that is asked."""


class Became(BaseException):
    """The process has become a program: none of the shell's code is run in it any more."""


class Died(BaseException):
    """The shell has been killed by a signal: none of its code is run any more."""

    def __init__(self, status: int) -> None:
        super().__init__(status)
        self.status = status


class Rehearsal(Kernel):
    """Notes what would be done, in the name of process `self.pid`."""

    def __init__(self, note: Callable[[Event], None], doubt: Callable[[], None]) -> None:
        """`doubt` is called when a file is looked at that a program may have changed by then."""
        self._note, self._doubt = note, doubt
        self.pid = SHELL
        self.born = SHELL
        """The process that was born last"""
        self._programs_ran = False
        self._made_pipes = 0
        self.world = World()
        self.world.process(SHELL).table |= {fd: Descriptor(name) for fd, name in inherited()}
        self.written: dict[str, bytes] = {}
        """What the shell's own processes have written to each pipe"""
        self.programs_write: set[str] = set()
        """What programs may write to as well"""
        self.environment: Mapping[str, str] = {}
        """What the program gets that is about to be executed"""
        self._files: set[str] = set()
        """Files that the line would have made"""
        self._unread: dict[Fd, str] = {}
        """Files that were opened and not read yet"""
        self.gone: set[int] = set()
        """Processes that are programs now, or dead: what the shell would still put in order there is not done"""

    @property
    def table(self) -> dict[int, Descriptor]:
        """What the descriptors of the present process mean."""
        return self.world.table(self.pid)

    def note(self, event: Event) -> None:
        """It happens, as far as anything does."""
        if event.pid not in self.gone:
            self._note(event)
            self.world.apply(event)

    @contextmanager
    def being(self, pid: int) -> Iterator[None]:
        """For a while, calls are those of this process."""
        before, self.pid = self.pid, pid
        try:
            yield
        finally:
            self.pid = before

    # Processes

    def fork(self) -> Pid:
        """Only the parent's half happens here."""
        self.born += 1
        self.note(Fork(pid=self.pid, child=self.born))
        return Pid(self.born)

    def execve(self, path: str, argv: tuple[str, ...], env: Mapping[str, str]) -> NoReturn:
        problem = refusal_of_exec(path)
        if problem:
            raise OSError(problem, os.strerror(problem))
        self.environment = env
        self.note(Exec(pid=self.pid, path=path, argv=argv))
        self._programs_ran = True
        self.programs_write |= {held.object for held in self.table.values()}
        self.gone.add(self.pid)
        raise Became

    def posix_spawn(self, path: str, *arguments: object, **options: object) -> NoReturn:
        raise AssertionError("what is foretold is the way by fork and execve; posix_spawn comes to the same")

    def waitpid(self, pid: Pid, options: int) -> NoReturn:
        raise ChildProcessError(errno.ECHILD, os.strerror(errno.ECHILD))

    def getpgrp(self) -> Pid:
        return Pid(self.pid)

    def setpgid(self, pid: Pid, group: Pid) -> None:
        self.note(Setpgid(pid=self.pid, target=pid, pgid=group))

    # Descriptors

    def _free(self, lowest: int = 0) -> Fd:
        while lowest in self.table:
            lowest += 1
        return Fd(lowest)

    def _held(self, fd: Fd) -> Descriptor:
        if self.pid in self.gone:
            return self.table.get(fd, Descriptor(""))
        if fd not in self.table:
            raise OSError(errno.EBADF, os.strerror(errno.EBADF))
        return self.table[fd]

    def pipe(self) -> tuple[Fd, Fd]:
        self._made_pipes += 1
        read = self._free()
        write = self._free(read + 1)
        self.note(Pipe(pid=self.pid, read=read, write=write, object=f"pipe {self._made_pipes}", cloexec=True))
        return read, write

    def _look(self) -> None:
        """A file is looked at that is not the shell's own."""
        if self._programs_ran:
            self._doubt()

    def open(self, path: str, flags: int, mode: int = 0o666) -> Fd:
        if not flags & os.O_CREAT:
            self._look()
        problem = self._refusal(path, flags)
        if problem:
            self.note(Open(pid=self.pid, path=path, mode=open_mode(flags), errno=errno.errorcode[problem]))
            raise OSError(problem, os.strerror(problem))
        if flags & os.O_CREAT:
            self._files.add(os.path.realpath(path))
        fd = self._free()
        self.note(Open(pid=self.pid, path=path, fd=fd, mode=open_mode(flags), cloexec=True))
        self._unread[fd] = path
        return fd

    def was_made(self, path: str) -> bool:
        """The line has opened the file for writing: nobody knows what is in it now."""
        return os.path.realpath(path) in self._files

    def _refusal(self, path: str, flags: int) -> int:
        """The errno with which open(2) would fail; 0 if it would not."""
        if "\0" in path:
            raise ValueError("embedded null byte")
        writes = flags & (os.O_WRONLY | os.O_RDWR)
        try:
            kind = self.stat(path).st_mode
        except OSError as missing:
            if missing.errno != errno.ENOENT or not flags & os.O_CREAT:
                return missing.errno or errno.ENOENT
            folder = os.path.dirname(path) or "."
            if not os.path.isdir(folder):
                return errno.ENOTDIR if os.path.exists(folder) else errno.ENOENT
            return 0 if os.access(folder, os.W_OK) else errno.EACCES
        if flags & os.O_EXCL:
            return errno.EEXIST
        if writes and stat.S_ISDIR(kind):
            return errno.EISDIR
        wanted = os.W_OK if writes else os.R_OK
        return 0 if self.was_made(path) or os.access(path, wanted) else errno.EACCES

    def close(self, fd: Fd) -> None:
        self.note(Close(pid=self.pid, fd=fd, object=self._held(fd).object))

    def dup(self, fd: Fd) -> Fd:
        held, new = self._held(fd), self._free(FIRST_PRIVATE_FD)
        self.note(Dup(pid=self.pid, old=fd, new=new, object=held.object, cloexec=True, call="fcntl"))
        return new

    def dup2(self, old: Fd, new: Fd) -> Fd:
        if old == new:
            self.note(Cloexec(pid=self.pid, fd=new, on=False))
            return new
        self.note(Dup(pid=self.pid, old=old, new=new, object=self._held(old).object))
        return new

    def memfd_create(self, name: str) -> Fd:
        fd = self._free()
        self.note(Open(pid=self.pid, path=f"memory:{name}", fd=fd, mode="read-write", cloexec=True))
        return fd

    def is_private(self, fd: Fd) -> bool:
        return fd in self.table and self.table[fd].cloexec

    def set_blocking(self, fd: Fd) -> None:
        pass

    def unlink(self, path: str) -> None:
        pass

    def read(self, fd: Fd, count: int) -> bytes:
        """Of a file all that is in it now, at once, however much that is; of a pipe nothing: see `written`."""
        self.note(Read(pid=self.pid, fd=fd, object=self._held(fd).object))
        if fd not in self._unread:
            return b""
        with open(self._unread.pop(fd), "rb") as file:
            return file.read()

    def write(self, fd: Fd, data: bytes) -> int:
        object = self._held(fd).object
        text = data.decode("utf-8", "backslashreplace")
        self.note(Write(pid=self.pid, fd=fd, object=object, count=len(data), data=text))
        self.written[object] = self.written.get(object, b"") + data
        return len(data)

    def lseek(self, fd: Fd, offset: int, whence: int) -> int:
        return 0

    def fstat(self, fd: Fd) -> os.stat_result:
        self._held(fd)
        return os.stat_result((stat.S_IFREG, *[0] * 9))

    def isatty(self, fd: Fd) -> bool:
        return fd in self.table and self.table[fd].object.startswith(("/dev/pts/", "/dev/tty"))

    # Signals, limits, the terminal

    def kill(self, pid: Pid, signum: int) -> None:
        self.note(Kill(pid=self.pid, target=pid, sig=signal_name(signum)))

    def sigaction(self, signum: int, action: Handler) -> Handler:
        self.note(SigAction(pid=self.pid, sig=signal_name(signum), action=chosen(action)))
        return 0

    def sigprocmask(self, how: int, signals: Iterable[int]) -> set[int]:
        return set()

    def setrlimit(self, kind: int, limits: tuple[int, int]) -> None:
        pass

    def tcsetpgrp(self, fd: Fd, group: Pid) -> None:
        self.note(Tcsetpgrp(pid=self.pid, fd=fd, pgid=group))

    def tcsetattr(self, fd: Fd, modes: Modes) -> None:
        pass

    # Files

    def chdir(self, path: str) -> None:
        """Done in truth, so that names are looked for in the right place; `undone` goes back."""
        self._look()
        super().chdir(path)
        self.note(Chdir(pid=self.pid, path=path))

    def umask(self, mask: int) -> int:
        """Done in truth, so that the next call knows; `undone` goes back."""
        self.note(Umask(pid=self.pid, mask=mask))
        return super().umask(mask)

    def stat(self, path: str) -> os.stat_result:
        try:
            return super().stat(path)
        except FileNotFoundError:
            if not self.was_made(path):
                raise
            return os.stat_result((stat.S_IFREG | 0o644, *[0] * 9))

    def lstat(self, path: str) -> os.stat_result:
        try:
            return super().lstat(path)
        except FileNotFoundError:
            return self.stat(path)

    def scandir(self, path: str) -> list[str]:
        self._look()
        folder = os.path.realpath(path)
        made = {os.path.basename(file) for file in self._files if os.path.dirname(file) == folder}
        return [*{*super().scandir(path), *made}]


def inherited() -> list[tuple[int, str]]:
    """The descriptors that programs started by this process get, and what they mean."""
    found = []
    for fd in range(FIRST_PRIVATE_FD):
        try:
            if os.get_inheritable(fd):
                found.append((fd, in_words(fd)))
        except OSError:  # it is not open
            pass
    return found


def in_words(fd: int) -> str:
    """The path of what is open, or words for it."""
    object = meaning(fd) or f"what fd {fd} was"
    return f"a pipe from outside (fd {fd})" if object.startswith("pipe:") else object


def refusal_of_exec(path: str) -> int:
    """The errno with which execve(2) refuses a file that may be executed; 0 if it does not."""
    try:
        if not stat.S_ISREG(os.stat(path).st_mode):
            return errno.EACCES
        with open(path, "rb") as file:
            start = file.read(256)
    except OSError:  # it may be executed and not read
        return 0
    if start.startswith(b"#!"):
        words = start[2:].partition(b"\n")[0].split(None, 1)
        return 0 if words and os.path.exists(words[0]) else errno.ENOENT
    return 0 if start.startswith((b"\x7fELF", b"\xcf\xfa\xed\xfe", b"\xca\xfe\xba\xbe")) else errno.ENOEXEC


@contextmanager
def undone(shell: Shell) -> Iterator[None]:
    """Whatever is changed of the shell's memory, its working directory and its umask is put back at the end."""
    before = dict(shell.__dict__)
    for name, value in before.items():
        if isinstance(value, dict | list | set):
            shell.__dict__[name] = value.copy()
    shell.variables, shell.job_table = shell.variables.copy(), shell.jobs.copy()
    shell.pending = []
    here = os.open(".", os.O_RDONLY | os.O_DIRECTORY)
    mask = os.umask(0)
    os.umask(mask)
    try:
        yield
    finally:
        os.fchdir(here)
        os.close(here)
        os.umask(mask)
        came = shell.pending
        shell.__dict__.clear()
        shell.__dict__.update(before)
        shell.pending += came
