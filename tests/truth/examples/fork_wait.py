"""A child ends with 3; its parent learns it."""

import os

child = os.fork()
if child == 0:
    os._exit(3)
pid, status = os.waitpid(child, 0)
print("the child ended with", os.waitstatus_to_exitcode(status), flush=True)
