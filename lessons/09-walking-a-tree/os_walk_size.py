"""Bottom up: what a directory holds, with all that is below it."""

import os

sizes = {}
for top, directories, files in os.walk("garden", topdown=False):
    own = sum(os.lstat(os.path.join(top, name)).st_size for name in files)
    sizes[top] = own + sum(sizes[os.path.join(top, name)] for name in directories)

for top in sorted(sizes):
    print(f"{sizes[top]:4} {top}")
