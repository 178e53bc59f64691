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
    while time.process_time() < 0.2:  # seconds of the processor's time, not the clock's
        pass


def remember():
    bytearray(64 * MEBIBYTE)


child(lambda: None)
_, _, idle = os.wait3(0)

_, _, busy = os.wait4(child(calculate), 0)
_, _, big = os.wait4(child(remember), 0)

print("one that calculated took 0.2 s of the processor:", busy.ru_utime + busy.ru_stime >= 0.2)
print("one that did nothing took a tenth of that:      ", idle.ru_utime + idle.ru_stime < 0.02)
print("one that remembered had 60 MiB more at its peak:", big.ru_maxrss - idle.ru_maxrss > 60 * 1024)
