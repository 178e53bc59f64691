# expect: fail: child
"""A chain: each worker is the child of the one before."""

import os

for number in (1, 2, 3):
    if os.fork() != 0:
        os.wait()
        if number == 1:
            print("all done", flush=True)
        os._exit(0)
    print("worker", number, flush=True)
