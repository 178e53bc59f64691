"""Ten processes want the same lock; mkdir gives it to one."""

import os

for _ in range(10):
    if os.fork() == 0:
        try:
            os.mkdir("lock")
        except FileExistsError:
            os._exit(1)
        os._exit(0)

ends = [os.waitstatus_to_exitcode(os.wait()[1]) for _ in range(10)]
print("have it:", ends.count(0))
print("do not: ", ends.count(1))
