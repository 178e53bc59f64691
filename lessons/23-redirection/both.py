"""Write one line to standard output and one to standard error."""

import os

os.write(1, b"an answer\n")
os.write(2, b"a complaint\n")
