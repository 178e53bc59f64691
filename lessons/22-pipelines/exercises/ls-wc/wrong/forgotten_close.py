# expect: timeout: never comes
"""The parent keeps the write end while it waits for wc."""

import os

read_end, write_end = os.pipe()
if os.fork() == 0:
    os.dup2(write_end, 1)
    os.execvp("ls", ["ls", "/sub/garden"])
if os.fork() == 0:
    os.dup2(read_end, 0)
    os.execvp("wc", ["wc", "-l"])
os.wait()
os.wait()
