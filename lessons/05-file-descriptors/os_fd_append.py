"""O_APPEND: every write goes to the end, wherever the position was."""

import os

one = os.open("log.txt", os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_APPEND, 0o644)
two = os.open("log.txt", os.O_WRONLY | os.O_APPEND)

os.write(one, b"one\n")
os.write(two, b"two\n")
os.write(one, b"one again\n")

with open("log.txt") as text:
    print(text.read(), end="")
