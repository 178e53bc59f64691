"""What a shell does for `ls | wc -l`: two children, one pipe."""

import os

reading, writing = os.pipe()

if os.fork() == 0:
    os.dup2(writing, 1)
    os.execvp("ls", ["ls", "/usr"])

if os.fork() == 0:
    os.dup2(reading, 0)
    os.execvp("wc", ["wc", "-l"])

os.close(reading)
os.close(writing)

for _ in range(2):
    os.wait()
print("both have ended", flush=True)
