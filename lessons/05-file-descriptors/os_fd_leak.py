"""A descriptor table has an end."""

import os
import resource

resource.setrlimit(resource.RLIMIT_NOFILE, (16, 16))  # `ulimit -n 16` in a shell

opened = []
try:
    while True:
        opened.append(os.open(os.devnull, os.O_RDONLY))
except OSError as refusal:
    print("opened", len(opened), "times, then:", refusal)

os.close(opened[4])
print("one closed, and the next one is", os.open(os.devnull, os.O_RDONLY))
