"""One wait is for one child: five children need five."""

import os

for number in range(5):
    if os.fork() == 0:
        os._exit(number)

collected = 0
while True:
    try:
        os.wait()
    except ChildProcessError:
        break  # ECHILD: there is none left
    collected += 1

print("calls of wait that brought a child:", collected)
