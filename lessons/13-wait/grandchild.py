"""Whose child is it?  Only its parent can wait for it."""

import os

here, there = os.pipe()

child = os.fork()
if child == 0:
    grandchild = os.fork()
    if grandchild == 0:
        os._exit(5)
    os.write(there, b"%d" % grandchild)
    os.waitpid(grandchild, 0)
    os._exit(0)

grandchild = int(os.read(here, 10))
try:
    os.waitpid(grandchild, 0)
except ChildProcessError as problem:
    print("waiting for the grandchild:", problem.strerror)

_, status = os.waitpid(child, 0)
print("waiting for the child:     ", os.waitstatus_to_exitcode(status))
