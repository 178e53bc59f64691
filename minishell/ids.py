"""Names for the small integers the kernel hands out.

They are all `int` at run time; the type checker keeps them apart.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Final, NewType

    Pid = NewType("Pid", int)
    Fd = NewType("Fd", int)
    JobId = NewType("JobId", int)
else:
    Pid = Fd = JobId = int

STDIN: Final = Fd(0)
STDOUT: Final = Fd(1)
STDERR: Final = Fd(2)

FIRST_PRIVATE_FD: Final = 10
"""The shell keeps its own descriptors from here up: 0 to 9 belong to whoever types redirections."""


def small_number(text: str) -> int | None:
    """The number that `text` spells in ASCII digits; None: it spells none, or none that a kernel hands out."""
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 10 else None
