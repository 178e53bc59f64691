"""A relative name is looked up when it is used; an open file stays what it is."""

import os

relative = "garden/mint"
absolute = os.path.abspath(relative)
opened = os.open(relative, os.O_RDONLY)
here = os.open(os.curdir, os.O_RDONLY)

os.chdir("/")
print(relative, "exists:", os.path.exists(relative))
print(absolute, "exists:", os.path.exists(absolute))
print("the open file says:", os.read(opened, 100))
print("seen from the open directory:", os.stat(relative, dir_fd=here).st_size, "bytes")

os.fchdir(here)  # back, whatever the directory is called by now
print("back in", os.getcwd())
