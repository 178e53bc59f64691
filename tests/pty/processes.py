"""What the kernel says about processes, read from /proc (see proc(5)); nothing here starts or changes one.

A process that is watched (`--traced`) is told as it would be if it were not.
"""

from __future__ import annotations

import os
import signal
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator


HELD = "t"
"""The state of a process that is stopped, or that its observer looks at just now"""

EXIT_SIGNAL = 35
"""Where the fields behind the name tell which signal the parent gets at the end"""


class Stat(NamedTuple):
    """One line of /proc/PID/stat: the fields that matter to job control."""

    pid: int
    name: str
    state: str  # R running, S asleep, D asleep and deaf, T stopped, Z zombie
    parent: int
    pgrp: int
    session: int
    tpgid: int  # the foreground group of its terminal; -1 without a terminal
    cpu_ticks: int


class Signals(NamedTuple):
    """Which signals are waiting for a process, held back, ignored, and have a handler."""

    pending: frozenset[int]
    blocked: frozenset[int]
    ignored: frozenset[int]
    caught: frozenset[int]


def stat(pid: int) -> Stat | None:
    """The process, a zombie too; None when there is no such process."""
    name, fields = read_stat(pid)
    while fields[:1] == [HELD] and not observer_rests(pid):
        name, fields = read_stat(pid)
    if not fields:
        return None
    numbers = [int(field) for field in fields[1:14]]
    return Stat(
        pid=pid,
        name=name,
        state="T" if fields[0] == HELD else fields[0],
        parent=numbers[0],
        pgrp=numbers[1],
        session=numbers[2],
        tpgid=numbers[4],
        cpu_ticks=numbers[10] + numbers[11],
    )


def read_stat(pid: int) -> tuple[str, list[str]]:
    """The name, and the fields from the third on; nothing when there is no such process."""
    try:
        text = Path(f"/proc/{pid}/stat").read_text()
    except (FileNotFoundError, ProcessLookupError):
        return "", []
    before, _, after = text.rpartition(")")  # a name may hold spaces and parentheses
    return before.partition("(")[2], after.split()


def observer_rests(pid: int) -> bool:
    """Whether the observer of a process that it holds still has nothing to do: then the process is really stopped."""
    try:
        observer = int(status(pid)["TracerPid"])
        woken = times_woken(observer)
        rests = read_stat(observer)[1][:1] == ["S"]
        return rests and read_stat(pid)[1][:1] == [HELD] and woken == times_woken(observer)
    except (FileNotFoundError, ProcessLookupError):
        return False


def must_stat(pid: int) -> Stat:
    """`stat` of a process that has to exist."""
    found = stat(pid)
    assert found is not None, f"process {pid} is gone"
    return found


def state(pid: int) -> str:
    """The letter of ps: R S D T Z …; nothing when there is no such process."""
    found = stat(pid)
    return found.state if found else ""


def alive(pid: int) -> bool:
    return state(pid) not in ("", "Z", "X")


def everybody() -> Iterator[Stat]:
    for name in os.listdir("/proc"):
        if name.isdigit() and (found := stat(int(name))):
            yield found


def in_session(session: int) -> list[Stat]:
    """The session's processes, zombies too."""
    return [process for process in everybody() if process.session == session]


def in_group(pgrp: int) -> list[Stat]:
    """The live processes of a group, the oldest first."""
    return sorted(process for process in everybody() if process.pgrp == pgrp and process.state not in "ZX")


def children(pid: int) -> list[int]:
    """The children of a process, zombies too, the oldest first; not an observer, which `wait` does not tell of."""
    return [child for child in all_children(pid) if exit_signal(child) not in ("0", "")]


def all_children(pid: int) -> list[int]:
    try:
        return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    except (FileNotFoundError, ProcessLookupError):
        return []


def is_observer(pid: int) -> bool:
    """Whether the process will end without a signal to its parent."""
    return exit_signal(pid) == "0"


def exit_signal(pid: int) -> str:
    """The number of the signal that the parent gets at the process's end; nothing when it is gone."""
    _, fields = read_stat(pid)
    return fields[EXIT_SIGNAL] if fields else ""


def waits_for_observer(pid: int) -> bool:
    """Whether an observer has been started that does not watch yet: the line has not begun."""
    return any(map(is_observer, all_children(pid))) and status(pid)["TracerPid"] == "0"


def only_child(pid: int) -> int | None:
    """The child of a process that has exactly one."""
    found = children(pid)
    return found[0] if len(found) == 1 else None


def name(pid: int) -> str:
    """The name of the program that runs, as `ps -o comm` shows it; nothing when the process is gone."""
    found = stat(pid)
    return found.name if found else ""


def signals(pid: int) -> Signals:
    masks = status(pid)
    waiting = int(masks["SigPnd"], 16) | int(masks["ShdPnd"], 16)
    return Signals(
        pending=members(waiting),
        blocked=members(int(masks["SigBlk"], 16)),
        ignored=members(int(masks["SigIgn"], 16)),
        caught=members(int(masks["SigCgt"], 16)),
    )


def status(pid: int) -> dict[str, str]:
    """/proc/PID/status as a table."""
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return {key: value.strip() for key, _, value in (line.partition(":") for line in lines)}


def members(mask: int) -> frozenset[int]:
    """The signal numbers in a mask of /proc/PID/status: the lowest bit is signal 1.

    Without 32 and 33, which glibc keeps for its threads and which its posix_spawn leaves ignored.
    """
    return frozenset(number for number in signal.valid_signals() if mask >> (number - 1) & 1)


def real_user(pid: int) -> int:
    """The user id by which the kernel counts the process; -1 when it is gone."""
    try:
        return int(status(pid)["Uid"].split()[0])
    except (FileNotFoundError, ProcessLookupError):
        return -1


def threads(pid: int) -> int:
    return int(status(pid)["Threads"])


def times_woken(pid: int) -> int:
    """How often the process has gone to sleep of its own will: each time it was awake before."""
    return int(status(pid)["voluntary_ctxt_switches"])


def descriptors(pid: int) -> dict[int, str]:
    """Each open descriptor of a process and what it refers to."""
    found = {}
    for number in os.listdir(f"/proc/{pid}/fd"):
        try:
            found[int(number)] = os.readlink(f"/proc/{pid}/fd/{number}")
        except FileNotFoundError:
            continue
    return found


def is_settled(pid: int, program: str) -> bool:
    """Whether the process has become the program and waits for something: its libraries are loaded and closed."""
    found = stat(pid)
    return found is not None and (found.name, found.state) == (program, "S")


def system_call(pid: int) -> str:
    """The number of the system call in which the process waits, or "running"."""
    return Path(f"/proc/{pid}/syscall").read_text().split()[0]


def descendant(pid: int, program: str) -> int:
    """The child, or child's child, that runs the program; 0 when there is none."""
    for child in children(pid):
        if name(child) == program:
            return child
        if found := descendant(child, program):
            return found
    return 0
