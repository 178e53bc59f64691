#!/usr/bin/env -S python3 -IS
"""Give the terminal to a group of one's own that is dead a moment later, and exit."""

from __future__ import annotations

import os
import signal


def main() -> None:
    signal.signal(signal.SIGTTOU, signal.SIG_IGN)
    ready, held = os.pipe()
    thief = os.fork()
    if thief == 0:
        os.close(held)
        os.read(ready, 1)  # until the parent has let go
        os._exit(0)
    os.setpgid(thief, thief)
    os.tcsetpgrp(2, thief)
    os.close(held)
    os.waitpid(thief, 0)


if __name__ == "__main__":
    main()
