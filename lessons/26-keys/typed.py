"""Read what is typed, and say what `read` returned."""

import os

while chunk := os.read(0, 100):
    print("read returned", chunk, flush=True)
print("read returned", chunk, "- that is all there is to the end of a file")
