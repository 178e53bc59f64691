#!/usr/bin/env -S python3 -IS
"""Turn the terminal raw, as an editor does, and obey keys: s stop, q quit as it is, r restore it and quit.

When continued it tells at once what it finds: whether it owns the terminal, and whether that is raw again.
"""

from __future__ import annotations

import os
import signal
import termios
import tty


def main() -> None:
    before = termios.tcgetattr(0)
    signal.signal(signal.SIGCONT, lambda *_: tell("CONTINUED"))
    tty.setraw(0)
    tell("STARTED")
    while (key := os.read(0, 1)) != b"q":
        if key == b"s":
            os.kill(0, signal.SIGSTOP)
        if key == b"r":
            termios.tcsetattr(0, termios.TCSANOW, before)
            break


def tell(what: str) -> None:
    owner = "mine" if os.tcgetpgrp(0) == os.getpgrp() else "not mine"
    mode = "cooked" if termios.tcgetattr(0)[3] & termios.ICANON else "raw"
    os.write(1, f"{what}: terminal {owner}, {mode}\r\n".encode())


if __name__ == "__main__":
    main()
