"""Send a signal to a child, but not before it is ready for it."""

import os
import signal


def handler(number, frame):
    print("child:  here is", signal.Signals(number).name, flush=True)


ready_read, ready_write = os.pipe()
done_read, done_write = os.pipe()

pid = os.fork()
if pid == 0:
    os.close(done_write)
    signal.signal(signal.SIGUSR1, handler)
    print("child:  the handler is in place", flush=True)
    os.close(ready_write)
    os.read(done_read, 1)  # sleeps until the parent is done
    os._exit(0)

os.close(ready_write)
os.read(ready_read, 1)  # sleeps until the child is ready
print("parent: sending", flush=True)
os.kill(pid, signal.SIGUSR1)
os.close(done_write)

_, status = os.waitpid(pid, 0)
print("parent: the child ended with", os.waitstatus_to_exitcode(status))
