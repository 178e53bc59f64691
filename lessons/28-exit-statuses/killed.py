"""A child that is killed, and what its parent is told."""

import os
import signal

pid = os.fork()
if pid == 0:
    os.kill(os.getpid(), signal.SIGKILL)

_, status = os.waitpid(pid, 0)
print("wait status", status, "- exit code", os.waitstatus_to_exitcode(status))
