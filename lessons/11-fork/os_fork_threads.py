"""A process with two threads forks.  How many does the child have?"""

import os
import threading

done = threading.Event()
helper = threading.Thread(target=done.wait)
helper.start()


def threads():
    return len(os.listdir("/proc/self/task"))


print("threads before fork:", threads(), flush=True)

pid = os.fork()
if pid == 0:
    print("threads of the child:", threads(), flush=True)
    os._exit(0)

os.waitpid(pid, 0)
done.set()
