# expect: fail: never collected
"""With SIGCHLD ignored, the kernel throws the statuses away: no zombies, but nobody has waited."""

import os
import signal
import sys

signal.signal(signal.SIGCHLD, signal.SIG_IGN)
number = int(sys.argv[1])

for _ in range(number):
    if os.fork() == 0:
        os._exit(0)

try:
    os.wait()  # sleeps until all have gone, and then says that there is none
except ChildProcessError:
    pass
print(number, "children, none left")
