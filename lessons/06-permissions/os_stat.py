"""stat: what is known about a file besides its contents."""

import os
import stat
import time

info = os.stat("letter.txt")
print("size:     ", info.st_size, "bytes")
print("mode:     ", oct(info.st_mode), "=", stat.filemode(info.st_mode))
print("type:     ", oct(stat.S_IFMT(info.st_mode)), "- a regular file:", stat.S_ISREG(info.st_mode))
print("bits:     ", oct(stat.S_IMODE(info.st_mode)))
print("mine:     ", info.st_uid == os.getuid())
print("names:    ", info.st_nlink)
print("modified: ", time.ctime(info.st_mtime))

os.mkfifo("queue")
os.symlink("letter.txt", "shortcut")
print()
for name in ("letter.txt", ".", "/dev/null", "queue", "shortcut"):
    print(stat.filemode(os.lstat(name).st_mode), name)
