"""A shell, step 1: one program at a time."""

import os
import sys


def run(words):
    """Start a program, and wait for it."""
    pid = os.fork()
    if pid == 0:
        try:
            os.execvp(words[0], words)
        finally:
            os._exit(127)  # reached only if exec failed
    os.waitpid(pid, 0)


for line in sys.stdin:
    words = line.split()
    if words:
        run(words)
