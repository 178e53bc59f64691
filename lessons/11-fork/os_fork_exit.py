"""Two ways to leave a child: one cleans up what is the parent's."""

import atexit
import os
import sys


@atexit.register
def clean_up():
    print("  cleaning up in process", os.getpid(), flush=True)


for leave in (sys.exit, os._exit):
    print(f"the child leaves by {leave.__name__}:", flush=True)
    pid = os.fork()
    if pid == 0:
        leave(0)
    os.waitpid(pid, 0)

print("and at the end of the script:", flush=True)
