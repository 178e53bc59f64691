#!/usr/bin/env -S python3 -IS
"""wait_for_state.py PID LETTER: return when the process is in that state (a letter of ps), or gone."""

from __future__ import annotations

import sys


def main() -> None:
    pid, letter = sys.argv[1:]
    while state(pid) not in (letter, "gone"):
        pass


def state(pid: str) -> str:
    try:
        with open(f"/proc/{pid}/stat") as stat:
            return stat.read().rpartition(")")[2].split()[0]
    except FileNotFoundError:
        return "gone"


if __name__ == "__main__":
    main()
