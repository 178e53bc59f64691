"""Who looks for the program?  A PATH with three wrong places in it."""

import os

os.environ["PATH"] = "/nowhere:seeds:/tmp:/usr/bin"

os.execvp("printenv", ["printenv", "PATH"])
