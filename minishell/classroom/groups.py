"""Control groups: the limits that hold for all processes of a box together, and the surest way to kill them.

Version 1 (a hierarchy for each controller) and version 2 (one for all) are used where this process may make groups.
Linux: cgroups(7).
"""

from __future__ import annotations

import itertools
import os
import time
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from minishell.classroom.limits import Limits

NAME = "minishell-box"
MOUNTS = Path("/proc/self/mounts")
EMPTIES_WITHIN_S = 60.0
_count = itertools.count()


@dataclass(frozen=True)
class Hierarchies:
    """Where groups can be made: the folders of the controllers, and one with `cgroup.kill` if there is any."""

    pids: Path
    memory: Path
    memory_limit: str  # the name of the file that limits memory
    killing: Path | None


@dataclass
class Group:
    """A group of processes under one roof of limits, in every hierarchy that is used."""

    folders: list[Path] = field(default_factory=list)

    def entrances(self) -> list[str]:
        """The files into which a process writes its number to enter."""
        return [str(folder / "cgroup.procs") for folder in self.folders]

    def ran_out_of_memory(self) -> bool:
        """Whether the kernel killed a process of the group because all of them together used too much."""
        return any(
            counted(folder / name, "oom_kill") > 0
            for folder in self.folders
            for name in ("memory.oom_control", "memory.events")
        )

    def was_refused_a_process(self) -> bool:
        """Whether a fork failed because there were too many processes."""
        return any(counted(folder / "pids.events", "max") > 0 for folder in self.folders)

    def peak_bytes(self) -> int:
        """The most memory that was used at any moment; 0 where nobody counts it."""
        names = ("memory.max_usage_in_bytes", "memory.peak")
        return max((number_in(folder / name) for folder in self.folders for name in names), default=0)

    def kill(self) -> None:
        """Kill every process of the group at once, where the kernel can do that (since Linux 5.14)."""
        for folder in self.folders:
            try:
                (folder / "cgroup.kill").write_text("1")
            except OSError:
                continue

    def remove(self) -> None:
        """Remove the group when its last process has gone.  OSError: one did not go."""
        end = time.monotonic() + EMPTIES_WITHIN_S
        for folder in self.folders:
            while True:
                try:
                    folder.rmdir()
                    break
                except OSError:
                    if time.monotonic() > end:
                        raise
                    os.sched_yield()


def new(hierarchies: Hierarchies | None, limits: Limits) -> Group:
    """Make a group with these limits; one without any folder where no groups can be made."""
    group = Group()
    if hierarchies is None:
        return group
    name = f"{NAME}-{os.getpid()}-{next(_count)}"
    for parent in dict.fromkeys((hierarchies.pids, hierarchies.memory, hierarchies.killing)):
        if parent is not None:
            folder = parent / name
            folder.mkdir()
            group.folders.append(folder)
    (hierarchies.pids / name / "pids.max").write_text(str(limits.processes))
    (hierarchies.memory / name / hierarchies.memory_limit).write_text(str(limits.memory_bytes))
    return group


@cache
def available() -> Hierarchies | None:
    """The hierarchies in which this process may make groups that limit memory and processes; None: nowhere.

    It is tried once: every box asks, and the answer does not change while a grader runs.
    """
    rows = [line.split() for line in MOUNTS.read_text().splitlines()]
    unified = next((Path(row[1]) for row in rows if row[2] == "cgroup2"), None)
    old = {name: Path(row[1]) for row in rows if row[2] == "cgroup" for name in row[3].split(",")}
    candidates = []
    if unified is not None:
        candidates.append(Hierarchies(unified, unified, "memory.max", unified))
    if "pids" in old and "memory" in old:
        candidates.append(Hierarchies(old["pids"], old["memory"], "memory.limit_in_bytes", unified))
    return next((each for each in candidates if usable(each)), None)


def usable(hierarchies: Hierarchies) -> bool:
    """Try it: make a group, see whether its limits are there, remove it."""
    probe = Group()
    try:
        for parent in dict.fromkeys((hierarchies.pids, hierarchies.memory)):
            folder = parent / f"{NAME}-probe-{os.getpid()}-{next(_count)}"
            folder.mkdir()
            probe.folders.append(folder)
        limits = (probe.folders[0] / "pids.max", probe.folders[-1] / hierarchies.memory_limit)
        return all(os.access(limit, os.W_OK) for limit in limits)
    except OSError:
        return False
    finally:
        probe.remove()


def number_in(file: Path) -> int:
    """The number that a file holds; 0 if there is no such file."""
    try:
        return int(file.read_text())
    except (OSError, ValueError):
        return 0


def counted(file: Path, name: str) -> int:
    """The number behind `name` in a file of lines `name number`; 0 if there is none."""
    try:
        rows = dict(line.split() for line in file.read_text().splitlines())
    except (OSError, ValueError):
        return 0
    return int(rows.get(name, "0"))
