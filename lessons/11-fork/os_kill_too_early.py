"""The same without waiting: the signal comes before the handler."""

import os
import signal


def handler(number, frame):
    print("child:  here is", signal.Signals(number).name, flush=True)


go_read, go_write = os.pipe()

pid = os.fork()
if pid == 0:
    os.close(go_write)
    os.read(go_read, 1)  # plays a child that was slow to start
    signal.signal(signal.SIGUSR1, handler)
    print("child:  the handler is in place", flush=True)
    os._exit(0)

print("parent: sending", flush=True)
os.kill(pid, signal.SIGUSR1)
os.close(go_write)

_, status = os.waitpid(pid, 0)
print("parent: the child ended with", os.waitstatus_to_exitcode(status))
