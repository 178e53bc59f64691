"""Watch a program and everything it starts, from the first instruction to the last exit.

`observe` runs a program and returns what happened; it needs no root and no other program, only Linux and leave
to use ptrace (else `Refused`).  The parts: `launch` starts the program, `ptrace` and `seccomp` stop it at the
calls that matter, `schedule` says whose turn it is, `decoding` makes events of calls; this file puts them
together.

Call it from a process without other threads: it forks.
"""

from __future__ import annotations

import os
import signal
import sys
import time
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

from minishell.record import record
from minishell.trace import decoding, marks, memory, ptrace, sleeping, table
from minishell.trace.causes import attribute
from minishell.trace.event import (
    Close,
    Cont,
    Event,
    Exec,
    Exit,
    Fork,
    Killed,
    Mark,
    Open,
    Signal,
    Stop,
    Thread,
    Wait,
    at,
)
from minishell.trace.launch import Program, Refused, machine, start, wanted
from minishell.trace.names import FILE_SIGN
from minishell.trace.remarks import remarks
from minishell.trace.schedule import Controlled, Free, OutOfTime
from minishell.trace.snapshot import snapshot
from minishell.trace.tracee import Call, Tracee
from minishell.trace.words import CLONE_FLAGS, flag_names, signal_name

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from minishell.trace.schedule import Chooser

__all__ = ["Observation", "Overran", "Refused", "observe", "observe_script"]

MOST_PROCESSES = 500
MOST_EVENTS = 200_000
MOST_OUTPUT_BYTES = 64 << 20

_STOP_SIGNALS = (signal.SIGSTOP, signal.SIGTSTP, signal.SIGTTIN, signal.SIGTTOU)
_SYSCALL_STOP = signal.SIGTRAP | 0x80
_KILLING_TAKES_S = 5.0
_CLONE_THREAD = 0x10000


@record
class Observation:
    """What happened: the events in order, everything written to stdout and stderr, how the program ended.

    `status` is the exit code, or the negated number of the signal that killed it (os.waitstatus_to_exitcode).
    """

    events: tuple[Event, ...]
    output: bytes
    status: int


class Overran(Exception):
    """The program passed a limit and was killed; `observation` is what had happened until then."""

    def __init__(self, message: str, observation: Observation) -> None:
        super().__init__(message)
        self.observation = observation


def observe(
    argv: Sequence[str],
    *,
    stdin: bytes = b"",
    env: Mapping[str, str] | None = None,
    cwd: str | None = None,
    controlled: bool = True,
    timeout_s: float = 60.0,
    choose: Chooser | None = None,
) -> Observation:
    """Run a program to its end and tell everything that it and its children did.

    `controlled`: one process runs at a time, in an order that is the same in every run (of `choose`, see
    `schedule`), and sleeps return at once.  Refused: this system does not allow it.  Overran: it had to be
    killed.
    """
    machine()
    environment = os.environ if env is None else env
    with _file("input", stdin) as source, _file("output") as output, _sigchld_blocked() as mask:
        program = Program(argv, environment, cwd, source, output, mask)
        observer = Observer(start(program, controlled=controlled), output, timeout_s, controlled, choose)
        problem = observer.run()
        written = os.pread(output, MOST_OUTPUT_BYTES, 0)
    observation = Observation(attribute(observer.events), written, observer.status)
    if problem:
        raise Overran(problem, observation)
    return observation


def observe_script(
    path: str,
    args: Sequence[str] = (),
    *,
    stdin: bytes = b"",
    env: Mapping[str, str] | None = None,
    cwd: str | None = None,
    controlled: bool = True,
    timeout_s: float = 60.0,
    choose: Chooser | None = None,
) -> Observation:
    """Run a Python script under `marks`, so that every event knows the source line that made it happen."""
    argv = [sys.executable, marks.__file__, path, *args]
    return observe(argv, stdin=stdin, env=env, cwd=cwd, controlled=controlled, timeout_s=timeout_s, choose=choose)


class Observer:
    """Follows one program that has just been seized."""

    def __init__(
        self, root: int, output: int, timeout_s: float, controlled: bool = True, choose: Chooser | None = None
    ) -> None:
        self.status = 0
        self._seen: list[Event] = []
        self._root = root
        self._output = output
        self._tracees = {root: Tracee(root, root)}
        self._names = {number: name for name, number in machine().numbers.items()}
        self._arch = machine().audit_arch
        self._wanted = wanted(controlled=controlled)
        self._turn = 0
        self._begun = False
        self._processes = 1
        self._limit = f"still running after {timeout_s:g} s"
        deadline_s = time.monotonic() + timeout_s
        self._schedule = (
            Controlled(self._tracees, deadline_s, choose) if controlled else Free(self._tracees, deadline_s)
        )

    @property
    def events(self) -> list[Event]:
        """What has been seen, in the order in which it took effect."""
        return sorted(self._seen, key=lambda event: event.moment_ns)

    def run(self) -> str:
        """Follow the program until all of it has ended.  Returns why it had to be killed, or nothing."""
        try:
            while self._tracees:
                self._handle(*self._schedule.next())
                if problem := self._passed_a_limit():
                    return problem
        except OutOfTime:
            return self._limit
        finally:
            self.kill_all()
        return ""

    def run_first(self) -> int:
        """Follow the program until its first process has ended.  Its wait status; who is left stands still."""
        while self._root in self._tracees:
            tid, status = self._schedule.next()
            self._handle(tid, status)
        return status

    def _handle(self, tid: int, status: int) -> None:
        tracee = self._tracees[tid]
        self._turn += 1
        if not os.WIFSTOPPED(status):
            self._ended(tracee, status)
            return
        try:
            self._stopped(tracee, status)
        except ProcessLookupError:  # killed while it stood still: its end will be reported
            pass

    def _stopped(self, tracee: Tracee, status: int) -> None:
        if not self._begun:
            self._begun = True
            self._seen += snapshot(tracee.pid)
        number, event = os.WSTOPSIG(status), status >> 16
        if event == ptrace.EVENT_SECCOMP or number == _SYSCALL_STOP:
            self._at_a_call(tracee, status)
            return
        match event:
            case ptrace.EVENT_FORK | ptrace.EVENT_VFORK | ptrace.EVENT_CLONE:
                self._forked(tracee, vfork=event == ptrace.EVENT_VFORK)
            case ptrace.EVENT_EXEC:
                self._forget_other_threads(tracee)
                if tracee.call is None:
                    self._became_unseen(tracee)
            case ptrace.EVENT_EXIT:
                tracee.dying_since_ns = time.monotonic_ns()
            case ptrace.EVENT_STOP:
                self._group_stop(tracee, number)
                return
            case _:
                self._signalled(tracee, number)
                self._resume(tracee, number)
                return
        self._resume(tracee)

    def _resume(self, tracee: Tracee, signal_number: int = 0) -> None:
        until_return = tracee.call is not None or not tracee.filtered
        ptrace.resume(tracee.tid, signal_number, until_return=until_return)

    def _at_a_call(self, tracee: Tracee, status: int) -> None:
        """Before or after a call."""
        info = ptrace.syscall_info(tracee.tid)
        if not isinstance(info, ptrace.Entry):
            self._returns(tracee, info)
            self._resume(tracee)
        elif tracee.filtered or self._is_wanted(info):
            self._enters(tracee, info, status)
        else:
            self._resume(tracee)

    def _is_wanted(self, entry: ptrace.Entry) -> bool:
        """What the filter knows of a process that has none, and stops at all calls."""
        name = self._names.get(entry.number, "") if entry.arch == self._arch else ""
        index, values = decoding.CONDITIONS.get(name, (0, None))
        return name in self._wanted and (values is None or entry.args[index] & 0xFFFFFFFF in values)

    def _enters(self, tracee: Tracee, entry: ptrace.Entry, status: int) -> None:
        name = self._names[entry.number]
        schedule = self._schedule
        sleeps = name in table.SLEEPS
        if sleeps and isinstance(schedule, Controlled) and self._falls_asleep(tracee, name, entry.args, schedule):
            schedule.put_to_sleep(tracee.tid, status)
            return
        call = decoding.entered(tracee, name, entry.args, self._turn)
        result = None if isinstance(schedule, Controlled) else decoding.foretold(tracee, call)
        if result is None:
            tracee.call = call
        else:
            self._note(tracee, call, result)
        self._resume(tracee)

    def _falls_asleep(self, tracee: Tracee, name: str, args: tuple[int, ...], schedule: Controlled) -> bool:
        """True when a sleep starts.  False when its time has come: the call goes on, for zero seconds."""
        if name == "sched_yield":
            schedule.give_way(tracee.tid)
            return False
        if tracee.sleep is None:
            tracee.sleep = sleeping.asked(tracee, name, args, schedule.now_ns)
            return True
        sleeping.shorten(tracee.tid, tracee.sleep)
        tracee.sleep, tracee.waking, tracee.slept = None, tracee.sleep, tracee.sleep
        return False

    def _returns(self, tracee: Tracee, result: int | None) -> None:
        call, tracee.call = tracee.call, None
        tracee.lends_memory = False
        if tracee.waking is not None:
            sleeping.restore(tracee.tid, tracee.waking)
            tracee.waking = None
        if call is not None and isinstance(result, int):
            call.blocked = call.name in table.MAY_WAIT and self._schedule.had_to_wait(call, self._turn)
            self._note(tracee, call, result)

    def _note(self, tracee: Tracee, call: Call, result: int) -> None:
        """What a call has done is known."""
        events = decoding.returned(tracee, call, result)
        self._seen += events
        for event in events:
            if isinstance(event, Mark) and event.text == marks.BEGIN and event.pid == self._root:
                self._seen = snapshot(self._root)  # what came before is not told
            if isinstance(event, Exec) and not event.errno:
                self._seen += remarks(event)
            if isinstance(event, Wait) and not event.child and not event.errno:
                self._schedule.give_way(tracee.tid)
            if isinstance(event, Close):
                tracee.only_read.discard(event.object)
            if isinstance(event, Open):
                _note_use(tracee.only_read, event)

    def _forked(self, tracee: Tracee, *, vfork: bool) -> None:
        child = ptrace.event_message(tracee.tid)
        began_ns, name, flags = time.monotonic_ns(), "fork", 0
        if tracee.call is not None:
            began_ns, name, flags = tracee.call.began_ns, tracee.call.name, _clone_flags(tracee.call, tracee.tid)
        if flags & _CLONE_THREAD or (tracee.call is None and memory.process_of_thread(child) != child):
            self._tracees[child] = Tracee(child, tracee.pid, filtered=tracee.filtered)
            self._seen.append(Thread(**at(began_ns, time.monotonic_ns()), pid=tracee.pid, call=name))
            return
        tracee.lends_memory = vfork
        self._processes += 1
        self._tracees[child] = Tracee(child, child, filtered=self._children_are_filtered(tracee))
        via, told = "vfork" if vfork else "fork", flag_names(flags, CLONE_FLAGS)
        times = at(began_ns, time.monotonic_ns())
        self._seen.append(Fork(**times, pid=tracee.pid, child=child, via=via, flags=told, call=name))

    def _children_are_filtered(self, tracee: Tracee) -> bool:
        """Whether the new processes of this one have the filter too."""
        return tracee.filtered

    def _forget_other_threads(self, tracee: Tracee) -> None:
        """After exec a process has one thread, whose number is that of the process, whichever thread called it."""
        former = self._tracees.get(ptrace.event_message(tracee.tid))
        if former is not None and former is not tracee:
            tracee.call = former.call
        for other in [other for other in self._tracees.values() if other.pid == tracee.pid]:
            if other is not tracee:
                del self._tracees[other.tid]

    def _became_unseen(self, tracee: Tracee) -> None:
        """A 32-bit program has become another one: its call was not seen, but what it is now can be looked up."""
        path, argv = memory.program(tracee.pid), memory.arguments(tracee.pid)
        event = Exec(**at(time.monotonic_ns()), pid=tracee.pid, path=path, argv=argv)
        self._seen += [event, *remarks(event)]

    def _group_stop(self, tracee: Tracee, number: int) -> None:
        """A stop of the whole process, or the first report of a new thread, or the end of a stop."""
        now_ns = time.monotonic_ns()
        leads = tracee.tid == tracee.pid
        if number in _STOP_SIGNALS:
            if leads and not tracee.stopped:
                began_ns = tracee.stopping_since_ns or now_ns
                self._seen.append(Stop(**at(began_ns), pid=tracee.pid, sig=signal_name(number)))
            tracee.stopped, tracee.stopping_since_ns = True, 0
            ptrace.listen(tracee.tid)
            return
        if tracee.stopped and leads:
            self._seen.append(Cont(**at(now_ns), pid=tracee.pid))
        tracee.stopped = False
        self._resume(tracee)

    def _signalled(self, tracee: Tracee, number: int) -> None:
        now_ns = time.monotonic_ns()
        code, pid = ptrace.signal_info(tracee.tid)
        if number in _STOP_SIGNALS:
            tracee.stopping_since_ns = now_ns + 1
        self._seen.append(
            Signal(
                **at(now_ns),
                pid=tracee.pid,
                sig=signal_name(number),
                sender=decoding.sender(number, code, pid),
                action=memory.signal_action(tracee.tid, number),
            )
        )

    def _ended(self, tracee: Tracee, status: int) -> None:
        del self._tracees[tracee.tid]
        if tracee.tid != tracee.pid:
            return
        now_ns = time.monotonic_ns()
        if tracee.call is not None and tracee.call.name in table.KILLS:
            self._seen += decoding.returned(tracee, tracee.call, 0)  # it killed itself: the call never returned
        began_ns = tracee.dying_since_ns or now_ns
        if os.WIFSIGNALED(status):
            name, core = signal_name(os.WTERMSIG(status)), os.WCOREDUMP(status)
            self._seen.append(Killed(**at(began_ns, now_ns), pid=tracee.pid, sig=name, core=core))
        else:
            code = os.WEXITSTATUS(status)
            self._seen.append(Exit(**at(began_ns, now_ns), pid=tracee.pid, code=code))
        if tracee.pid == self._root:
            self.status = os.waitstatus_to_exitcode(status)

    def _passed_a_limit(self) -> str:
        if self._processes > MOST_PROCESSES:
            return f"it started more than {MOST_PROCESSES} processes"
        if len(self._seen) > MOST_EVENTS:
            return f"it made more than {MOST_EVENTS} system calls that matter"
        if os.fstat(self._output).st_size > MOST_OUTPUT_BYTES:
            return f"it wrote more than {MOST_OUTPUT_BYTES >> 20} MiB"
        return ""

    def kill_all(self) -> None:
        """End whatever is left, also when we fail, and take in every end so that no zombie stays."""
        for tid in self._tracees:
            _kill(tid)
        rest = Free(self._tracees, time.monotonic() + _KILLING_TAKES_S)
        with suppress(OutOfTime):
            while self._tracees:
                self._bury(*rest.next())

    def _bury(self, tid: int, status: int) -> None:
        """A killed thread may still report that it is ending, or a fork that was just happening."""
        tracee = self._tracees[tid]
        if not os.WIFSTOPPED(status):
            self._ended(tracee, status)
            return
        with suppress(ProcessLookupError):
            if status >> 16 in (ptrace.EVENT_FORK, ptrace.EVENT_VFORK, ptrace.EVENT_CLONE):
                child = ptrace.event_message(tid)
                self._tracees.setdefault(child, Tracee(child, child))
                _kill(child)
            ptrace.resume(tid)


def _kill(tid: int) -> None:
    with suppress(ProcessLookupError):
        os.kill(tid, signal.SIGKILL)


def _note_use(only_read: set[str], event: Open) -> None:
    """Keep the set of files that a thread has open for reading alone."""
    if event.fd >= 0 and event.mode == "read":
        only_read.add(event.object or event.path)
    else:
        only_read.discard(event.object or event.path)


def _clone_flags(call: Call, tid: int) -> int:
    """The flags of clone(2); `clone3` has them in memory, `fork` and `vfork` have none."""
    if call.name == "clone3":
        return memory.numbers(tid, call.args[0], "Q")[0]
    return call.args[0] if call.name == "clone" else 0


@contextmanager
def _file(name: str, content: bytes = b"") -> Iterator[int]:
    """A file in memory: unlike a pipe it never makes the program wait for us."""
    fd = os.memfd_create(f"{FILE_SIGN}{name}")
    try:
        os.write(fd, content)
        os.lseek(fd, 0, os.SEEK_SET)
        yield fd
    finally:
        os.close(fd)


@contextmanager
def _sigchld_blocked() -> Iterator[set[int]]:
    """Let SIGCHLD wait until we ask for it.  Gives the signal mask that was in force."""
    before = signal.pthread_sigmask(signal.SIG_BLOCK, (signal.SIGCHLD,))
    try:
        yield {int(number) for number in before}
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
