"""A second witness: the text of `strace -f -ttt -y` → the same events that the observer makes.

A line of the log is a process, a time, and a call with its arguments and its result:
`123 1700000000.123456 dup2(4<pipe:[99]>, 1) = 1<pipe:[99]>`.  A call that had to wait comes in two halves,
`read(0<pipe:[99]>, <unfinished ...>` and `<... read resumed>"x", 1) = 1`.  Signals stand between `---`, ends between
`+++`.  `COMMAND` is how to call strace so that the log has what is needed; put `-o FILE` and the program after it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from minishell.record import replace
from minishell.trace.causes import attribute
from minishell.trace.event import Cont, Event, Exit, Killed, Signal, Stop, Thread, at
from minishell.trace.strace_calls import Line, flag, meaning_of, read_call, signal_of
from minishell.trace.table import KILLS, MAY_WAIT, SEEN

if TYPE_CHECKING:
    from collections.abc import Iterable

COMMAND = (
    "strace",
    "-f",
    "-ttt",
    "--decode-fds=path,pidfd",
    "-s",
    "4096",
    "-q",
    "--seccomp-bpf",
    "-e",
    f"trace=?{',?'.join(SEEN)}",
)

_LINE = re.compile(r"(?P<pid>\d+) +(?P<time>\d+\.\d+) (?P<rest>.*)", re.DOTALL)
_CALL = re.compile(
    r"(?P<name>\w+)\((?P<arguments>.*)\) += (?P<result>\?|-?\d+|0x[0-9a-f]+)(?P<more>\W.*|)", re.DOTALL
)
_UNFINISHED = re.compile(r"(?P<name>\w+)\((?P<arguments>.*?) *<unfinished \.\.\.>", re.DOTALL)
_RESUMED = re.compile(r"<\.\.\. (?P<name>\w+) resumed>(?P<rest>.*)", re.DOTALL)
_SIGNAL = re.compile(r"--- (?P<signal>SIG\w+) \{(?P<info>.*)\} ---")
_STOPPED = re.compile(r"--- stopped by (?P<signal>\w+) ---")
_EXITED = re.compile(r"\+\+\+ exited with (?P<code>\d+) \+\+\+")
_KILLED = re.compile(r"\+\+\+ killed by (?P<signal>\w+)(?P<core> \(core dumped\))? \+\+\+")
_ERROR = re.compile(r" (?P<errno>E[A-Z0-9]+) \(")


def events(lines: Iterable[str]) -> tuple[Event, ...]:
    """The events of a log.  Lines that mean nothing to us are passed over; `Reader.passed_over` has them."""
    return Reader(lines).events


@dataclass(frozen=True)
class _Half:
    time_ns: int
    text: str


class Reader:
    """Reads one log."""

    def __init__(self, lines: Iterable[str]) -> None:
        self.passed_over: list[tuple[int, str]] = []  # number and text
        self._seen: list[Event] = []
        self._begun: dict[int, _Half] = {}
        self._process: dict[int, int] = {}  # thread → process
        self._stopped: set[int] = set()
        for number, line in enumerate(lines, 1):
            if not self._understands(line.rstrip("\n")):
                self.passed_over.append((number, line))
        self.events = attribute(sorted(self._seen, key=lambda event: event.moment_ns))

    def _understands(self, text: str) -> bool:
        try:
            return self._read(text)
        except (ValueError, LookupError, SyntaxError):  # cut off, or with other arguments than the call has
            return False

    def _read(self, text: str) -> bool:
        if not (found := _LINE.fullmatch(text)):
            return False
        pid, time_ns, rest = int(found["pid"]), _nanoseconds(found["time"]), found["rest"]
        if rest.startswith("---"):
            return self._signal(pid, time_ns, rest)
        if rest.startswith("+++"):
            return self._end(pid, time_ns, rest)
        return self._call(pid, time_ns, rest)

    def _call(self, tid: int, time_ns: int, text: str) -> bool:
        began_ns, blocked = time_ns, False
        if resumed := _RESUMED.fullmatch(text):
            half = self._begun.pop(tid, _Half(time_ns, f"{resumed['name']}("))
            began_ns, blocked, text = half.time_ns, resumed["name"] in MAY_WAIT, half.text + resumed["rest"]
        if found := _UNFINISHED.fullmatch(text):
            self._begun[tid] = _Half(began_ns, f"{found['name']}({found['arguments']}")
            return True
        if not (found := _CALL.fullmatch(text)):
            return False
        error = _ERROR.match(found["more"])
        errno = error["errno"] if error else ""
        line = Line(
            pid=self._process.get(tid, tid),
            time_ns=began_ns,
            end_ns=time_ns,
            name=found["name"],
            arguments=found["arguments"],
            result=_number(found["result"]),
            errno="EINTR" if errno.startswith("ERESTART") else errno,
            blocked=blocked,
            meaning=meaning_of(found["more"][1:]) if found["more"].startswith("<") else "",
        )
        for event in read_call(line):
            self._tell(event, line)
        return True

    def _tell(self, event: Event, line: Line) -> None:
        if isinstance(event, Thread):
            self._process[line.result] = event.pid
        self._seen.append(event)

    def _signal(self, tid: int, time_ns: int, text: str) -> bool:
        pid = self._process.get(tid, tid)
        if stopped := _STOPPED.fullmatch(text):
            self._stopped.add(pid)
            self._seen.append(Stop(pid=pid, sig=stopped["signal"], **at(time_ns)))
            return True
        if not (found := _SIGNAL.fullmatch(text)):
            return False
        name = signal_of(found["signal"])
        if pid in self._stopped:  # no signal gets to a stopped process before SIGCONT has set it going
            self._stopped.remove(pid)
            self._seen.append(Cont(pid=pid, **at(time_ns)))
        sender = flag(found["info"], "si_pid")
        self._seen.append(Signal(pid=pid, sig=name, sender=int(sender or 0), **at(time_ns)))
        return True

    def _end(self, tid: int, time_ns: int, text: str) -> bool:
        half = self._begun.pop(tid, None)
        if tid in self._process:
            return True  # only a thread
        if killed := _KILLED.fullmatch(text):
            self._killed_inside(tid, half)
            self._seen.append(Killed(pid=tid, sig=killed["signal"], core=bool(killed["core"]), **at(time_ns)))
            return True
        if exited := _EXITED.fullmatch(text):
            self._seen.append(Exit(pid=tid, code=int(exited["code"]), **at(time_ns)))
            return True
        return False

    def _killed_inside(self, pid: int, half: _Half | None) -> None:
        """A process that killed itself never came back from kill(2)."""
        if half is not None and half.text.partition("(")[0] in KILLS:
            name, _, arguments = half.text.partition("(")
            line = Line(pid, half.time_ns, half.time_ns, name, arguments.rstrip(") "), 0, "", blocked=False)
            self._seen += read_call(line)


def canonical(events: Iterable[Event]) -> tuple[Event, ...]:
    """The events without what two runs cannot have in common: times, and whether somebody had to wait."""
    return tuple(replace(event, time_ns=0, end_ns=0, blocked=False) for event in events)


def _number(result: str) -> int:
    """The result of a call: decimal, 0x…, or as umask(2) has it, octal.  `?`: the call did not come back."""
    if result == "?":
        return 0
    return int(result, 8 if re.fullmatch(r"0\d+", result) else 0)


def _nanoseconds(seconds: str) -> int:
    whole, _, part = seconds.partition(".")
    return int(whole) * 1_000_000_000 + int(part.ljust(9, "0"))
