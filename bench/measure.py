"""Run one program and learn how long it took.

Times are taken from just before `posix_spawn` to the moment `wait4` returns.  `subprocess` is no help
here: waiting with a timeout, it polls with sleeps of up to 50 ms.
"""

from __future__ import annotations

import os
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

ENVIRONMENT: Mapping[str, str] = {
    "PATH": "/usr/local/bin:/usr/bin:/bin",
    "LC_ALL": "C.UTF-8",
    "TERM": "xterm-256color",
}


class Failed(Exception):
    """The program did not do what was asked, so its time means nothing."""


@dataclass(frozen=True)
class Run:
    """One program's life."""

    elapsed_ms: float
    status: int  # as `os.waitstatus_to_exitcode` gives it


def run(argv: tuple[str, ...], home: Path) -> Run:
    """Run `argv` in a session of its own: no controlling terminal, /dev/null as its three descriptors."""
    begin_ns = time.perf_counter_ns()
    pid = os.posix_spawn(argv[0], argv, environment(home), file_actions=NOWHERE, setsid=True)
    _, status, _ = os.wait4(pid, 0)
    elapsed_ns = time.perf_counter_ns() - begin_ns
    return Run(elapsed_ns / 1e6, os.waitstatus_to_exitcode(status))


def run_ms(argv: tuple[str, ...], home: Path) -> float:
    """Milliseconds that `argv` takes.  `Failed` if its status is not 0."""
    finished = run(argv, home)
    if finished.status != 0:
        raise Failed(f"status {finished.status} from {' '.join(argv)[:70]}")
    return finished.elapsed_ms


def environment(home: Path) -> Mapping[str, str]:
    """The same for everybody, whatever the bench was started with.  Some write into `home` when they start."""
    return {**ENVIRONMENT, "HOME": str(home)}


NOWHERE = [
    (os.POSIX_SPAWN_OPEN, 0, os.devnull, os.O_RDONLY, 0),
    (os.POSIX_SPAWN_OPEN, 1, os.devnull, os.O_WRONLY, 0),
    (os.POSIX_SPAWN_OPEN, 2, os.devnull, os.O_WRONLY, 0),
]
