"""Remove a tree: what is inside first."""

import os

for top, directories, files in os.walk("garden", topdown=False):
    for name in files:
        os.remove(os.path.join(top, name))
    for name in directories:
        os.rmdir(os.path.join(top, name))
os.rmdir("garden")
print("garden exists:", os.path.exists("garden"))
