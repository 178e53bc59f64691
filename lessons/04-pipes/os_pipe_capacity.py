"""How much does a pipe hold?  Write to one that nobody reads."""

import os

read_end, write_end = os.pipe()
os.set_blocking(write_end, False)  # rather an error than waiting for ever

total = 0
try:
    while True:
        total += os.write(write_end, b"x" * 4096)
except BlockingIOError as full:
    print(total, "bytes went in, then:", full)

os.read(read_end, 4096)
print("one page read; now there is room for", os.write(write_end, b"x" * 9999))
