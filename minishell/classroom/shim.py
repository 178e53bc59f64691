"""The first process of a box: it starts the submission, watches it, and reports what it did and what is left.

Run as `python -I -S shim.py SETTINGS COMMAND…`, never imported by the grader.  SETTINGS are JSON: `report`, the
number of a descriptor that takes the report; `limits`, those of setrlimit(2) by name; `kit`, a folder from which the
observer can be imported, or nothing if nobody shall watch.

The report is lines of JSON: the events, if somebody watched, and at the end what was found.  A submission runs with
the same user id as this process and in the same namespaces.  What protects the report: process 1 of a pid namespace
gets no signal from inside it that it does not handle; nobody may trace it or look into /proc/1 (PR_SET_DUMPABLE); and
its descriptors are closed on exec.
"""

import ctypes
import json
import os
import resource
import signal
import sys
from typing import Any

PR_SET_DUMPABLE = 4  # prctl(2)
PR_SET_CHILD_SUBREAPER = 36
MOST_LEFT = 20
CANNOT_RUN = 126
AS_LONG_AS_IT_TAKES_S = 1e6  # the grader has the clock


def main(settings: dict[str, Any], command: list[str]) -> None:
    """Run the command; report what it did, its raw wait status, and who is still there when it has ended."""
    ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)  # where we are not process 1
    os.set_inheritable(settings["report"], False)
    limits = {getattr(resource, f"RLIMIT_{name}"): most for name, most in settings["limits"].items()}
    with os.fdopen(settings["report"], "w", encoding="utf-8") as report:
        if settings["kit"]:
            sys.path.insert(0, settings["kit"])
            found = observed(command, limits, report)
        else:
            found = alone(command, limits)
        report.write(json.dumps(found) + "\n")
    for pid, _, _ in others():
        kill(pid)


def alone(command: list[str], limits: dict[int, int]) -> dict[str, Any]:
    """Run the command with nobody watching."""
    hide()
    pid = os.fork()
    if pid == 0:
        become(command, limits)
    ended = 0
    while ended != pid:  # orphans of the submission are ours too
        ended, status, _ = os.wait4(-1, 0)
    return found_behind(status)


def hide() -> None:
    """From now on nobody without privilege may trace this process or look into it; nor a child, until its exec."""
    ctypes.CDLL(None).prctl(PR_SET_DUMPABLE, 0, 0, 0, 0)


def become(command: list[str], limits: dict[int, int]) -> None:
    """In the child: a session of its own, the limits, the submission."""
    try:
        os.setsid()
        for ignored in (signal.SIGPIPE, signal.SIGXFSZ):
            signal.signal(ignored, signal.SIG_DFL)
        for number, most in limits.items():
            resource.setrlimit(number, (most, most))
        os.execv(command[0], command)
    except OSError as problem:
        os.write(2, f"{command[0]}: {problem.strerror}\n".encode())
    finally:
        os._exit(CANNOT_RUN)


def observed(command: list[str], limits: dict[int, int], report: Any) -> dict[str, Any]:
    """Run the command under the eyes of the observer, who lets it run as it likes."""
    from minishell.trace import launch, observer, sinks
    from minishell.trace.causes import attribute

    mask = signal.pthread_sigmask(signal.SIG_BLOCK, (signal.SIGCHLD,))
    program = launch.Program(command, os.environ, None, 0, 1, {int(each) for each in mask}, 2, limits)
    pid = launch.start(program, controlled=False, before=hide)
    watching = observer.Observer(pid, 1, AS_LONG_AS_IT_TAKES_S, controlled=False)
    status = watching.run_first()
    found = found_behind(status)
    watching.kill_all()
    for line in sinks.dump(attribute(watching.events)):
        report.write(line.rstrip("\n") + "\n")
    return found


def found_behind(status: int) -> dict[str, Any]:
    """What there is to be found now that the submission's first process has ended."""
    left = sorted(others())
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return {
        "status": status,
        "cpu_s": round(usage.ru_utime + usage.ru_stime, 3),
        "memory_bytes": usage.ru_maxrss << 10,
        "left": left[:MOST_LEFT],
        "left_count": len(left),
    }


def others() -> list[tuple[int, str, str]]:
    """All that descends from us: pid, name, and the letter of the state (Z: a zombie)."""
    found = {pid: (parent, name, state) for pid, parent, name, state in everybody()}
    ours = {os.getpid()}
    while more := {pid for pid, (parent, _, _) in found.items() if parent in ours} - ours:
        ours |= more
    return [(pid, *found[pid][1:]) for pid in ours - {os.getpid()}]


def everybody() -> list[tuple[int, int, str, str]]:
    """Every process that /proc shows: pid, parent, name, state (proc_pid_stat(5))."""
    found = []
    for number in filter(str.isdigit, os.listdir("/proc")):
        try:
            with open(f"/proc/{number}/stat", "rb") as file:
                stat = file.read().decode("utf-8", "backslashreplace")
        except OSError:
            continue  # it has gone meanwhile
        begin, end = stat.index("(") + 1, stat.rindex(")")
        state, parent = stat[end + 2 :].split()[:2]
        found.append((int(number), int(parent), stat[begin:end], state))
    return found


def kill(pid: int) -> None:
    try:
        os.kill(pid, signal.SIGKILL)
    except ProcessLookupError:
        pass


if __name__ == "__main__":
    main(json.loads(sys.argv[1]), sys.argv[2:])
