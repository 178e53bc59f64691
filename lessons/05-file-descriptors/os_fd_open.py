"""open, read, write, close: four calls and a small number."""

import os

fd = os.open("poem.txt", os.O_RDONLY)
print("the file is descriptor", fd)
print("first read: ", os.read(fd, 12))
print("second read:", os.read(fd, 12))
print("at the end: ", os.read(fd, 1000), os.read(fd, 1000))

copy = os.open("copy.txt", os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o644)
print("the copy is descriptor", copy)
print("written:", os.write(copy, b"Roses are red\n"), "bytes")

os.close(fd)
again = os.open("copy.txt", os.O_RDONLY)
print("after close, the next file is descriptor", again)

try:
    os.read(copy, 10)
except OSError as refusal:
    print("reading what is open for writing:", refusal)
os.close(copy)
try:
    os.write(copy, b"more")
except OSError as refusal:
    print("writing to what is closed:", refusal)
