"""A link to a directory above: walk does not follow it unless it is told to."""

import os

os.symlink("..", "garden/shed/back")

print("not following:", sum(1 for _ in os.walk("garden")), "directories")

for count, (top, _, _) in enumerate(os.walk("garden", followlinks=True), 1):
    if count == 100:
        print("following:     directory 100 is", top[:36] + "...")
        break
