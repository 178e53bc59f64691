"""Three children sleep for different times: the shortest sleep ends first."""

import os
import time

for length in (3, 1, 2):
    if os.fork() == 0:
        time.sleep(length)
        os.write(1, b"%d\n" % length)
        os._exit(0)
while True:
    try:
        pid, status = os.waitpid(-1, os.WNOHANG)
    except ChildProcessError:
        break
    if pid == 0:
        time.sleep(0.5)
