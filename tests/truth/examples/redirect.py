"""What a shell does for `wc -c < FILE > /dev/null`, and close-on-exec."""

import os

if os.fork() == 0:
    source = os.open(__file__, os.O_RDONLY)
    sink = os.open("/dev/null", os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
    os.dup2(source, 0)
    os.dup2(sink, 1)
    os.set_inheritable(source, True)
    os.execv("/usr/bin/wc", ["wc", "-c"])
os.wait()
