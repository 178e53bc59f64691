"""Read a little from `yes`, started without a thought for SIGPIPE."""

import os

read_end, write_end = os.pipe()

yes = os.fork()
if yes == 0:
    os.dup2(write_end, 1)
    os.execvp("yes", ["yes"])

os.close(write_end)
print("read", os.read(read_end, 4), flush=True)
os.close(read_end)

_, status = os.waitpid(yes, 0)
print("yes ended with", os.waitstatus_to_exitcode(status))
