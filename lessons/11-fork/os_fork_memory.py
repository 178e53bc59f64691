"""A variable after fork: one or two?"""

import os

x = 1

pid = os.fork()
if pid == 0:
    x = 99
    print("child:  x is", x)
else:
    os.waitpid(pid, 0)
    print("parent: x is", x)
