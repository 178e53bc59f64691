"""Become another program."""

import os

print("I am process", os.getpid(), "and about to become sh", flush=True)

os.execvp("sh", ["sh", "-c", "echo I am process $$ and this is sh"])

print("this line is never reached")
