"""A child is stopped and goes on; its parent sees both."""

import os
import signal

reading, writing = os.pipe()
child = os.fork()
if child == 0:
    os.close(writing)
    os.kill(os.getpid(), signal.SIGSTOP)
    os.read(reading, 1)
    os._exit(9)
os.waitpid(child, os.WUNTRACED)
os.kill(child, signal.SIGCONT)
os.waitpid(child, os.WCONTINUED)
os.close(writing)
os.waitpid(child, 0)
