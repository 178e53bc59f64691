"""A symbolic link is a small file that holds a name."""

import os
import stat
import tempfile

with tempfile.TemporaryDirectory() as folder:
    os.chdir(folder)
    with open("letter.txt", "w") as file:
        file.write("Dear Ada\n")
    os.symlink("letter.txt", "shortcut")

    print("readlink:", os.readlink("shortcut"))
    print("read:    ", open("shortcut").read().strip())
    for name, info in (("stat: ", os.stat("shortcut")), ("lstat:", os.lstat("shortcut"))):
        print(name, "  ", stat.filemode(info.st_mode), info.st_size, "bytes")

    os.remove("letter.txt")
    print("letter.txt is gone; the link says:", os.readlink("shortcut"))
    print("exists: ", os.path.exists("shortcut"), " lexists:", os.path.lexists("shortcut"))
    try:
        open("shortcut")
    except OSError as refusal:
        print("open:   ", refusal)
    with open("shortcut", "w") as file:
        file.write("a new one")
    print("written through the link:", os.listdir())
    os.chdir("/")
