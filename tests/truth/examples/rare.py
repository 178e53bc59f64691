"""Calls for which Python has no function, and those that few programs make."""

import ctypes
import os
import select
import signal
import socket

libc = ctypes.CDLL(None, use_errno=True)
NUMBERS = {  # of the calls that both machines number alike, and of the others
    "x86_64": {"tkill": 200, "tee": 276, "clone": 56, "rt_tgsigqueueinfo": 297},
    "aarch64": {"tkill": 130, "tee": 77, "clone": 220, "rt_tgsigqueueinfo": 240},
}[os.uname().machine] | {"pidfd_send_signal": 424, "close_range": 436, "openat2": 437, "pidfd_getfd": 438}
AT_FDCWD, CLONE_FILES, CLOEXEC_RANGE = -100, 0x400, 4


def call(name: str, *arguments: object) -> int:
    return int(libc.syscall(NUMBERS[name], *arguments))


libc.creat(b"/", 0o600)  # a folder: it fails
how = (ctypes.c_uint64 * 3)(os.O_RDONLY | os.O_CLOEXEC, 0, 0)
opened = call("openat2", AT_FDCWD, b"/dev/null", ctypes.byref(how), ctypes.sizeof(how))
r, w = os.pipe()
other_r, other_w = os.pipe()
os.write(w, b"abcdef")
call("tee", r, other_w, 4, 0)
os.read(other_r, 3)
os.set_inheritable(r, True)
call("close_range", r, w, CLOEXEC_RANGE)
mine = os.pidfd_open(os.getpid())
copy = call("pidfd_getfd", mine, other_w, 0)
poll = select.epoll()
libc.inotify_init()
libc.timerfd_create(1, 0)
libc.eventfd(0, 0)
server = socket.socket(socket.AF_UNIX)
server.bind("")
server.listen()
client = socket.socket(socket.AF_UNIX)
client.connect(server.getsockname())
accepted, _ = server.accept()
signal.signal(signal.SIGUSR1, lambda number, frame: None)
call("tkill", os.getpid(), signal.SIGUSR1)
call("pidfd_send_signal", mine, signal.SIGUSR1, None, 0)
info = (ctypes.c_int * 32)(signal.SIGUSR1, 0, -1)
call("rt_tgsigqueueinfo", os.getpid(), os.getpid(), signal.SIGUSR1, ctypes.byref(info))
child = call("clone", CLONE_FILES | signal.SIGCHLD, 0, 0, 0, 0)
if child == 0:
    os.close(other_r)
    os._exit(0)
os.waitpid(child, 0)
child = call("clone", CLONE_FILES | signal.SIGCHLD, 0, 0, 0, 0)
if child == 0:
    os.execvp("true", ["true"])
os.waitpid(child, 0)
os.dup2(0, other_r)
