# expect: fail: has no use for it
"""Both programs begin with more descriptors than they need."""

import os

read_end, write_end = os.pipe()
os.set_inheritable(read_end, True)
ls = os.fork()
if ls == 0:
    os.dup2(write_end, 1)
    os.execvp("ls", ["ls", "/sub/garden"])
wc = os.fork()
if wc == 0:
    os.dup2(read_end, 0)
    os.execvp("wc", ["wc", "-l"])
os.close(read_end)
os.close(write_end)
os.waitpid(ls, 0)
os.waitpid(wc, 0)
