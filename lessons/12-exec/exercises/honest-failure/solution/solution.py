"""Run a program, and tell how it ended."""

import os
import sys

program = sys.argv[1]

pid = os.fork()
if pid == 0:
    try:
        os.execvp(program, [program])
    finally:
        os._exit(127)

_, status = os.waitpid(pid, 0)
print(program, "ended with", os.waitstatus_to_exitcode(status))
