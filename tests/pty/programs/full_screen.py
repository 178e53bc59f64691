#!/usr/bin/env -S python3 -IS
"""Switch the terminal as a full-screen program does, and never switch it back: it waits to be killed."""

from __future__ import annotations

import os
import signal
import tty

ALTERNATE_SCREEN = "\x1b[?1049h"
HIDDEN_CURSOR = "\x1b[?25l"
MOUSE_REPORTS = "\x1b[?1000h\x1b[?1006h"
BRACKETED_PASTE = "\x1b[?2004h"
APPLICATION_KEYS = "\x1b[?1h\x1b="
NO_WRAPPING = "\x1b[?7l"


def main() -> None:
    tty.setraw(0)
    switches = (
        ALTERNATE_SCREEN,
        HIDDEN_CURSOR,
        MOUSE_REPORTS,
        BRACKETED_PASTE,
        APPLICATION_KEYS,
        NO_WRAPPING,
    )
    os.write(1, "".join([*switches, "FULL SCREEN"]).encode())
    signal.pause()


if __name__ == "__main__":
    main()
