"""dup2 the wrong way round: nothing fails, and nothing is redirected."""

import os

file = os.open("out.txt", os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o644)

os.dup2(1, file)  # "file, mean what 1 means": the only way to out.txt is gone
os.write(1, b"still on the screen\n")
os.write(file, b"and so is this\n")

print("out.txt has", os.stat("out.txt").st_size, "bytes")
