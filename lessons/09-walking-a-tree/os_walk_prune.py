"""Leave out a subtree: take its name away before walk gets there."""

import os


def visited(topdown):
    """The directories that walk comes to when `shed` is taken out of every list."""
    seen = []
    for top, directories, _ in os.walk("garden", topdown=topdown):
        directories.sort()
        if "shed" in directories:
            directories.remove("shed")
        seen.append(os.path.relpath(top, "garden"))
    return seen


print("top down: ", visited(topdown=True))
print("bottom up:", sorted(visited(topdown=False)))
