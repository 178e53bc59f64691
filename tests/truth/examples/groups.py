"""Two children in one process group: a single kill reaches both."""

import os
import signal

first = os.fork()
if first == 0:
    signal.pause()
second = os.fork()
if second == 0:
    signal.pause()
os.setpgid(first, first)
os.setpgid(second, first)
os.killpg(first, signal.SIGTERM)
os.waitpid(first, 0)
os.waitpid(second, 0)
os.chdir("/")
