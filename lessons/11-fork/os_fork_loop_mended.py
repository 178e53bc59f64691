"""Three children, and no more.  Each sends its number to the first."""

import os

read_end, write_end = os.pipe()
first = os.getpid()

for number in (1, 2, 3):
    if os.fork() == 0:
        os.write(write_end, b"%d" % number)
        os._exit(0)

os.close(write_end)

if os.getpid() == first:
    with open(read_end) as pipe:
        print("workers:", *sorted(pipe.read()))
