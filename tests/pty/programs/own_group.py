#!/usr/bin/env -S python3 -IS
"""Leave the job's process group for one of one's own, wait at the door (a FIFO), and exit with status 7."""

from __future__ import annotations

import os
import sys


def main() -> int:
    os.setpgid(0, 0)
    os.write(2, b"IN A GROUP OF ITS OWN\n")
    os.close(os.open("door", os.O_RDONLY))
    return 7


if __name__ == "__main__":
    sys.exit(main())
