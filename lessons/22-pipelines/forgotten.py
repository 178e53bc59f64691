"""`ls garden | wc -l` by somebody who forgot one `close`."""

import os
import signal

read_end, write_end = os.pipe()

ls = os.fork()
if ls == 0:
    os.dup2(write_end, 1)
    os.execvp("ls", ["ls", "garden"])

wc = os.fork()
if wc == 0:
    os.dup2(read_end, 0)
    os.execvp("wc", ["wc", "-l"])


def ring(number, frame):
    ended = os.waitpid(wc, os.WNOHANG) != (0, 0)
    print("a second later: has wc ended?", ended, flush=True)
    os.close(write_end)  # nobody can write any more


os.waitpid(ls, 0)
print("ls has ended, its lines are in the pipe", flush=True)
signal.signal(signal.SIGALRM, ring)
signal.alarm(1)
os.waitpid(wc, 0)
print("wc has ended too")
