"""Write everything, then read: the program and its helper wait for each other."""

import fcntl
import os
import signal

PAGE = 4096  # a real pipe holds 16 of these; with one of them the picture stays small


def small_pipe():
    """The ends of a pipe that holds one page."""
    ends = os.pipe()
    fcntl.fcntl(ends[1], fcntl.F_SETPIPE_SZ, PAGE)
    return ends


their_input, to_them = small_pipe()
from_them, their_output = small_pipe()

helper = os.fork()
if helper == 0:
    signal.signal(signal.SIGPIPE, signal.SIG_DFL)
    os.close(to_them)
    os.close(from_them)
    while block := os.read(their_input, PAGE):
        os.write(their_output, block.upper())
    os._exit(0)
os.close(their_input)
os.close(their_output)


def ring(number, frame):
    raise TimeoutError


signal.signal(signal.SIGALRM, ring)
signal.alarm(1)  # the only way out
try:
    for page in range(1, 6):
        print("writing page", page, flush=True)
        os.write(to_them, b"x" * PAGE)
    print("reading")
except TimeoutError:
    print("a second later I am still writing page", page)
