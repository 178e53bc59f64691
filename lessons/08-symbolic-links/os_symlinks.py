"""A symbolic link is a small file that holds a name."""

import os
import stat
import tempfile
from pathlib import Path

with tempfile.TemporaryDirectory() as folder:
    os.chdir(folder)
    Path("letter.txt").write_text("Dear Ada\n")
    os.symlink("letter.txt", "shortcut")

    print("readlink:", os.readlink("shortcut"))
    print("read:    ", Path("shortcut").read_text().strip())
    for name, info in (("stat: ", os.stat("shortcut")), ("lstat:", os.lstat("shortcut"))):
        print(name, "  ", stat.filemode(info.st_mode), info.st_size, "bytes")

    os.remove("letter.txt")
    print("letter.txt is gone; the link says:", os.readlink("shortcut"))
    print("exists: ", os.path.exists("shortcut"), " lexists:", os.path.lexists("shortcut"))
    try:
        Path("shortcut").read_text()
    except OSError as refusal:
        print("open:   ", refusal)
    Path("shortcut").write_text("a new one")
    print("written through the link:", sorted(os.listdir()))
    os.chdir("/")
