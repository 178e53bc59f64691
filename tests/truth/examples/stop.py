"""A child is stopped and goes on; its parent sees both."""

import os
import signal

reading, writing = os.pipe()
ready, tell = os.pipe()
child = os.fork()
if child == 0:
    os.close(writing)
    os.kill(os.getpid(), signal.SIGSTOP)
    os.write(tell, b"x")
    os.read(reading, 1)
    os._exit(9)
os.waitpid(child, os.WUNTRACED)
os.kill(child, signal.SIGCONT)
os.waitpid(child, os.WCONTINUED)
os.read(ready, 1)
os.close(tell)
os.close(writing)
os.waitpid(child, 0)
