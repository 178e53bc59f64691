"""What explain foretells is what trace then sees: processes, parentage, arguments, descriptors, groups, statuses.

The shell that foretells is this process; the one that runs the line is another, with the observer beside it.  What
depends on how a program ends is looked up in what the observer saw.
"""

from __future__ import annotations

import os
import signal as signals
import time
import traceback
from collections import defaultdict
from contextlib import chdir
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from minishell.builtins.registry import lookup
from minishell.explain.foretell import foretell
from minishell.explain.prediction import (
    Choice,
    Known,
    LastFailure,
    Leaves,
    Not,
    Of,
    Only,
    Part,
    Repeats,
    Says,
    Unknown,
    Will,
)
from minishell.explain.rehearsal import Rehearsal
from minishell.explain.telling import OPEN
from minishell.kernel.calls import Kernel
from minishell.run.signals import prepare
from minishell.shell import Shell
from minishell.syntax.quoting import single_quoted
from minishell.trace.event import (
    Chdir,
    Event,
    Exec,
    Exit,
    Fork,
    Inherit,
    Kill,
    Killed,
    Open,
    Pipe,
    Setpgid,
    Umask,
    Wait,
    load,
)
from minishell.trace.world import World
from tests import shells
from tests.truth.lines import prepared

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path
    from typing import TypeVar

    Kind = TypeVar("Kind", bound=Event)

    from minishell.explain.prediction import Item, Prediction, Status

SHELL = 1


@dataclass
class Seen:
    """What the observer saw: each process's events, what its descriptors meant at each exec, and how it ended."""

    events: dict[int, list[Event]] = field(default_factory=lambda: defaultdict(list))
    tables: dict[int, list[dict[int, str]]] = field(default_factory=lambda: defaultdict(list))
    inherited: set[str] = field(default_factory=set)
    ends: dict[int, int] = field(default_factory=dict)
    status: int = 0

    @property
    def shell(self) -> int:
        return next(iter(self.events))


def watch(line: str, options: str, folder: Path) -> Seen:
    """Run the line with the observer beside the shell."""
    told = folder.parent / "status"
    script = f"{options}\ntrace --json -o ../events -- {single_quoted(line)}\necho $? >{told}"
    with open("/dev/null") as nothing:
        done = shells.run("-c", script, directory=folder, stdin=nothing.fileno())
    seen = Seen()
    world = World()
    for event in whole_trace(folder.parent / "events"):
        seen.events[event.pid].append(event)
        world.apply(event)
        match event:
            case Inherit(object=object):
                seen.inherited.add(object)
            case Exec(errno=""):
                table = world.table(event.pid)
                seen.tables[event.pid].append({fd: held.object for fd, held in table.items()})
            case Exit(code=code):
                seen.ends[event.pid] = code
            case Killed(sig=signal):
                seen.ends[event.pid] = 128 + signals.Signals[signal]
    seen.status = int(told.read_text()) if told.exists() else done.status  # the line has ended the shell
    return seen


def whole_trace(path: Path) -> tuple[Event, ...]:
    """The trace, when the end of every process is in it: jobs are followed beyond the shell's end."""
    until_s = time.monotonic() + shells.TIMEOUT_S
    while True:
        events = load(line for line in path.read_text().splitlines(keepends=True) if line.endswith("\n"))
        born = {event.child for event in events if isinstance(event, Fork) and event.child}
        if born <= {event.pid for event in events if isinstance(event, Exit | Killed)} or time.monotonic() > until_s:
            return events
        os.sched_yield()


class Ended(Exception):
    """The line ends here."""


class Undecided(Exception):
    """From here on it depends on what a program writes."""


class Comparison:
    """Goes through a prediction beside what was seen, and checks one against the other."""

    def __init__(self, seen: Seen) -> None:
        self.seen = seen
        self.processes = {SHELL: seen.shell}
        self.pipes: dict[str, str] = {}
        self.left = {pid: [event for event in events if of_interest(event)] for pid, events in seen.events.items()}
        self.execs: dict[int, int] = defaultdict(int)
        self.compared = 0

    def all(self, prediction: Prediction) -> None:
        """AssertionError: something was foretold and has not happened, or the other way round."""
        try:
            self.items(prediction.items)
        except Undecided:
            return
        except Ended:
            pass
        self.nothing_else_happened()
        foretold = self.status(prediction.status)
        assert foretold in (None, self.seen.status), f"the status is {self.seen.status}, not {foretold}"

    def take(self, pid: int, kind: type[Kind]) -> Kind:
        """The next event of a kind that the process really had."""
        left = self.left[self.processes[pid]]
        found = next((event for event in left if isinstance(event, kind)), None)
        assert found is not None, f"process {pid} should have made another {kind.kind}"
        left.remove(found)
        self.compared += 1
        return found

    def status(self, status: Status) -> int | None:
        match status:
            case Known(number):
                return number
            case Of(pid):
                return self.seen.ends[self.processes[pid]]
            case Not(inner):
                contrary = self.status(inner)
                return None if contrary is None else int(contrary == 0)
            case LastFailure(several):
                numbers = [self.status(each) for each in several]
                return None if None in numbers else next((number for number in reversed(numbers) if number), 0)
            case Choice(condition, zero, then, otherwise):
                decides = self.status(condition)
                return None if decides is None else self.status(then if (decides == 0) == zero else otherwise)
        return None

    def items(self, items: Sequence[Item]) -> None:
        for item in items:
            match item:
                case Will(event):
                    self.will(event, item)
                case Part(_, inner):
                    self.items(inner)
                case Only(Unknown(), _, _) | Repeats():  # what a program writes decides it
                    raise Undecided
                case Only(status, zero, inner):
                    if (self.status(status) == 0) == zero:
                        self.items(inner)
                case Leaves(pid) if pid == SHELL:
                    raise Ended
                case Leaves() | Says():
                    pass

    def will(self, event: Event, item: Will) -> None:
        """A call that was foretold has been made, with the same arguments."""
        match event:
            case Fork(pid=pid, child=child):
                self.processes[child] = self.take(pid, Fork).child
            case Exec(pid=pid, path=path, argv=argv):
                became = self.take(pid, Exec)
                assert became.path == path
                assert same_words(argv, became.argv), f"exec {argv} was foretold, not {became.argv}"
                self.table(pid, item)
            case Setpgid(pid=pid, target=target, pgid=pgid):
                joined = self.take(pid, Setpgid)
                assert (joined.target, joined.pgid) == (self.processes.get(target, 0), self.processes.get(pgid, 0))
            case Chdir(pid=pid, path=path):
                assert self.take(pid, Chdir).path == path
            case Umask(pid=pid, mask=mask):
                assert self.take(pid, Umask).mask == mask
            case Pipe(pid=pid, object=object):
                self.pipes[object] = self.take(pid, Pipe).object
            case Open(pid=pid, path=path, mode=mode, errno=errno) if not path.startswith("memory:"):
                opens = [each for each in self.left[self.processes[pid]] if isinstance(each, Open)]
                assert (path, mode, errno) in [(each.path, each.mode, each.errno) for each in opens]
            case Wait(pid=pid, child=child):
                waits = [each for each in self.left[self.processes[pid]] if isinstance(each, Wait)]
                assert self.processes[child] in [each.child for each in waits], f"nobody has waited for {child}"
            case Exit(pid=pid, code=code):
                assert self.seen.ends[self.processes[pid]] == code
            case Kill(pid=pid, target=target, sig=sig):
                sent = self.take(pid, Kill)
                assert (sent.target, sent.sig) == (self.processes[target], sig)
            case Killed(pid=pid, sig=sig):
                assert self.seen.ends[self.processes[pid]] == 128 + signals.Signals[sig]

    def table(self, pid: int, item: Will) -> None:
        """What the descriptors meant when the program began."""
        real = self.seen.tables[self.processes[pid]][self.execs[pid]]
        self.execs[pid] += 1
        assert item.table is not None
        foretold = {fd: self.pipes.get(held.object, held.object) for fd, held in item.table.items()}
        outside = self.seen.inherited
        assert real.keys() == foretold.keys()
        assert {fd: name for fd, name in real.items() if name not in outside} == {
            fd: name for fd, name in foretold.items() if real[fd] not in outside
        }

    def nothing_else_happened(self) -> None:
        """What was seen and not foretold: only what programs did."""
        for told, pid in self.processes.items():
            if self.execs[told] == 0:
                own = [event for event in self.left.get(pid, ()) if isinstance(event, Fork | Exec | Setpgid | Kill)]
                assert own == [], f"process {pid} also did {own}"


def same_words(foretold: Sequence[str], real: Sequence[str]) -> bool:
    """Nobody knows how many words come of one that is not known."""
    known = [
        next((at for at, word in enumerate(words) if OPEN in word), None) for words in (foretold, foretold[::-1])
    ]
    if known[0] is None or known[1] is None:
        return tuple(foretold) == tuple(real)
    return foretold[: known[0]] == real[: known[0]] and foretold[::-1][: known[1]] == real[::-1][: known[1]]


def of_interest(event: Event) -> bool:
    return isinstance(event, Fork | Exec | Setpgid | Chdir | Umask | Pipe | Open | Wait | Kill)


def compare(line: str, folder: Path, *, options: str = "") -> tuple[int, list[str]]:
    """Foretell the line, run it, and compare: how many events agreed, and what did not."""
    inside = prepared(folder)
    with chdir(inside):
        shell = Shell(Kernel(), shells.clean_environment(PWD=str(inside)), options={"monitor"} if options else set())
        shell.find_builtin, shell.kernel = lookup, Rehearsal(lambda event: None, lambda: None)
        prepare(shell)
        shell.kernel = Kernel()
        prediction = foretell(shell, line)
    seen = watch(line, options, inside)
    comparison = Comparison(seen)
    try:
        comparison.all(prediction)
    except AssertionError as different:
        return comparison.compared, [str(different) or traceback.format_exc()[-400:]]
    return comparison.compared, []
