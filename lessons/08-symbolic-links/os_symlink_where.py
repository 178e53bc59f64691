"""A relative link starts from where the link is, not from where you are."""

import os

os.makedirs("garden/shed")
with open("garden/seeds", "w") as file:
    file.write("basil\n")

os.symlink("garden/seeds", "garden/shed/wrong")
os.symlink("../seeds", "garden/shed/right")
os.symlink("ring", "ring")

for name in ("garden/shed/wrong", "garden/shed/right", "ring"):
    try:
        print(name, "->", os.readlink(name), ":", open(name).read().strip())
    except OSError as refusal:
        print(name, "->", os.readlink(name), ":", refusal.strerror)
