"""unlink takes away a name; the file goes when nobody has it any more."""

import os

fd = os.open("letter.txt", os.O_RDWR | os.O_CREAT)
os.write(fd, b"still here\n")
os.unlink("letter.txt")

print("the name exists:", os.path.exists("letter.txt"))
print("names the file has:", os.fstat(fd).st_nlink)
os.lseek(fd, 0, os.SEEK_SET)
print("and it says:", os.read(fd, 100))
os.write(fd, b"and growing\n")
print("its size:", os.fstat(fd).st_size)
os.close(fd)  # now it is gone
