"""exec looks along PATH; what it does not find anywhere, it cannot become."""

import os

if os.fork() == 0:
    os.execvp("true", ["true"])
os.wait()

if os.fork() == 0:
    try:
        os.execvp("no-such-program", ["no-such-program"])
    except FileNotFoundError:
        os._exit(127)
os.wait()
