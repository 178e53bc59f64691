"""The journal of a grading: one line of JSON for each finished submission, on the disk before the next one counts.

Whoever kills a grader loses at most the submissions that were in their boxes.  `resume` reads what is there, also
when the last line was cut in the middle.
"""

from __future__ import annotations

import fcntl
import json
import os
from contextlib import contextmanager
from typing import IO, TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

NAME = "journal.jsonl"


class Busy(Exception):
    """Another grader writes to this folder."""


class Journal:
    """An open journal: what was in it, and a way to add to it."""

    def __init__(self, file: IO[str]) -> None:
        self.file = file
        self.results: dict[tuple[str, str], dict[str, Any]] = {}

    def add(self, result: dict[str, Any]) -> None:
        """Write a result down, and wait until it is on the disk.  OSError: the disk is full; nothing half is left."""
        before = self.file.tell()
        try:
            self.file.write(json.dumps(result, sort_keys=True) + "\n")
            self.file.flush()
            os.fsync(self.file.fileno())
        except OSError:
            os.ftruncate(self.file.fileno(), before)
            raise
        self.results[result["submission"], result["exercise"]] = result


@contextmanager
def opened(folder: Path, *, fresh: bool = False) -> Iterator[Journal]:
    """The journal of a folder.  `fresh` begins anew.  Busy: somebody else has it open."""
    folder.mkdir(parents=True, exist_ok=True)
    with open(folder / NAME, "a+", encoding="utf-8") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise Busy(f"{folder}: another grader is at work here; wait for it, or choose another -o") from None
        if fresh:
            file.truncate(0)
        journal = Journal(file)
        journal.results = read(file)
        yield journal


def read(file: IO[str]) -> dict[tuple[str, str], dict[str, Any]]:
    """The last result of each submission and exercise; a line that was cut is cut off."""
    file.seek(0)
    found: dict[tuple[str, str], dict[str, Any]] = {}
    whole = 0
    for line in file.read().splitlines(keepends=True):
        try:
            result = json.loads(line) if line.endswith("\n") else None
        except ValueError:
            result = None
        if result is None:
            os.ftruncate(file.fileno(), whole)
            break
        whole += len(line.encode())
        found[result["submission"], result["exercise"]] = result
    file.seek(0, os.SEEK_END)
    return found
