"""`ls /sub/garden | wc -l`, with no shell."""

import os

read_end, write_end = os.pipe()

# two children: one becomes ls, the other wc
