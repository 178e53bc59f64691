# expect: fail: printed twice
"""The child catches the error, and goes on as a second parent."""

import os
import sys

program = sys.argv[1]

pid = os.fork()
if pid == 0:
    try:
        os.execvp(program, [program])
    except OSError:
        print(program, "ended with 127")
        sys.exit(127)

_, status = os.waitpid(pid, 0)
print(program, "ended with", os.waitstatus_to_exitcode(status))
