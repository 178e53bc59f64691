"""`ls /sub/garden | wc -l`, with no shell."""

import os


def start(words, old, new):
    pid = os.fork()
    if pid == 0:
        try:
            os.dup2(old, new)
            os.execvp(words[0], words)
        finally:
            os._exit(127)
    return pid


read_end, write_end = os.pipe()
children = [start(["ls", "/sub/garden"], write_end, 1), start(["wc", "-l"], read_end, 0)]
os.close(read_end)
os.close(write_end)
for pid in children:
    os.waitpid(pid, 0)
