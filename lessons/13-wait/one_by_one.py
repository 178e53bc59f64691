"""The first child ends last, and the parent waits for it first."""

import os

inside, outside = os.pipe()


def child(work):
    pid = os.fork()
    if pid == 0:
        work()
        os._exit(0)
    return pid


def last():
    os.close(outside)
    os.read(inside, 1)  # sleeps until everybody else has let go


first = child(last)
second = child(lambda: None)

os.waitid(os.P_PID, second, os.WEXITED | os.WNOWAIT)
print("the second child has ended")
os.close(outside)

for name, pid in (("first", first), ("second", second)):
    os.waitpid(pid, 0)
    print("collected the", name)
