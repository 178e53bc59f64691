"""A shell, step 5: jobs, groups, and the terminal."""

import os
import signal
import sys
from contextlib import suppress

TERMINAL = os.open("/dev/tty", os.O_RDWR)
SHELL = os.getpgrp()
JOB_SIGNALS = (signal.SIGINT, signal.SIGQUIT, signal.SIGTSTP, signal.SIGTTIN, signal.SIGTTOU)
stopped = []  # the groups of stopped jobs, the current one last

for number in JOB_SIGNALS:
    signal.signal(number, signal.SIG_IGN)  # the keys are meant for jobs


def run(words):
    match words:
        case ["fg"] if stopped:
            group = stopped.pop()
            lend(group, wake=True)
        case ["jobs"]:
            print("stopped:", len(stopped))
        case [*program, "&"]:
            start(program, foreground=False)
        case program:
            lend(start(program, foreground=True))


def start(words, foreground):
    """Fork, in a group of its own; the group."""
    pid = os.fork()
    if pid == 0:
        os.setpgid(0, 0)
        if foreground:
            os.tcsetpgrp(TERMINAL, os.getpid())  # SIGTTOU is still ignored
        for number in JOB_SIGNALS:
            signal.signal(number, signal.SIG_DFL)
        try:
            os.execvp(words[0], words)
        finally:
            os._exit(127)
    with suppress(PermissionError):  # EACCES: the child has gone on to exec, so it was first
        os.setpgid(pid, pid)  # both say it, and either may be first
    return pid


def lend(group, wake=False):
    """Give the job the terminal, wait for news of it, take the terminal back."""
    os.tcsetpgrp(TERMINAL, group)
    if wake:
        os.kill(-group, signal.SIGCONT)
    _, status = os.waitpid(group, os.WUNTRACED)
    os.tcsetpgrp(TERMINAL, SHELL)
    if os.WIFSTOPPED(status):
        stopped.append(group)
        print("stopped by", signal.Signals(os.WSTOPSIG(status)).name)
    else:
        print("ended with", os.waitstatus_to_exitcode(status))


while line := sys.stdin.readline():
    if line.split():
        run(line.split())
