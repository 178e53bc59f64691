#!/usr/bin/env -S python3 -IS
"""wait_for_state.py PID LETTER: return when the process is in that state (a letter of ps), or gone.

Where we are all watched, a process that is stopped is held still (t) by its observer, as is one that it looks at just
now.  But the observer looks at us too, at every file that we open, and in between at everybody else: who is
still held after three of our looks, and has not moved, is stopped.
"""

from __future__ import annotations

import sys

LOOKS = 3


def main() -> None:
    pid, letter = sys.argv[1:]
    while state(pid) not in (letter, "gone"):
        pass


def state(pid: str) -> str:
    looks = {look(pid) for _ in range(LOOKS)}
    letter, _ = looks.pop()
    return "T" if letter == "t" and not looks else letter


def look(pid: str) -> tuple[str, str]:
    """The state, and how often the process has left the processor."""
    try:
        with open(f"/proc/{pid}/status") as status:
            told = dict(line.split(":\t", 1) for line in status)
    except (FileNotFoundError, ProcessLookupError):
        return "gone", ""
    return told["State"][0], told["voluntary_ctxt_switches"]


if __name__ == "__main__":
    main()
