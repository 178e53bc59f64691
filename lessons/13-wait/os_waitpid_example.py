"""Wait for one child, and ask without waiting."""

import os

inside, outside = os.pipe()

pid = os.fork()
if pid == 0:
    os.close(outside)
    os.read(inside, 1)  # sleeps until the parent closes its end
    os._exit(3)

print("asked at once: ", os.waitpid(pid, os.WNOHANG))

os.close(outside)
found, status = os.waitpid(pid, 0)
print("waited for it: ", (found, status))
print("which means:   ", os.waitstatus_to_exitcode(status))

try:
    os.waitpid(pid, 0)
except ChildProcessError as problem:
    print("asked again:   ", problem.strerror)
