"""Printed once, or twice?"""

import os

print("Hello")

pid = os.fork()
if pid != 0:
    os.waitpid(pid, 0)
