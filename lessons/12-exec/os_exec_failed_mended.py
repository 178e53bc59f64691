"""An exec that fails, in a child that knows what to do then."""

import os

pid = os.fork()
if pid == 0:
    try:
        os.execvp("no-such-program", ["no-such-program"])
    except OSError as problem:
        print("child:", problem.strerror, flush=True)
        os._exit(127)
else:
    os.waitpid(pid, 0)

print("the rest of the script, in process", os.getpid(), flush=True)
