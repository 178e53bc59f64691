"""The journal of a grading: one line of JSON for each finished submission, on the disk before the next one counts.

Whoever kills a grader loses at most the submissions that were in their boxes.  `resume` reads what is there, also
when the last line was cut in the middle.
"""

from __future__ import annotations

import fcntl
import json
import os
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

NAME = "journal.jsonl"


class Busy(Exception):
    """Another grader writes to this folder."""


class Journal:
    """An open journal: what was in it, and a way to add to it."""

    def __init__(self, fd: int, results: dict[tuple[str, str], dict[str, Any]]) -> None:
        self.fd = fd
        self.results = results

    def add(self, result: dict[str, Any]) -> None:
        """Write a result down, and wait until it is on the disk.  OSError: the disk is full; nothing half is left."""
        before = os.lseek(self.fd, 0, os.SEEK_END)
        line = json.dumps(result, sort_keys=True).encode() + b"\n"
        try:
            while line:
                line = line[os.write(self.fd, line) :]
            os.fsync(self.fd)
        except OSError:
            os.ftruncate(self.fd, before)
            raise
        self.results[result["submission"], result["exercise"]] = result


@contextmanager
def opened(folder: Path, *, fresh: bool = False) -> Iterator[Journal]:
    """The journal of a folder.  `fresh` begins anew.  Busy: somebody else has it open."""
    folder.mkdir(parents=True, exist_ok=True)
    fd = os.open(folder / NAME, os.O_RDWR | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC, 0o666)
    try:
        fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
        if fresh:
            os.ftruncate(fd, 0)
        yield Journal(fd, read(fd))
    except BlockingIOError:
        raise Busy(f"{folder}: another grader is at work here; wait for it, or choose another -o") from None
    finally:
        os.close(fd)


def read(fd: int) -> dict[tuple[str, str], dict[str, Any]]:
    """The last result of each submission and exercise; a line that was cut is cut off."""
    found: dict[tuple[str, str], dict[str, Any]] = {}
    whole = 0
    with open(fd, "rb", closefd=False) as file:
        for line in file:
            try:
                result = json.loads(line) if line.endswith(b"\n") else None
            except ValueError:
                result = None
            if result is None:
                os.ftruncate(fd, whole)
                break
            whole += len(line)
            found[result["submission"], result["exercise"]] = result
    return found
