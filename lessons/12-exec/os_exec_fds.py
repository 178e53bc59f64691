"""Three open files; which of them does the new program have?"""

import os

plain = os.open("seeds/basil.txt", os.O_RDONLY)
inheritable = os.open("seeds/mint.txt", os.O_RDONLY)
os.set_inheritable(inheritable, True)
copy = os.dup2(plain, 7)

print(f"{plain} is plain, {inheritable} inheritable, {copy} a copy by dup2", flush=True)

LOOK = """
for fd in 3 4 7; do test -e /dev/fd/$fd && echo fd $fd: $(cat <&$fd); done
"""

os.execvp("sh", ["sh", "-c", LOOK])
