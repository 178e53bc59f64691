"""kill with signal 0 asks a question: is there such a process, and may I?"""

import os

inside, outside = os.pipe()
pid = os.fork()
if pid == 0:
    os.close(outside)
    os.read(inside, 1)  # sleeps until the parent closes its end
    os._exit(0)

os.kill(pid, 0)
print("it is there, and it may be sent signals")
os.close(outside)
_, status = os.waitpid(pid, 0)
print("it ended by itself, with", os.waitstatus_to_exitcode(status))
try:
    os.kill(pid, 0)
except ProcessLookupError as problem:
    print("asked again:", problem.strerror)
