"""A file name that comes from somebody else."""

import os
import shlex
import subprocess

name = "mint.txt; echo deleting everything"  # a legal name, and a trap
with open(f"garden/{name}", "w") as file:
    file.write("a plant with a strange label\n")

print("1. pasted into a command:", flush=True)
os.system("cat garden/" + name)

print("2. quoted for the shell:", flush=True)
os.system("cat garden/" + shlex.quote(name))

print("3. one word of a list, and no shell:", flush=True)
subprocess.run(["cat", "garden/" + name])
