"""The first process of a clean room: it starts one command, waits for it, and leaves nobody behind.

A program of its own, `python -I -S -c BEGIN FOLDER NAME=VALUE… -- COMMAND…`, never imported by the lessons: as
process 1 of a pid namespace it is the parent of every orphan, and its end is the end of them all.

limit_s    seconds until everybody is killed.
report     descriptor that takes one line: `ended RAW_STATUS SECONDS`, `late 0 …`, `cut 0 …` or `refused WHY`.
leash      read end of a pipe; when its other end closes, everybody is killed.

In a namespace also:

first_pid  the pid the command shall have.
user       the uid and gid it shall have.
home, temporary, needed, hidden, folder
           what `house.build` makes a tree of, and the working directory in it.
line       socket on which the builder gets its side of the command's terminal, and says when to start; none: the
           command has the standard descriptors that we have.
"""

import fcntl
import os
import resource
import select
import signal
import sys
import termios
import time

PR_SET_DUMPABLE = 4  # prctl(2)
PR_SET_NAME = 15
PR_SET_CHILD_SUBREAPER = 36
PR_CAP_AMBIENT = 47
PR_CAP_AMBIENT_CLEAR_ALL = 4
LEARNER = 1000
SOFT_LIMITS = {resource.RLIMIT_CORE: 0, resource.RLIMIT_NOFILE: 1024, resource.RLIMIT_STACK: 8 << 20}
CLONE_NEWUSER = 0x10000000  # unshare(2)


def main(settings: dict[str, str], command: list[str]) -> None:
    """Carry out `command` and report how it ended."""
    report, leash, user = int(settings["report"]), int(settings["leash"]), int(settings.get("user", 0))
    for name in ("report", "leash", "line"):
        if name in settings:
            os.set_inheritable(int(settings[name]), False)
    bell = ring_on_sigchld()
    try:
        settle(int(settings.get("first_pid", 0)))
        if "home" in settings:
            enter(settings["folder"], settings)
        if "line" in settings:
            terminal(int(settings["line"]), user)
        if "user" in settings and os.geteuid() == 0:
            become_user(user)
    except OSError as refusal:
        os.write(report, f"refused {refusal}\n".encode())
        return
    started_s = time.monotonic()
    pid = os.fork()
    if pid == 0:
        become(command, "line" in settings)
    how, status = watch(pid, bell, leash, float(settings["limit_s"]))
    took_s = time.monotonic() - started_s
    kill_everyone()
    os.write(report, f"{how} {status} {took_s:.6f}\n".encode())


def settle(first_pid: int) -> None:
    """Choose the pids to come, or at least become the parent of every orphan."""
    if first_pid:
        with open("/proc/sys/kernel/ns_last_pid", "w") as last_pid:
            last_pid.write(str(first_pid - 1))
    else:
        prctl(PR_SET_CHILD_SUBREAPER, 1)
    if os.geteuid() != 0:  # choosing pids needed a capability; the example must not have it
        prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL)


def prctl(option: int, argument: int | bytes) -> None:
    """prctl(2), which Python does not offer."""
    import ctypes

    ctypes.CDLL(None).prctl(option, argument, 0, 0, 0)


def unshare(flags: int) -> None:
    """unshare(2), which Python offers since 3.12."""
    import ctypes

    if ctypes.CDLL(None, use_errno=True).unshare(flags) != 0:
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))


def enter(folder: str, settings: dict[str, str]) -> None:
    """Build the file tree around the room, and go to the lesson's folder in it."""
    import house  # type: ignore[import-not-found]  # BEGIN has put our folder on the path

    needed, hidden = (list(filter(None, settings[name].split(":"))) for name in ("needed", "hidden"))
    house.build(settings["home"], settings["temporary"], needed, hidden, int(settings["user"]))
    os.chdir(folder)
    hide_arguments()


def hide_arguments() -> None:
    """Have `ps` in the room call this process init, and not show where things are on this machine; proc(5)."""
    import ctypes

    with open("/proc/self/stat") as stat:
        start, end = map(int, stat.read().rpartition(")")[2].split()[45:47])
    ctypes.memmove(start, b"init".ljust(end - start, b"\0"), end - start)
    prctl(PR_SET_NAME, b"init")


def terminal(line: int, user: int) -> None:
    """Make a terminal, hand its other side to the builder, and take it as standard descriptors when told to."""
    import socket

    master, slave = os.openpty()
    os.fchown(slave, user, -1)
    with socket.socket(fileno=line) as builder:
        socket.send_fds(builder, [b"!"], [master])
        builder.recv(1)
    for descriptor in (0, 1, 2):
        os.dup2(slave, descriptor)
    os.close(master)
    os.close(slave)


def become(command: list[str], on_terminal: bool) -> None:
    """In the child: an own session, default signals, then the program.  Never returns."""
    try:
        os.setsid()
        if on_terminal:
            fcntl.ioctl(0, termios.TIOCSCTTY, 0)
        forget_the_builder()
        os.execvp(command[0], command)
    except OSError as refusal:
        os.write(2, f"{command[0]}: {refusal.strerror}\n".encode())
    finally:
        os._exit(127)


def forget_the_builder() -> None:
    """Put right what survives exec: signals that Python ignores, or that the builder had ignored or blocked, as `&`
    in a script does; and limits.
    """
    for number in signal.valid_signals() - {signal.SIGKILL, signal.SIGSTOP}:
        signal.signal(number, signal.SIG_DFL)
    signal.pthread_sigmask(signal.SIG_SETMASK, ())
    for limit, wanted in SOFT_LIMITS.items():
        hard = resource.getrlimit(limit)[1]
        resource.setrlimit(limit, (wanted if hard == resource.RLIM_INFINITY else min(wanted, hard), hard))


def become_user(user: int) -> None:
    """Root becomes the user; the learner moreover in a user namespace that knows nobody else, so that there is to be
    seen what there is for a builder who is not root.
    """
    os.setgroups([user])
    os.setgid(user)
    os.setuid(user)
    if user != LEARNER:
        return
    prctl(PR_SET_DUMPABLE, 1)  # without, what has changed its user cannot write to its own /proc/self
    unshare(CLONE_NEWUSER)
    for file, text in (("setgroups", "deny"), ("uid_map", f"{user} {user} 1"), ("gid_map", f"{user} {user} 1")):
        with open(f"/proc/self/{file}", "w") as setting:
            setting.write(text)


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


def begin() -> None:
    """What the command line asks for."""
    split = sys.argv.index("--")
    main(dict(word.split("=", 1) for word in sys.argv[2:split]), sys.argv[split + 1 :])
