"""Switch one bit of a file: may its owner execute it?"""

import os
import stat
import subprocess

FILE = "./tool.sh"

for _ in range(2):
    mode = stat.S_IMODE(os.stat(FILE).st_mode)
    print(f"{mode:03o} {stat.filemode(mode)[1:]}", end="  ", flush=True)
    try:
        subprocess.run([FILE])
    except PermissionError as refusal:
        print(refusal)
    os.chmod(FILE, mode ^ stat.S_IXUSR)  # exclusive or: on if it was off, off if it was on
