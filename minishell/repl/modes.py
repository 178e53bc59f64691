"""The modes of the terminal while a line is edited.  POSIX.1-2024 XBD 11.2; console.py tells why these."""

from __future__ import annotations

import termios

TYPE_CHECKING = False
if TYPE_CHECKING:
    from minishell.kernel.calls import Modes

INPUT, LOCAL, CONTROL = 0, 3, 6  # where a list of modes keeps them


def editing_modes(modes: Modes) -> Modes:
    """Made from the modes that commands get: no echo and no lines, but signals, and Enter as a newline."""
    changed = [*modes]
    changed[INPUT] = modes[INPUT] & ~(termios.IXON | termios.IXOFF | termios.INLCR | termios.IGNCR) | termios.ICRNL
    changed[LOCAL] = modes[LOCAL] & ~(termios.ECHO | termios.ICANON | termios.IEXTEN) | termios.ISIG | termios.NOFLSH
    changed[CONTROL] = [*modes[CONTROL]]
    changed[CONTROL][termios.VMIN], changed[CONTROL][termios.VTIME] = (
        1,
        0,
    )  # a read returns as soon as there is a byte
    return changed
