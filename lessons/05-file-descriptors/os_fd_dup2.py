"""Redirect standard output to a file and back: what a shell does for `>`."""

import os

kept = os.dup(1)  # a second number for wherever output goes now
file = os.open("out.txt", os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o644)

os.write(1, b"before\n")
os.dup2(file, 1)  # 1 now means the file
os.write(1, b"between\n")
os.spawnlp(os.P_WAIT, "echo", "echo", "a child, too")
os.dup2(kept, 1)  # 1 means what it meant at first
os.write(1, b"after\n")

os.close(file)
os.close(kept)
with open("out.txt") as text:
    print("out.txt holds:", text.read().splitlines())
