"""execve: the environment is an argument like the others."""

import os

child = os.fork()
if child == 0:
    try:
        os.execve("/usr/bin/env", ["env"], {"GREETING": "hello", "COLOUR": "green"})
    finally:
        os._exit(127)
os.waitpid(child, 0)
print("and here, LANG is still", os.environ["LANG"])
