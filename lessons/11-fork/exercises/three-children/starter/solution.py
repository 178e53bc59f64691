"""Three workers."""

import os

for number in (1, 2, 3):
    if os.fork() == 0:
        print("worker", number)

print("all done")
