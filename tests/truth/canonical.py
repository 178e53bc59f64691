"""What two runs of the same program have in common: the same processes, which each did the same, in the same order.

Two runs differ in times, pids and what is a matter of luck: where a signal finds a process, whether it came to its
pause before, how often somebody asked in vain, which of two dead children is found first, in how many pieces bytes
come through a pipe.  All that is left out here.
"""

from __future__ import annotations

import re
from collections import defaultdict
from itertools import groupby
from typing import TYPE_CHECKING

from minishell.record import replace
from minishell.trace import strace
from minishell.trace.event import (
    Begin,
    Chdir,
    Event,
    Fork,
    Inherit,
    Mark,
    Open,
    Pause,
    Read,
    Signal,
    Wait,
    Write,
    as_json,
)
from minishell.trace.names import letter, stable

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

NUMBER = re.compile(r"⟨[A-Z]+⟩|\b\d{3,7}\b")
PSEUDO_TERMINAL = re.compile(r"/dev/pts/\d+")  # which one is free is a matter of luck


def by_process(events: Iterable[Event]) -> dict[str, list[str]]:
    """What each process did, as far as two runs have to agree."""
    did: dict[str, list[Event]] = defaultdict(list)
    for event in stable(in_order_of_descent(strace.canonical(events))):
        if not depends_on_luck(event):
            did[letter(event.pid)].append(event)
    return {name: list(in_fixed_order(own)) for name, own in did.items()}


def differences(ours: dict[str, list[str]], theirs: dict[str, list[str]]) -> list[str]:
    """The first event of each process that is not the same in both; empty: they agree."""
    found = []
    for name in sorted(ours.keys() | theirs.keys()):
        own, other = ([*side.get(name, ()), "nothing more"] for side in (ours, theirs))
        pair = next(((mine, its) for mine, its in zip(own, other, strict=False) if mine != its), None)
        if pair:
            found.append(f"process {name}: {pair[0]}\n  against: {pair[1]}")
    return found


def in_order_of_descent(events: Iterable[Event]) -> list[Event]:
    """First all that the first process did, then all that its first child did, and that one's children …

    The letters, given in the order of the forks, then do not depend on which of two parents was faster.
    """
    did: dict[int, list[Event]] = defaultdict(list)
    for event in events:
        did[event.pid].append(event)

    def descend(pid: int) -> Iterator[Event]:
        own = did.pop(pid, [])
        yield from own
        for event in own:
            if isinstance(event, Fork):
                yield from descend(event.child)

    return [event for pid in list(did) for event in descend(pid)]


def depends_on_luck(event: Event) -> bool:
    match event:
        case Begin() | Inherit():  # strace says nothing of what was there before
            return True
        case Pause() | Mark() | Signal(sig="SIGCHLD") | Wait(child=0, errno="") | Wait(target=-1, errno="ECHILD"):
            return True
        case Signal(sig="SIGCONT"):  # one with a lower number that is sent before it is delivered overtakes it
            return True
    return event.errno == "EINTR"


def in_fixed_order(events: list[Event]) -> Iterator[str]:
    """The events as text; last the waits for any child, in the order of the children."""
    for_any = [event for event in events if isinstance(event, Wait) and event.target == -1]
    others = [event for event in events if event not in for_any]
    for is_bytes, run in groupby(others, key=lambda event: isinstance(event, Read | Write)):
        together = list(run)
        yield from map(text, in_one_piece(together) if is_bytes else map(without_luck, together))
    yield from sorted(text(without_luck(event)) for event in for_any)


def text(event: Event) -> str:
    return PSEUDO_TERMINAL.sub("/dev/pts/N", as_json(event))


def in_one_piece(events: Iterable[Event]) -> Iterator[Event]:
    """Reads and writes with nothing else between them: a read and a write for each descriptor."""
    pieces: dict[tuple[str, int, str], Read | Write] = {}
    for event in events:
        assert isinstance(event, Read | Write)
        key = event.kind, event.fd, event.errno
        first = pieces.get(key)
        joined = (
            event if first is None else replace(event, count=first.count + event.count, data=first.data + event.data)
        )
        pieces[key] = replace(joined, cause="")
    yield from map(without_numbers, pieces.values())


def without_numbers(event: Read | Write) -> Event:
    """What /proc says about a process is about that run alone; any number may happen to be that of a process."""
    if event.object.startswith("/proc/"):
        return replace(event, count=0, data="")
    return replace(event, data=NUMBER.sub("N", event.data))


def without_luck(event: Event) -> Event:
    """Without what only one of the two knows (what a signal would do, where a relative path leads), and the cause."""
    match event:
        case Signal():
            event = replace(event, action=event.action if event.action == "taken" else "")
        case Open(path=""):  # strace does not say what TIOCGPTPEER and pidfd_getfd give
            known = event.call not in ("ioctl", "pidfd_getfd")
            event = replace(event, object=event.object if known else "", mode="")
        case Chdir():
            event = replace(event, cwd="")
        case Wait(target=-1):  # whether the child that it finds had ended before it asked
            event = replace(event, flags="")
    return replace(event, cause="")
