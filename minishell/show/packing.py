"""Which process stands in which lane.

Children stand to the right of their parent, the first child first.  A lane that has become free is used again: a
loop of a hundred short programs takes two lanes, not a hundred and one.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from minishell.trace.event import Event, Fork

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence


def parents(events: Iterable[Event]) -> dict[int, int]:
    """The processes, each after its parent, which is 0 for those that were there before; the first child first."""
    children: defaultdict[int, list[int]] = defaultdict(list)
    parent: dict[int, int] = {}
    for event in events:
        if event.pid not in parent:  # nobody was seen to fork it
            parent[event.pid] = 0
            children[0].append(event.pid)
        if isinstance(event, Fork) and event.child and event.child not in parent:
            parent[event.child] = event.pid
            children[event.pid].append(event.child)
    found: dict[int, int] = {}
    waiting = list(reversed(children[0]))
    while waiting:
        pid = waiting.pop()
        found[pid] = parent[pid]
        waiting += reversed(children[pid])
    return found


def pack(parent: Mapping[int, int], lives: Mapping[int, tuple[int, int]]) -> dict[int, int]:
    """The lane of each process, in the order of `parents`.  `lives`: the first and the last row that each needs.

    Of two processes that need the same row, the later one in that order stands further right.
    """
    tenants: list[list[tuple[int, int]]] = []
    lane: dict[int, int] = {}
    for pid in parent:
        first, last = lives[pid]
        after = lane[parent[pid]] if parent[pid] else -1
        busy = (number for number, taken in enumerate(tenants) if number > after and _meets(taken, first, last))
        lane[pid] = max(busy, default=after) + 1
        if lane[pid] == len(tenants):
            tenants.append([])
        tenants[lane[pid]].append((first, last))
    return lane


def _meets(taken: Sequence[tuple[int, int]], first: int, last: int) -> bool:
    return any(first <= its_last and its_first <= last for its_first, its_last in taken)
