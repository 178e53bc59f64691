"""Three descriptors, two open files, one file on the disk."""

import os

first = os.open("poem.txt", os.O_RDONLY)
copy = os.dup(first)
second = os.open("poem.txt", os.O_RDONLY)

print("read 13 bytes through", first, "->", os.read(first, 13))
print()
print("fd  means     position  inode is that of", first)
for fd in (first, copy, second):
    name = os.path.basename(os.readlink(f"/proc/self/fd/{fd}"))
    position = os.lseek(fd, 0, os.SEEK_CUR)  # moves by nothing, says where it is
    same = os.fstat(fd).st_ino == os.fstat(first).st_ino
    print(f"{fd}   {name}  {position:8}  {same}")
