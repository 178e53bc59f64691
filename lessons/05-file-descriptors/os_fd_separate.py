"""fork, then an open in each: two positions in the same file."""

import os

child = os.fork()
fd = os.open("out.txt", os.O_RDWR | os.O_CREAT, 0o644)

if child == 0:
    os.write(fd, b"BBBB")
    os._exit(0)
os.waitpid(child, 0)

print("parent: I have written nothing, and am at byte", os.lseek(fd, 0, os.SEEK_CUR))
os.write(fd, b"AA")
print("parent: the file holds", os.pread(fd, 100, 0))
