"""A child whose parent ends first."""

import os

answer, say = os.pipe()
gone, end_of_parent = os.pipe()

parent = os.fork()
if parent == 0:
    parent = os.getpid()
    if os.fork() == 0:
        os.close(end_of_parent)
        os.read(gone, 1)  # sleeps until its parent is gone
        other = os.getppid() != parent
        os.write(say, b"the orphan lives; is its parent another one? %r\n" % other)
    os._exit(0)

os.waitpid(parent, 0)
print("the parent has ended")
os.close(end_of_parent)
os.close(say)
with open(answer) as pipe:
    print(pipe.read(), end="")
