# expect: fail: at the same time
"""ls has ended before wc begins: with more files than a pipe holds, it would never end."""

import os

read_end, write_end = os.pipe()
if os.fork() == 0:
    os.dup2(write_end, 1)
    os.execvp("ls", ["ls", "/sub/garden"])
os.wait()
if os.fork() == 0:
    os.dup2(read_end, 0)
    os.execvp("wc", ["wc", "-l"])
os.close(read_end)
os.close(write_end)
os.wait()
