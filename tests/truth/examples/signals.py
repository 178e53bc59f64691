"""Every way to choose what signals do, and to send one."""

import ctypes
import os
import signal

libc = ctypes.CDLL(None)


def handler(number: int, frame: object) -> None:
    pass


signal.signal(signal.SIGUSR1, handler)
signal.siginterrupt(signal.SIGUSR1, False)
signal.signal(signal.SIGTERM, signal.SIG_IGN)
signal.signal(signal.SIGRTMIN + 3, handler)
child = os.fork()
if child == 0:
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    os.execvp("sh", ["sh", "-c", "trap 'exit 4' USR2; kill -STOP $$; while :; do :; done"])
os.waitpid(child, os.WUNTRACED)
os.kill(child, signal.SIGCONT)
os.waitpid(child, os.WCONTINUED)
descriptor = os.pidfd_open(child)
signal.pidfd_send_signal(descriptor, signal.SIGUSR2)
os.waitid(os.P_PIDFD, descriptor, os.WEXITED | os.WNOWAIT)
os.waitid(os.P_PID, child, os.WEXITED)
os.kill(os.getpid(), signal.SIGUSR1)
signal.raise_signal(signal.SIGUSR1)
libc.sigqueue(os.getpid(), int(signal.SIGRTMIN) + 3, None)
libc.sysv_signal.argtypes = (ctypes.c_int, ctypes.c_void_p)
libc.sysv_signal(signal.SIGUSR2, ctypes.cast(libc.abs, ctypes.c_void_p))  # handled once (SA_RESETHAND)
os.kill(os.getpid(), signal.SIGUSR2)
signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # children leave no zombies
if os.fork() == 0:
    os._exit(0)
try:
    os.wait()
except ChildProcessError:
    pass
signal.signal(signal.SIGCHLD, signal.SIG_DFL)
if os.fork() == 0:
    if os.fork() == 0:
        os._exit(3)
    os._exit(0)  # without waiting: the grandchild is an orphan, or has been a zombie
os.wait()
