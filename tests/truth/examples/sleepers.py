"""Three children sleep for different times: the shortest sleep ends first."""

import os
import time

for length in (0.3, 0.1, 0.2):
    if os.fork() == 0:
        time.sleep(length)
        os.write(1, b"%.1f\n" % length)
        os._exit(0)
while True:
    try:
        pid, status = os.waitpid(-1, os.WNOHANG)
    except ChildProcessError:
        break
    if pid == 0:
        time.sleep(0.05)
