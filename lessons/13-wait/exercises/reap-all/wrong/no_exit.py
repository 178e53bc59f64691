# expect: fail: line 2
"""The children do not leave, and run the rest of the script."""

import os
import sys

number = int(sys.argv[1])

for _ in range(number):
    if os.fork() == 0:
        break

while True:
    try:
        os.wait()
    except ChildProcessError:
        break

print(number, "children, none left")
