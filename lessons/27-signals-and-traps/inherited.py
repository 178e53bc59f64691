"""A handler is copied by fork, and lost by exec."""

import os
import signal


def handler(number, frame):
    print("the handler runs in process", os.getpid(), flush=True)


signal.signal(signal.SIGUSR1, handler)

pid = os.fork()
if pid == 0:
    os.kill(os.getpid(), signal.SIGUSR1)
    os._exit(0)
os.waitpid(pid, 0)

pid = os.fork()
if pid == 0:
    os.execvp("sh", ["sh", "-c", "kill -s USR1 $$; echo never reached"])
_, status = os.waitpid(pid, 0)
print("after exec:", os.waitstatus_to_exitcode(status))
