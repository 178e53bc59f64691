"""The controlling terminal: who owns it, and in which modes it is.

glibc manual, Implementing a Shell; POSIX.1-2024 XBD 11.1.
"""

from __future__ import annotations

import errno
import os
import termios

from minishell.ids import Fd, Pid
from minishell.kernel.signals import JOB_CONTROL, NUMBERS

TYPE_CHECKING = False
if TYPE_CHECKING:
    import signal as _signal

    from minishell.kernel.calls import Kernel, Modes
else:
    import _signal

INPUT, OUTPUT, LOCAL = 0, 1, 3  # where a list of modes keeps its flags


class Terminal:
    """`fd` is a private descriptor of /dev/tty: standard input may well be a file.

    `modes` are the modes that the shell wants to find at its prompt.
    """

    def __init__(self, kernel: Kernel, fd: Fd) -> None:
        self.kernel, self.fd = kernel, fd
        self.found_group = kernel.tcgetpgrp(fd)
        self.found_modes = self.modes = kernel.tcgetattr(fd)
        self.group = kernel.getpgrp()

    def on(self, kernel: Kernel) -> Terminal:
        """The same terminal, reached through another kernel."""
        other = Terminal.__new__(Terminal)
        other.__dict__.update(self.__dict__, kernel=kernel)
        return other

    def own(self) -> None:
        """Make this shell the leader of its own group, and that group the foreground one.

        OSError: the terminal is refused.
        """
        if self.kernel.getpid() != self.kernel.getsid(Pid(0)):  # a session leader leads a group already
            self.kernel.setpgid(Pid(0), Pid(0))
        self.group = self.kernel.getpgrp()
        self.give(self.group)
        if self.kernel.tcgetpgrp(self.fd) != self.group:
            raise OSError(errno.EPERM, os.strerror(errno.EPERM))

    def give(self, group: Pid) -> None:
        """Let `group` read from the terminal and get its Ctrl-C.

        Done from the background this would send us SIGTTOU, unless that is blocked.
        """
        before = self.kernel.sigprocmask(_signal.SIG_BLOCK, {NUMBERS["TTOU"]})
        try:
            self.kernel.tcsetpgrp(self.fd, group)
        except OSError:  # the group is gone already, or the terminal has been hung up
            pass
        finally:
            self.kernel.sigprocmask(_signal.SIG_SETMASK, before)

    def take_back(self) -> None:
        self.give(self.group)

    def write(self, text: str) -> None:
        """Write to the screen, wherever standard output and standard error lead."""
        try:
            self.kernel.write(self.fd, text.encode("utf-8", "surrogateescape"))
        except OSError:  # hung up
            pass

    def size(self) -> tuple[int, int]:
        """Columns and rows; 80 x 24 if the terminal does not know."""
        try:
            rows, columns = self.kernel.tcgetwinsize(self.fd)
        except (OSError, termios.error):
            columns, rows = 0, 0
        return columns or 80, rows or 24

    def read_modes(self) -> Modes:
        """The modes now; those of the shell if the terminal has been hung up."""
        try:
            return self.kernel.tcgetattr(self.fd)
        except termios.error:
            return self.modes

    def set_modes(self, modes: Modes) -> None:
        try:
            self.kernel.tcsetattr(self.fd, modes)
        except termios.error:  # hung up
            pass

    def adopt_modes(self) -> None:
        """A command has ended well: keep what it set, as `stty` wants, but stay usable."""
        modes = self.read_modes()
        modes[INPUT] |= termios.ICRNL
        modes[OUTPUT] |= termios.OPOST | termios.ONLCR
        modes[LOCAL] |= termios.ICANON | termios.ECHO | termios.ISIG | termios.IEXTEN
        self.modes = modes
        self.set_modes(modes)

    def suspend(self) -> None:
        """Give the terminal back, stop the shell's group, and take the terminal again once somebody continues us."""
        self.leave()
        self.kernel.kill(Pid(0), NUMBERS["STOP"])
        wait_for_foreground(self.kernel, self.fd)
        self.own()
        self.set_modes(self.modes)

    def leave(self) -> None:
        """Give the terminal back as it was found, and go back to the group that has it: the way out of `own`."""
        self.set_modes(self.found_modes)
        if self.found_group == self.group:
            return
        self.give(self.found_group)
        try:
            self.kernel.setpgid(Pid(0), self.found_group)
        except OSError:  # there is nobody left in it
            pass


def open_terminal(kernel: Kernel) -> Terminal | None:
    """The controlling terminal, once this shell is in the foreground; None: there is none.

    A shell started in the background stops itself until somebody brings it to the foreground.
    """
    try:
        low = kernel.open("/dev/tty", os.O_RDWR)
    except OSError:
        return None
    fd = kernel.dup(low)
    kernel.close(low)
    try:
        if not wait_for_foreground(kernel, fd):
            kernel.close(fd)
            return None
        terminal = Terminal(kernel, fd)
        for signum in JOB_CONTROL:
            kernel.sigaction(signum, _signal.SIG_IGN)
        terminal.own()
    except (OSError, termios.error):
        kernel.close(fd)
        return None
    return terminal


def wait_for_foreground(kernel: Kernel, fd: Fd) -> bool:
    """Stop, as often as somebody continues us in the background.  False: nothing stops us.

    In an orphaned group SIGTTIN is discarded, for nobody could continue it: then there is no job control.
    """
    for _ in range(TRIES):
        if kernel.tcgetpgrp(fd) == kernel.getpgrp():
            return True
        before = kernel.sigaction(NUMBERS["TTIN"], _signal.SIG_DFL)
        kernel.kill(Pid(0), NUMBERS["TTIN"])
        kernel.sigaction(NUMBERS["TTIN"], before)
    return False


TRIES = 50
"""How often a shell in the background stops itself before it does without the terminal."""
