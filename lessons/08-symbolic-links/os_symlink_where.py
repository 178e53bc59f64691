"""A relative link starts from where the link is, not from where you are."""

import os
from pathlib import Path

os.makedirs("garden/shed")
Path("garden/seeds").write_text("basil\n")

os.symlink("garden/seeds", "garden/shed/wrong")
os.symlink("../seeds", "garden/shed/right")
os.symlink("ring", "ring")

for name in ("garden/shed/wrong", "garden/shed/right", "ring"):
    try:
        print(name, "->", os.readlink(name), ":", Path(name).read_text().strip())
    except OSError as refusal:
        print(name, "->", os.readlink(name), ":", refusal.strerror)
