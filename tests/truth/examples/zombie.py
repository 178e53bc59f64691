"""A child that has ended stays a zombie until its parent waits."""

import os
import time

child = os.fork()
if child == 0:
    os._exit(0)
time.sleep(0.2)
os.write(1, b"the child is a zombie now\n")
os.waitpid(child, 0)
os.write(1, b"now it is gone\n")
