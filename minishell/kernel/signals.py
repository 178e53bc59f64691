"""The names of signals, and which of them a shell treats in a special way.

`_signal` is the C half of the standard `signal` module: the same numbers without 5 ms of enumerations.
"""

from __future__ import annotations

from minishell.errors import UsageProblem
from minishell.ids import small_number

TYPE_CHECKING = False
if TYPE_CHECKING:
    import signal as _signal
    from typing import Final

    from minishell.source import Field
else:
    import _signal

NUMBERS: Final[dict[str, int]] = {
    name[3:]: getattr(_signal, name)
    for name in dir(_signal)
    if name.startswith("SIG") and name[3:].isalnum() and name not in ("SIGRTMIN", "SIGRTMAX", "SIGCLD", "SIGPOLL")
}
"""Number of each signal, by its name without SIG: POSIX.1-2024 XBD <signal.h>."""

NAMES: Final[dict[int, str]] = {number: name for name, number in sorted(NUMBERS.items(), reverse=True)}

JOB_CONTROL: Final = tuple(NUMBERS[name] for name in ("QUIT", "TSTP", "TTIN", "TTOU"))
"""Ignored by a shell that does job control: they are meant for its jobs.  (glibc manual, Initializing the Shell)"""

TERMINAL_STOPS: Final = tuple(NUMBERS[name] for name in ("TSTP", "TTIN", "TTOU"))
"""What the terminal stops a job with: Ctrl-Z, reading or writing from the background."""

PYTHONS: Final = tuple(NUMBERS[name] for name in ("PIPE", "XFSZ"))
"""Ignored by Python itself as it starts, and an ignored signal stays ignored across execve."""


def number(text: str) -> int | None:
    """The signal called `text`: `INT`, `SIGINT`, `int` or `2`.  None: there is no such signal."""
    if text[:1].isdigit():
        numeric = small_number(text)
        return numeric if numeric in NAMES else None
    return NUMBERS.get(text.upper().removeprefix("SIG"))


def named_signal(words: list[Field]) -> tuple[int, list[Field]]:
    """The signal that the options of `kill` name, and the operands.  Raises UsageProblem."""
    if not words or not words[0].startswith("-") or words[0] == "--":
        return NUMBERS["TERM"], words[1:] if words and words[0] == "--" else words
    option = words.pop(0)
    name = option[1:]
    if option in ("-s", "-n"):
        if not words:
            raise UsageProblem("which signal?", option)
        option, name = words[0], str(words.pop(0))
    elif option.startswith("-s") and number(name) is None:  # -sTERM
        name = option[2:]
    signum = 0 if name in ("0", "EXIT") else number(name)
    if signum is None:
        raise UsageProblem(f"there is no signal {name}", option, help="kill -l lists them")
    return signum, words[1:] if words and words[0] == "--" else words


def describe(signum: int) -> str:
    """What a terminal user is told: `Segmentation fault`."""
    if signum == NUMBERS["STOP"]:
        return "Stopped (signal)"
    return _signal.strsignal(signum) or f"Signal {signum}"
