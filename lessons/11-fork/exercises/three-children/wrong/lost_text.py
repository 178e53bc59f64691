# expect: fail: line
"""_exit throws the buffer away, and what was printed with it."""

import os

for number in (1, 2, 3):
    if os.fork() == 0:
        print("worker", number)
        os._exit(0)

for _ in range(3):
    os.wait()
print("all done")
