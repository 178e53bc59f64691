"""Signals that are taken one by one, by somebody who waits for them: no handler runs."""

import os
import signal

signal.pthread_sigmask(signal.SIG_BLOCK, (signal.SIGUSR1, signal.SIGUSR2, signal.SIGCHLD))
parent = os.getpid()
child = os.fork()
if child == 0:
    signal.sigwait((signal.SIGUSR2,))
    os.kill(parent, signal.SIGUSR1)
    signal.sigwaitinfo((signal.SIGUSR2,))
    os._exit(3)
os.kill(child, signal.SIGUSR2)
signal.sigwait((signal.SIGUSR1,))
os.kill(child, signal.SIGUSR2)
signal.sigwaitinfo((signal.SIGCHLD,))
os.waitpid(child, 0)
signal.sigtimedwait((signal.SIGUSR1,), 0)  # in vain
