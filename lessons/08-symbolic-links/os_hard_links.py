"""Two names for one file, and a link to a name."""

import os
from pathlib import Path

Path("letter.txt").write_text("Dear Ada\n")
os.link("letter.txt", "other-name")
os.symlink("letter.txt", "shortcut")


def table():
    """Each name, how many names its file has, and whether it is the first file."""
    for name in ("letter.txt", "other-name", "shortcut"):
        if not os.path.lexists(name):
            print(f"   {name:10}  -")
            continue
        info = os.lstat(name)
        print(f"   {name:10}  names: {info.st_nlink}  inode of the letter: {info.st_ino == letter.st_ino}")


letter = os.stat("letter.txt")
table()
os.remove("letter.txt")
print("letter.txt removed:")
table()
print("other-name:", Path("other-name").read_text().strip())
try:
    Path("shortcut").read_text()
except OSError as refusal:
    print("shortcut:  ", refusal.strerror)

print("a new letter.txt, written by somebody else:")
Path("letter.txt").write_text("Dear Charles\n")
for name in ("other-name", "shortcut"):
    print(f"{name}: ", Path(name).read_text().strip())
