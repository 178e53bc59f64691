"""Three times fork, in a row.  Every process sends one dot to the first."""

import os

read_end, write_end = os.pipe()
first = os.getpid()

os.fork()
os.fork()
os.fork()

os.write(write_end, b".")
os.close(write_end)

if os.getpid() == first:
    with open(read_end) as pipe:  # until nobody can write any more
        print(len(pipe.read()), "processes")
