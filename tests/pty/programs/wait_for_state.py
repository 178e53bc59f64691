#!/usr/bin/env -S python3 -IS
"""wait_for_state.py PID LETTER: return when the process is in that state (a letter of ps)."""

from __future__ import annotations

import sys


def main() -> None:
    pid, letter = sys.argv[1:]
    while True:
        with open(f"/proc/{pid}/stat") as stat:
            if stat.read().rpartition(")")[2].split()[0] == letter:
                return


if __name__ == "__main__":
    main()
