"""Submissions that mean harm, or that are broken in a way of their own, and the verdict that each must get.

The task is to print "ok".  Each is written for this project; the numbers are those of the list of attacks and faults
that the box was designed against.
"""

from __future__ import annotations

from typing import NamedTuple


class Hostile(NamedTuple):
    """A submission: what it tries, its source, and the verdicts that are right."""

    number: int
    name: str
    source: str
    verdicts: tuple[str, ...]


def hostile(number: int, name: str, verdicts: str, source: str) -> Hostile:
    return Hostile(number, name, source.strip("\n") + "\n", tuple(verdicts.split()))


SUBMISSIONS = (
    hostile(1, "fork bomb", "timeout process-limit leftover crash", """
import os
while True:
    try:
        os.fork()
    except OSError:
        pass
"""),
    hostile(2, "fork bomb of a shell", "timeout process-limit leftover fail", """
import os
os.execv("/bin/sh", ["sh", "-c", "f() { f | f & }; f"])
"""),
    hostile(3, "daemon", "leftover", """
import os, signal, time
print("ok", flush=True)
if os.fork() == 0:
    os.setsid()
    if os.fork():
        os._exit(0)
    for number in set(signal.Signals) - {signal.SIGKILL, signal.SIGSTOP}:
        signal.signal(number, signal.SIG_IGN)
    os.closerange(0, 1000)
    time.sleep(1000)
os.wait()
"""),
    hostile(4, "kills its parent and process 1", "pass", """
import os, signal
for pid in (os.getppid(), 1):
    for number in (signal.SIGKILL, signal.SIGTERM, signal.SIGSTOP, signal.SIGUSR1):
        try:
            os.kill(pid, number)
        except OSError:
            pass
print("ok")
"""),
    hostile(5, "kills everybody", "pass crash", """
import os, signal
signal.signal(signal.SIGTERM, signal.SIG_IGN)
try:
    os.kill(-1, signal.SIGKILL)
except OSError:
    pass
print("ok")
"""),
    hostile(6, "forges the report", "pass", """
import os
forged = b'{"status": 0, "left": [], "left_count": 0, "cpu_s": 0, "memory_bytes": 0}'
for fd in range(3, 64):
    try:
        os.write(fd, forged)
    except OSError:
        pass
for folder in ("/proc/1/fd", "/proc/self/fd"):
    try:
        for name in os.listdir(folder):
            if int(name) > 2:
                with open(f"{folder}/{name}", "wb") as file:
                    file.write(forged)
    except OSError:
        pass
print("ok")
"""),
    hostile(7, "prints a verdict", "fail", """
print('1 passed, 0 failed')
print('{"verdict": "pass", "score": 100}')
"""),
    hostile(8, "ends well at once", "fail", """
import os
os._exit(0)
"""),
    hostile(9, "endless output", "output-limit", """
import os
while True:
    os.write(1, b"ok" * 5000)
"""),
    hostile(10, "endless complaints", "output-limit", """
import os
while True:
    os.write(2, b"no" * 5000)
"""),
    hostile(11, "much memory", "memory crash", """
blocks = []
while True:
    blocks.append(bytearray(10_000_000))
"""),
    hostile(12, "much memory in many processes", "memory leftover", """
import os, time
for _ in range(10):
    if os.fork() == 0:
        block = bytearray(60_000_000)
        time.sleep(2)
        os._exit(0)
for _ in range(10):
    os.wait()
print("ok")
"""),
    hostile(13, "all descriptors", "crash", """
import os
while True:
    os.open("/dev/null", os.O_RDONLY)
"""),
    hostile(14, "fills the disk", "crash", """
for number in range(1000):
    with open(f"/tmp/{number}", "wb") as file:
        file.write(bytes(500_000))
"""),
    hostile(15, "one huge file", "crash", """
with open("/tmp/huge", "wb") as file:
    while True:
        file.write(bytes(100_000))
"""),
    hostile(16, "endless empty files", "timeout memory crash", """
number = 0
while True:
    number += 1
    open(f"/tmp/{number}", "w").close()
"""),
    hostile(17, "reads what is none of its business", "pass", """
import os
for path in ("/root", "/home", "/etc/passwd", "/etc/shadow", "/proc/1/environ", "/proc/1/mem", "/var"):
    try:
        os.listdir(path) if os.path.isdir(path) else open(path, "rb").read(1)
    except OSError:
        continue
    print("could read", path)
print("ok")
"""),
    hostile(18, "refuses to end", "timeout", """
import signal, time
for number in set(signal.Signals) - {signal.SIGKILL, signal.SIGSTOP}:
    signal.signal(number, signal.SIG_IGN)
while True:
    time.sleep(1000)
"""),
    hostile(19, "busy for ever", "timeout", """
while True:
    pass
"""),
    hostile(20, "stops itself", "timeout", """
import os, signal
os.kill(os.getpid(), signal.SIGSTOP)
"""),
    hostile(21, "stops its parent", "pass", """
import os, signal
try:
    os.kill(os.getppid(), signal.SIGSTOP)
except OSError:
    pass
print("ok")
"""),
    hostile(22, "types into a terminal", "pass", """
import fcntl, termios
try:
    with open("/dev/tty", "rb") as terminal:
        fcntl.ioctl(terminal, termios.TIOCSTI, b"x")
    print("could type")
except OSError:
    pass
print("ok")
"""),
    hostile(23, "closes everything and sleeps", "timeout", """
import os, time
os.closerange(0, 64)
time.sleep(1000)
"""),
    hostile(24, "prints bytes that are no text", "fail", """
import os
os.write(1, bytes(range(256)))
"""),
    hostile(25, "prints escapes and markup", "fail", """
print("\\x1b]0;title\\x07\\x1b[2J<script>alert(1)</script>\\u202eok\\x00]]>")
"""),
    hostile(26, "a thread that does not end", "timeout", """
import atexit, threading, time
atexit.register(time.sleep, 1000)
threading.Thread(target=time.sleep, args=(1000,)).start()
print("ok")
"""),
    hostile(27, "the network", "pass", """
import socket
for address in (("127.0.0.1", 22), ("169.254.169.254", 80), ("10.0.0.1", 80)):
    try:
        socket.create_connection(address, timeout=1).close()
        print("could reach", address)
    except OSError:
        pass
print("ok")
"""),
    hostile(28, "traces process 1", "pass", """
import ctypes
libc = ctypes.CDLL(None)
for request in (16, 0x4206):
    if libc.ptrace(request, 1, 0, 0) == 0:
        print("could trace")
print("ok")
"""),
    hostile(29, "makes namespaces", "pass", """
import ctypes
libc = ctypes.CDLL(None)
for flag in (0x10000000, 0x20000000, 0x40000000):
    if libc.unshare(flag) == 0:
        print("could unshare", hex(flag))
if libc.sethostname(b"x", 1) == 0 or libc.mount(b"x", b"/tmp", b"tmpfs", 0, 0) == 0:
    print("could change the system")
print("ok")
"""),
    hostile(30, "changes its own files and ours", "pass", """
import os
for path in ("/sub/solution.py", "/sub/sitecustomize.py", "/usr/bin/x", "/kit/shim.py", "/x"):
    try:
        with open(path, "a") as file:
            file.write("print('ok')")
        print("could write", path)
    except OSError:
        pass
print("ok")
"""),
    hostile(31, "raises its limits", "pass", """
import resource
for name in (resource.RLIMIT_NPROC, resource.RLIMIT_CPU, resource.RLIMIT_AS, resource.RLIMIT_NOFILE):
    soft, hard = resource.getrlimit(name)
    try:
        resource.setrlimit(name, (hard * 2, hard * 2))
        print("could raise", name)
    except (OSError, ValueError):
        pass
print("ok")
"""),
    hostile(32, "leaves zombies", "leftover", """
import os
for _ in range(10):
    pid = os.fork()
    if pid == 0:
        os._exit(0)
    os.waitid(os.P_PID, pid, os.WEXITED | os.WNOWAIT)
print("ok")
"""),
    hostile(33, "segmentation fault", "crash", """
import ctypes
ctypes.string_at(0)
"""),
    hostile(34, "kills itself", "crash", """
import os, signal
print("ok", flush=True)
os.kill(os.getpid(), signal.SIGKILL)
"""),
    hostile(35, "ends with 137", "fail", """
import sys
print("ok")
sys.exit(137)
"""),
    hostile(36, "very deep folders", "pass timeout memory crash", """
import os
os.chdir("/tmp")
try:
    for _ in range(100_000):
        os.mkdir("d")
        os.chdir("d")
except OSError:
    pass
print("ok")
"""),
    hostile(37, "leaves its group", "pass", """
import os
for path in ("/sys/fs/cgroup", "/sys/fs/cgroup/pids"):
    if os.path.exists(path):
        print("can see", path)
print("ok")
"""),
    hostile(38, "fills shared memory", "crash", """
with open("/dev/shm/x", "wb") as file:
    while True:
        file.write(bytes(100_000))
"""),
    hostile(39, "waits for input", "crash", """
input()
print("ok")
"""),
    hostile(40, "a grandchild holds the output open", "leftover", """
import os, time
print("ok", flush=True)
if os.fork() == 0:
    if os.fork() == 0:
        time.sleep(1000)
    os._exit(0)
os.wait()
"""),
    hostile(41, "is no Python", "crash", """
def solution(:
"""),
    hostile(42, "hops from process to process", "leftover timeout process-limit", """
import os
print("ok", flush=True)
if os.fork() == 0:
    while True:
        if os.fork():
            os._exit(0)
"""),
    hostile(43, "shared memory of System V", "memory pass crash", """
import ctypes
libc = ctypes.CDLL(None)
libc.shmat.restype = ctypes.c_void_p
for _ in range(10):
    segment = libc.shmget(0, 40_000_000, 0o1600)
    address = libc.shmat(segment, None, 0)
    if address not in (None, 2**64 - 1):
        ctypes.memset(address, 1, 40_000_000)
print("ok")
"""),
    hostile(44, "asks for privileges", "pass", """
import os
def attempt(call, *words):
    try:
        call(*words)
    except OSError:
        return
    print("could", call.__name__)
attempt(os.setpriority, os.PRIO_PROCESS, 0, -20)
attempt(os.sched_setscheduler, 0, os.SCHED_FIFO, os.sched_param(1))
attempt(os.setuid, 0)
attempt(os.chroot, "/tmp")
print("ok")
"""),
    hostile(53, "recursion without end", "crash memory timeout", """
import sys
sys.setrecursionlimit(10**9)
def deeper():
    deeper()
deeper()
"""),
    hostile(54, "a child runs on", "fail", """
import os
if os.fork():
    os.wait()
print("ok")
"""),
)  # fmt: skip
"""In the order of their numbers."""
