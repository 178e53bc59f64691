"""What did a child cost?  wait3 takes any child, wait4 a given one."""

import os
import time

MEBIBYTE = 1 << 20


def child(work):
    pid = os.fork()
    if pid == 0:
        work()
        os._exit(0)
    return pid


def calculate():
    while time.process_time() < 0.2:  # the processor's time, not the clock's
        pass


def remember():
    bytearray(64 * MEBIBYTE)


child(lambda: None)
_, _, idle = os.wait3(0)

_, _, busy = os.wait4(child(calculate), 0)
_, _, big = os.wait4(child(remember), 0)


def seconds(usage):
    return usage.ru_utime + usage.ru_stime


print("calculating took 0.2 s of the processor:", seconds(busy) >= 0.2)
print("doing nothing took less than half:      ", seconds(idle) < 0.1)
print("remembering took 60 MiB more:           ", big.ru_maxrss - idle.ru_maxrss > 60 * 1024)
