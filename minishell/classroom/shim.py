"""The first process of a box: it starts the submission, waits for its end, and reports what is left.

Run as `python -I -S shim.py REPORT LIMITS COMMAND…`, never imported by the grader.  REPORT is the number of a
descriptor that takes one line of JSON, LIMITS are rlimits as JSON (`{"CPU": 2}`).

A submission runs with the same user id as this process and in the same namespaces.  What protects the report: process 1
of a pid namespace gets no signal from inside it that it does not handle; nobody may trace it or look into
/proc/1 (PR_SET_DUMPABLE); and the descriptor is closed on exec.
"""

import ctypes
import json
import os
import resource
import sys

PR_SET_DUMPABLE = 4  # prctl(2)
MOST_LEFT = 20
CANNOT_RUN = 126


def main(report: int, limits: dict[str, int], command: list[str]) -> None:
    """Run the command; report its raw wait status, what it used, and who is still there when it has ended."""
    ctypes.CDLL(None).prctl(PR_SET_DUMPABLE, 0, 0, 0, 0)
    os.set_inheritable(report, False)
    pid = os.fork()
    if pid == 0:
        become(command, limits)
    ended = 0
    while ended != pid:  # orphans of the submission are ours too
        ended, status, usage = os.wait4(-1, 0)
    left = sorted(others())
    found = {
        "status": status,
        "cpu_s": round(usage.ru_utime + usage.ru_stime, 3),
        "memory_bytes": usage.ru_maxrss << 10,
        "left": left[:MOST_LEFT],
        "left_count": len(left),
    }
    os.write(report, json.dumps(found).encode() + b"\n")


def become(command: list[str], limits: dict[str, int]) -> None:
    """In the child: a group of its own, the limits, the submission."""
    try:
        os.setpgid(0, 0)
        for name, most in limits.items():
            resource.setrlimit(getattr(resource, f"RLIMIT_{name}"), (most, most))
        os.execv(command[0], command)
    except OSError as problem:
        os.write(2, f"{command[0]}: {problem.strerror}\n".encode())
    finally:
        os._exit(CANNOT_RUN)


def others() -> list[tuple[int, str, str]]:
    """Everybody in the box but us: pid, name, and the letter of the state (Z: a zombie)."""
    found = []
    for name in os.listdir("/proc"):
        if name.isdigit() and name != "1":
            try:
                with open(f"/proc/{name}/stat", "rb") as file:
                    stat = file.read().decode("utf-8", "backslashreplace")
            except OSError:
                continue  # it has gone meanwhile
            begin, end = stat.index("(") + 1, stat.rindex(")")
            found.append((int(name), stat[begin:end], stat[end + 2]))
    return found


if __name__ == "__main__":
    main(int(sys.argv[1]), json.loads(sys.argv[2]), sys.argv[3:])
