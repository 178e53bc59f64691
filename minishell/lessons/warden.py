"""The first process of a clean room: it starts one command, waits for it, and leaves nobody behind.

Run as `python -I -S warden.py FIRST_PID LIMIT_S REPORT_FD LEASH_FD MODE COMMAND…`, never imported by the
lessons: as process 1 of a pid namespace it is the parent of every orphan, and its end is the end of them all.

FIRST_PID  the pid the command shall have; 0 where there is no namespace to choose it in.
LIMIT_S    seconds until everybody is killed.
REPORT_FD  takes one line: `ended RAW_STATUS`, `late 0` or `cut 0`.
LEASH_FD   the read end of a pipe; when its other end closes, everybody is killed.
MODE       `terminal` makes descriptor 0 the command's controlling terminal; `plain` does not.
"""

import fcntl
import os
import select
import signal
import sys
import termios
import time

PR_SET_CHILD_SUBREAPER = 36  # prctl(2)
PR_CAP_AMBIENT = 47
PR_CAP_AMBIENT_CLEAR_ALL = 4


def main(first_pid: int, limit_s: float, report: int, leash: int, mode: str, command: list[str]) -> None:
    """Carry out `command` and report how it ended."""
    for descriptor in (report, leash):
        os.set_inheritable(descriptor, False)
    bell = ring_on_sigchld()
    settle(first_pid)
    pid = os.fork()
    if pid == 0:
        become(command, mode)
    how, status = watch(pid, bell, leash, limit_s)
    kill_everyone()
    os.write(report, f"{how} {status}\n".encode())


def settle(first_pid: int) -> None:
    """Choose the pids to come, or at least become the parent of every orphan."""
    if first_pid:
        with open("/proc/sys/kernel/ns_last_pid", "w") as last_pid:
            last_pid.write(str(first_pid - 1))
    else:
        prctl(PR_SET_CHILD_SUBREAPER, 1)
    if os.geteuid() != 0:  # choosing pids needed a capability; the example must not have it
        prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL)


def prctl(option: int, argument: int) -> None:
    """prctl(2), which Python does not offer."""
    import ctypes  # 8 ms, and most runs do without

    ctypes.CDLL(None).prctl(option, argument, 0, 0, 0)


def become(command: list[str], mode: str) -> None:
    """In the child: an own session, default signals, then the program.  Never returns."""
    try:
        os.setsid()
        if mode == "terminal":
            fcntl.ioctl(0, termios.TIOCSCTTY, 0)
        for number in (signal.SIGPIPE, signal.SIGXFSZ):  # Python ignores these, and ignored survives exec
            signal.signal(number, signal.SIG_DFL)
        os.execvp(command[0], command)
    except OSError as refusal:
        os.write(2, f"{command[0]}: {refusal.strerror}\n".encode())
    finally:
        os._exit(127)


def ring_on_sigchld() -> int:
    """A descriptor that becomes readable when a child changed, however early."""
    bell, rope = os.pipe()
    os.set_blocking(rope, False)
    signal.set_wakeup_fd(rope, warn_on_full_buffer=False)
    signal.signal(signal.SIGCHLD, lambda number, frame: None)
    return bell


def watch(pid: int, bell: int, leash: int, limit_s: float) -> tuple[str, int]:
    """Wait until the command ends, its time is over, or the leash is let go."""
    deadline = time.monotonic() + limit_s
    while True:
        ready = select.select([bell, leash], [], [], max(0.0, deadline - time.monotonic()))[0]
        if not ready:
            return "late", 0
        if leash in ready:
            return "cut", 0
        os.read(bell, 512)
        status = reap(pid)
        if status is not None:
            return "ended", status


def reap(wanted: int) -> int | None:
    """Collect every child that has ended; the raw status of `wanted` if it was among them."""
    found = None
    try:
        while (answer := os.waitpid(-1, os.WNOHANG))[0] != 0:
            if answer[0] == wanted:
                found = answer[1]
    except ChildProcessError:
        pass
    return found


def kill_everyone() -> None:
    """Kill and reap all descendants, also those that moved to a session of their own."""
    while True:
        for pid in children():
            os.kill(pid, signal.SIGKILL)
        try:
            os.waitpid(-1, 0)
        except ChildProcessError:
            return


def children() -> list[int]:
    """Pids of this process's children; a killed child hands its own children to us (proc(5))."""
    with open(f"/proc/self/task/{os.getpid()}/children") as listing:
        return [int(word) for word in listing.read().split()]


if __name__ == "__main__":
    words = sys.argv[1:]
    main(int(words[0]), float(words[1]), int(words[2]), int(words[3]), words[4], words[5:])
