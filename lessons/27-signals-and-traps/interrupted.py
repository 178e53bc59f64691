"""A signal arrives while this process sleeps in read."""

import os
import signal


def handler(number, frame):
    print("handler: woken up", flush=True)
    os.write(outside, b"data")  # what read was waiting for


inside, outside = os.pipe()
signal.signal(signal.SIGALRM, handler)
signal.setitimer(signal.ITIMER_REAL, 0.5)

print("read returned", os.read(inside, 10))
