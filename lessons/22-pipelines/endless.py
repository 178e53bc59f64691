"""`yes | head -n 3`: the first program would run for ever."""

import os
import signal

read_end, write_end = os.pipe()

yes = os.fork()
if yes == 0:
    signal.signal(signal.SIGPIPE, signal.SIG_DFL)  # Python ignores it, and exec keeps that
    os.dup2(write_end, 1)
    os.close(read_end)
    os.execvp("yes", ["yes"])

head = os.fork()
if head == 0:
    os.dup2(read_end, 0)
    os.close(write_end)
    os.execvp("head", ["head", "-n", "3"])

os.close(read_end)
os.close(write_end)

_, status = os.waitpid(head, 0)
print("head ended first, with status", os.waitstatus_to_exitcode(status))
_, status = os.waitpid(yes, 0)
print("yes was killed by", signal.Signals(os.WTERMSIG(status)).name)
