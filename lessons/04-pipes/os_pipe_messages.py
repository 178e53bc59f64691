"""Three writes, one read: a pipe carries bytes, not messages."""

import os

read_end, write_end = os.pipe()

for word in (b"to", b"get", b"her"):
    os.write(write_end, word)
print("one read:", os.read(read_end, 100))

for word in (b"to", b"get", b"her"):
    os.write(write_end, word + b"\n")
os.close(write_end)
with os.fdopen(read_end, "rb") as lines:
    print("by lines:", list(lines))
