"""access, then open: in between the name can come to mean another file."""

import os

with open("diary.txt", "w") as diary:
    diary.write("Nobody shall read this.\n")

if os.access("letter.txt", os.R_OK) and not os.path.islink("letter.txt"):
    print("checked: letter.txt may be read, and is not a link", flush=True)

    other = os.fork()  # another process, at the worst possible moment
    if other == 0:
        os.unlink("letter.txt")
        os.symlink("diary.txt", "letter.txt")
        os._exit(0)
    os.waitpid(other, 0)

    fd = os.open("letter.txt", os.O_RDONLY)
    print("and this was read:", os.read(fd, 100))

try:
    os.open("letter.txt", os.O_RDONLY | os.O_NOFOLLOW)
except OSError as refusal:
    print("with O_NOFOLLOW:", refusal)
