"""Send a blocked signal five times, then let it in."""

import os
import signal

arrived = 0


def handler(number, frame):
    global arrived
    arrived += 1


signal.signal(signal.SIGUSR1, handler)
signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGUSR1})

for _ in range(5):
    os.kill(os.getpid(), signal.SIGUSR1)
print("sent 5 times; waiting at the door:", signal.sigpending())

signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGUSR1})
print("arrived", arrived, "time")
