"""One open, then fork: parent and child move the same position."""

import os

fd = os.open("out.txt", os.O_RDWR | os.O_CREAT, 0o644)

child = os.fork()
if child == 0:
    os.write(fd, b"BBBB")
    os._exit(0)
os.waitpid(child, 0)

print("parent: I have written nothing, and am at byte", os.lseek(fd, 0, os.SEEK_CUR))
os.write(fd, b"AA")
print("parent: the file holds", os.pread(fd, 100, 0))
