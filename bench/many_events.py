"""`python -m bench.many_events COUNT FILE`: tells the story of so many events, and writes how long that took.

The events are those of a shell that makes pipelines of two programs, which read files and send each other signals.
"""

from __future__ import annotations

import json
import resource
import sys
import time
from itertools import count, islice
from pathlib import Path
from typing import TYPE_CHECKING

from minishell.record import replace
from minishell.trace.event import (
    Begin,
    Close,
    Dup,
    Event,
    Exec,
    Exit,
    Fork,
    Inherit,
    Kill,
    Open,
    Pipe,
    Read,
    Setpgid,
    Signal,
    Wait,
    Write,
)
from minishell.trace.story import story
from minishell.trace.world import World

if TYPE_CHECKING:
    from collections.abc import Iterator

SHELL = 2
TIMES_THROUGH_A_PIPE = 20
CAUSE = "span 0-12: sort f | uniq"


def pipelines() -> Iterator[Event]:
    """Without end."""
    yield Begin(pid=SHELL, ppid=1, pgid=SHELL, sid=SHELL, argv=("sh",), cwd="/")
    yield from (Inherit(pid=SHELL, fd=fd, object="/dev/pts/0") for fd in range(3))
    for number in count():
        pipe, first = f"pipe:[{number}]", SHELL + 1 + 2 * number
        yield Pipe(pid=SHELL, read=4, write=5, object=pipe, cloexec=True)
        yield from stage(first, first, pipe, 5, 1)
        yield from stage(first + 1, first, pipe, 4, 0)
        yield Close(pid=SHELL, fd=4, last=5)
        for _ in range(TIMES_THROUGH_A_PIPE):
            yield Write(pid=first, fd=1, object=pipe, count=100, data="y" * 100)
            yield Read(pid=first + 1, fd=0, object=pipe, count=100, data="y" * 100)
        yield Kill(pid=first, target=first + 1, sig="SIGUSR1")
        yield Signal(pid=first + 1, sig="SIGUSR1", sender=first, action="handled")
        for pid in (first, first + 1):
            yield Exit(pid=pid, code=0)
            yield Wait(pid=SHELL, target=-1, child=pid, status=0)


def stage(pid: int, group: int, pipe: str, old: int, new: int) -> Iterator[Event]:
    """A process of a pipeline, as far as its file."""
    file = f"file {pid}"
    yield Fork(pid=SHELL, child=pid)
    yield Setpgid(pid=pid, target=0, pgid=group)
    yield Dup(pid=pid, old=old, new=new, object=pipe)
    yield Exec(pid=pid, path="/usr/bin/sort", argv=("sort", file))
    yield Open(pid=pid, path=file, fd=3, object=f"/home/learner/{file}")
    yield Read(pid=pid, fd=3, object=f"/home/learner/{file}", count=100, data="x" * 100)
    yield Close(pid=pid, fd=3, object=f"/home/learner/{file}")


def measured(number: int) -> dict[str, float]:
    """How long it takes to tell them, and to know the World after each; and how much memory that needs."""
    events = [
        replace(event, time_ns=at, end_ns=at + 1, cause=CAUSE) for at, event in enumerate(islice(pipelines(), number))
    ]
    began_s = time.process_time()  # nothing is waited for
    lines = story(events)
    world = World()
    for event in events:
        world.apply(event)
    took_s = time.process_time() - began_s
    assert len(lines) > number // 3  # equal reads and writes in a row are told as one
    assert len(world.processes) <= 3
    peak_kib = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return {"s": took_s, "MiB": peak_kib / 1024}


if __name__ == "__main__":
    Path(sys.argv[2]).write_text(json.dumps(measured(int(sys.argv[1]))))
