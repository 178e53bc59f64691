"""close in the child: the parent has lost nothing."""

import os

fd = os.open("diary.txt", os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o644)

child = os.fork()
if child == 0:
    os.close(fd)
    try:
        os.write(fd, b"child\n")
    except OSError as refusal:
        print("child: ", refusal, flush=True)
    os._exit(0)
os.waitpid(child, 0)

print("parent:", os.write(fd, b"parent\n"), "bytes written")
