"""Who may remove a file?  Ask the directory."""

import os

os.mkdir("box")
os.close(os.open("box/sealed", os.O_CREAT, 0o000))
try:
    os.open("box/sealed", os.O_RDWR)
except OSError as refusal:
    print("open:  ", refusal)
os.unlink("box/sealed")
print("unlink: done; the box holds", os.listdir("box"))

os.close(os.open("box/mine", os.O_CREAT, 0o777))
os.chmod("box", 0o500)  # r-x: names can be read, but not changed
with open("box/mine", "w") as file:
    print("write: ", file.write("anything\n"), "characters")
try:
    os.unlink("box/mine")
except OSError as refusal:
    print("unlink:", refusal)
os.chmod("box", 0o700)
