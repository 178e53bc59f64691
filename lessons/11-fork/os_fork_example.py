"""One process calls fork; two return from it."""

import os

print("before fork: I am", os.getpid(), flush=True)

pid = os.fork()

if pid == 0:
    print("child:  fork returned 0, I am", os.getpid())
    print("child:  my parent is", os.getppid())
else:
    os.waitpid(pid, 0)
    print("parent: fork returned", pid, "and I am still", os.getpid())
