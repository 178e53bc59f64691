"""Every system call minishell makes, on one page.

Nothing else in minishell enters the kernel (tests/test_shape.py), so what a learner is shown here is all
there is, except what Python and the line editor do for themselves.

Names, order of arguments and errors are those of the manual pages: `man 2 dup2`.  A refused call raises
`OSError` with the kernel's errno.  Calls interrupted by a signal are made again (PEP 475), unless the
signal's handler raises.  `posix` and `_signal` are the C halves of `os` and `signal`: the same functions,
without the milliseconds that importing those would add to every start.
"""

from __future__ import annotations

import sys

from minishell.ids import FIRST_PRIVATE_FD, Fd, Pid

TYPE_CHECKING = False
if TYPE_CHECKING:
    import os as posix
    import signal as _signal
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from types import FrameType
    from typing import Any, NoReturn, TypeAlias

    Handler: TypeAlias = "Callable[[int, FrameType | None], Any] | int | None"
    Modes: TypeAlias = "list[Any]"
    FileAction: TypeAlias = "tuple[int, int, str, int, int] | tuple[int, int, int] | tuple[int, int]"
    environment: Mapping[bytes, bytes]
else:
    import _signal
    import posix

    environment = posix.environ


class Kernel:
    """The only object that talks to the operating system."""

    # Processes

    def getpid(self) -> Pid:
        """The number of this process."""
        return Pid(posix.getpid())

    def getppid(self) -> Pid:
        """The number of the process that started this one, or of its adopter."""
        return Pid(posix.getppid())

    def fork(self) -> Pid:
        """Copy this process.  Returns the child's pid in the parent, 0 in the child.

        EAGAIN: too many processes.  POSIX.1-2024 XSH fork().
        """
        return Pid(posix.fork())

    def execve(self, path: str, argv: tuple[str, ...], env: Mapping[str, str]) -> NoReturn:
        """Become another program.  Returns only by raising.

        ENOENT: no such file, or its interpreter is missing.  EACCES: not executable.  ENOEXEC: not a program.
        E2BIG: arguments and environment are too long.  POSIX.1-2024 XSH exec.
        """
        posix.execve(path, argv, env)

    def posix_spawn(
        self,
        path: str,
        argv: tuple[str, ...],
        env: Mapping[str, str],
        *,
        file_actions: Sequence[FileAction] = (),
        group: Pid | None = None,
        default_signals: Iterable[int] = (),
    ) -> Pid:
        """Start a program in a new process without copying this one first.

        The child starts with no signal blocked.  Errors are those of execve and of the file actions, and the
        error does not tell which of them failed.  POSIX.1-2024 XSH posix_spawn().
        """
        if group is None:
            child = posix.posix_spawn(
                path, argv, env, file_actions=file_actions, setsigmask=(), setsigdef=default_signals
            )
        else:
            child = posix.posix_spawn(
                path,
                argv,
                env,
                file_actions=file_actions,
                setpgroup=group,
                setsigmask=(),
                setsigdef=default_signals,
            )
        return Pid(child)

    def _exit(self, status: int) -> NoReturn:
        """End this process now, running no `finally` and flushing nothing."""
        posix._exit(status)

    def waitpid(self, pid: Pid, options: int) -> tuple[Pid, int]:
        """Wait for a child to change state.  With WNOHANG, pid 0 means that none has.

        ECHILD: there is no such child.  POSIX.1-2024 XSH wait().
        """
        changed, status = posix.waitpid(pid, options)
        return Pid(changed), status

    def getpgrp(self) -> Pid:
        """The process group of this process."""
        return Pid(posix.getpgrp())

    def getpgid(self, pid: Pid) -> Pid:
        """The process group of a process."""
        return Pid(posix.getpgid(pid))

    def getsid(self, pid: Pid) -> Pid:
        """The session of a process; 0 means this one."""
        return Pid(posix.getsid(pid))

    def setpgid(self, pid: Pid, group: Pid) -> None:
        """Put a process into a group; 0 means this process, and a group named after it.

        EACCES: the child has already exec'd.  ESRCH: it is gone.  EPERM: it leads a session, or the group is
        not in this session.  POSIX.1-2024 XSH setpgid().
        """
        posix.setpgid(pid, group)

    # Descriptors

    def pipe(self) -> tuple[Fd, Fd]:
        """Make a pipe: (read end, write end), both close-on-exec (PEP 446).

        EMFILE: this process has too many descriptors.  POSIX.1-2024 XSH pipe().
        """
        read, write = posix.pipe()
        return Fd(read), Fd(write)

    def open(self, path: str, flags: int, mode: int = 0o666) -> Fd:
        """Open a file; the new descriptor is the lowest free number and close-on-exec (PEP 446).

        `mode` less the umask are the permissions of a file that this call makes.  POSIX.1-2024 XSH open().
        """
        return Fd(posix.open(path, flags, mode))

    def unlink(self, path: str) -> None:
        """Remove a name of a file; the file goes with its last name and descriptor.  POSIX.1-2024 XSH unlink()."""
        posix.unlink(path)

    def memfd_create(self, name: str) -> Fd:
        """Make a file that is in memory only, close-on-exec; `name` is what /proc shows.  Linux: memfd_create(2)."""
        return Fd(posix.memfd_create(name))

    def close(self, fd: Fd) -> None:
        """Give a descriptor back.  The pipe or file behind it closes with its last descriptor."""
        posix.close(fd)

    def dup(self, fd: Fd) -> Fd:
        """A second descriptor for the same open file, close-on-exec and at least FIRST_PRIVATE_FD.

        In C this is fcntl(fd, F_DUPFD_CLOEXEC, 10).  POSIX.1-2024 XSH fcntl().
        """
        import fcntl  # this and termios are libraries of their own: not every start needs them

        return Fd(fcntl.fcntl(fd, fcntl.F_DUPFD_CLOEXEC, FIRST_PRIVATE_FD))

    def dup2(self, old: Fd, new: Fd) -> Fd:
        """Make `new` mean what `old` means, closing `new` first.

        Returns `new`, which stays open across `execve`, unlike other descriptors in Python (PEP 446).
        EBADF: `old` is not open.  POSIX.1-2024 XSH dup2().
        """
        posix.dup2(old, new)
        if old == new:  # then dup2 changes nothing at all, close-on-exec included
            posix.set_inheritable(new, True)
        return new

    def is_private(self, fd: Fd) -> bool:
        """Whether `fd` is one that this process keeps for itself: open, and close-on-exec."""
        try:
            return not posix.get_inheritable(fd)
        except OSError:
            return False

    def set_blocking(self, fd: Fd) -> None:
        """Let reads wait again: whoever shares the open file may have set O_NONBLOCK."""
        posix.set_blocking(fd, True)

    def read(self, fd: Fd, count: int) -> bytes:
        """Read at most `count` bytes; none at all means end of file."""
        return posix.read(fd, count)

    def write(self, fd: Fd, data: bytes) -> int:
        """Write `data`, or the first part of it; returns how many bytes.

        EPIPE: nobody will ever read this pipe (and SIGPIPE, unless it is ignored).
        """
        return posix.write(fd, data)

    def lseek(self, fd: Fd, offset: int, whence: int) -> int:
        """Move the offset that all copies of `fd` share.  ESPIPE: a pipe or terminal has none."""
        return posix.lseek(fd, offset, whence)

    # Signals

    def kill(self, pid: Pid, signum: int) -> None:
        """Send a signal: to a process, to the group -pid, or with 0 to the group of this process.

        ESRCH: there is none.  EPERM: it is not yours.  Signal 0 only asks.  POSIX.1-2024 XSH kill().
        """
        posix.kill(pid, signum)

    def sigaction(self, signum: int, action: Handler) -> Handler:
        """Say what a signal does from now on: SIG_DFL, SIG_IGN or a function.  Returns what it did before.

        Python runs the function between two of its own instructions, not inside the interrupted call.
        """
        return _signal.signal(signum, action)

    def sigprocmask(self, how: int, signals: Iterable[int]) -> set[int]:
        """Block or unblock signals; returns which were blocked before.  POSIX.1-2024 XSH pthread_sigmask()."""
        return _signal.pthread_sigmask(how, signals)

    def sigwaitinfo(self, signals: Iterable[int]) -> int:
        """Sleep until one of these blocked signals is pending, take it, and return its number.

        Handlers of other signals run meanwhile.  POSIX.1-2024 XSH sigwaitinfo().
        """
        return _signal.sigwaitinfo(signals).si_signo

    # Limits and times

    def getrlimit(self, kind: int) -> tuple[int, int]:
        """What this process may use of something: (now, at most).  POSIX.1-2024 XSH getrlimit()."""
        import resource

        return resource.getrlimit(kind)

    def setrlimit(self, kind: int, limits: tuple[int, int]) -> None:
        """Set both; only root may raise the second.  Children inherit them."""
        import resource

        resource.setrlimit(kind, limits)

    def times(self) -> tuple[float, float, float, float]:
        """Seconds of processor time: of this process in user code and in the kernel, and of its ended children."""
        return posix.times()[:4]

    # The terminal

    def isatty(self, fd: Fd) -> bool:
        """Whether a descriptor is a terminal; one that is not open is none."""
        return posix.isatty(fd)

    def tcgetpgrp(self, fd: Fd) -> Pid:
        """The foreground process group: the one that reads, and that Ctrl-C and Ctrl-Z are sent to."""
        return Pid(posix.tcgetpgrp(fd))

    def tcsetpgrp(self, fd: Fd, group: Pid) -> None:
        """Make `group` the foreground group.  A background process that asks is stopped by SIGTTOU.

        EPERM: no process of this session is in that group.  POSIX.1-2024 XSH tcsetpgrp().
        """
        posix.tcsetpgrp(fd, group)

    def tcgetattr(self, fd: Fd) -> Modes:
        """The modes of a terminal: echo, line editing, which key interrupts.  POSIX.1-2024 XBD 11."""
        import termios

        return termios.tcgetattr(fd)

    def tcsetattr(self, fd: Fd, modes: Modes) -> None:
        """Set the modes now, not when output has drained: that would wait for a user's Ctrl-Q."""
        import termios

        termios.tcsetattr(fd, termios.TCSANOW, modes)

    def tcgetwinsize(self, fd: Fd) -> tuple[int, int]:
        """Rows and columns of a terminal; zeros if it does not know.  POSIX.1-2024 XSH tcgetwinsize()."""
        import termios

        return termios.tcgetwinsize(fd)

    # The environment, files and the working directory

    def environ(self) -> dict[str, str]:
        """The environment that execve gave to this process; bytes that are not UTF-8 are kept as surrogates.

        In the C locale Python adds LC_CTYPE to it (PEP 538), which nobody gave to us, and nobody shall get from us.
        """
        result = {decode(name): decode(value) for name, value in environment.items()}
        if result.get("LC_CTYPE") == "C.UTF-8" and not self.was_given(b"LC_CTYPE=C.UTF-8"):
            del result["LC_CTYPE"]
        return result

    def was_given(self, entry: bytes) -> bool:
        """Whether `entry` was in the environment at the start; True where nobody can tell (no /proc)."""
        try:
            fd = self.open("/proc/self/environ", posix.O_RDONLY)
        except OSError:
            return True
        given = b""
        while chunk := self.read(fd, 65536):
            given += chunk
        self.close(fd)
        return entry in given.split(b"\0")

    def chdir(self, path: str) -> None:
        """Change the working directory, of this process only."""
        posix.chdir(path)

    def getcwd(self) -> str:
        """The working directory without symbolic links.  ENOENT: it has been removed."""
        return posix.getcwd()

    def umask(self, mask: int) -> int:
        """Set which permissions new files do not get; returns the mask before."""
        return posix.umask(mask)

    def access(self, path: str, mode: int) -> bool:
        """Whether we may read, write or execute `path`.

        Asked for the effective user, as execve will.  In C this is faccessat() with AT_EACCESS.
        """
        return posix.access(path, mode, effective_ids=sys.platform != "darwin")

    def stat(self, path: str) -> posix.stat_result:
        """What kind of file `path` is, following symbolic links."""
        return posix.stat(path)

    def lstat(self, path: str) -> posix.stat_result:
        """What kind of file `path` is, not following a last symbolic link."""
        return posix.lstat(path)

    def fstat(self, fd: Fd) -> posix.stat_result:
        """What kind of file is open as `fd`.  EBADF: none."""
        return posix.fstat(fd)

    def scandir(self, path: str) -> list[str]:
        """The names in a directory, without `.` and `..`, in no order."""
        return posix.listdir(path)


def decode(text: bytes) -> str:
    return text.decode("utf-8", "surrogateescape")
