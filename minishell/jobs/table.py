"""The job table: which jobs there are, which is the current one, and what the user has been told of them."""

from __future__ import annotations

from minishell.errors import BuiltinProblem
from minishell.ids import JobId, Pid
from minishell.jobs.job import Job, Process, words_for
from minishell.kernel.status import RUNNING, Stopped, decode, ended

TYPE_CHECKING = False
if TYPE_CHECKING:
    import os as posix

    from minishell.kernel.calls import Kernel
    from minishell.kernel.status import State
    from minishell.source import Field
else:
    import posix

REMEMBERED = 4096
"""How many ended background processes `wait` can still ask for: at least CHILD_MAX, XBD <limits.h>, says POSIX."""


class Table:
    """Every child of the shell is here from its fork until its end is known and told."""

    def __init__(self) -> None:
        self.jobs: dict[JobId, Job] = {}
        self.lowest_free = JobId(1)  # no lower number is free
        self.by_pid: dict[Pid, tuple[Job, Process]] = {}
        self.recent: list[Job] = []  # numbered jobs, the one used last at the end
        self.news: list[Job] = []  # numbered jobs whose state has changed since the last notices
        self.remembered: dict[Pid, int] = {}  # `$?` of ended background processes, oldest first
        self.inherited = False  # the jobs are those of the shell that this one is a copy of

    def copy(self) -> Table:
        """The same jobs, in a table to be changed on its own."""
        copy = Table()
        for name, value in self.__dict__.items():
            setattr(copy, name, value.copy() if isinstance(value, dict | list) else value)
        return copy

    def inherit(self) -> None:
        """We are a copy of a shell: its jobs can be listed and signalled, but are no children of ours."""
        self.by_pid.clear()
        self.inherited = True

    def begin(self) -> None:
        """From here on only jobs of our own count."""
        if self.inherited:
            self.__dict__.update(Table().__dict__)

    # Jobs come and go

    def track(self, job: Job, pid: Pid) -> None:
        """`pid` has just been started for `job`."""
        self.begin()
        process = Process(pid)
        job.processes.append(process)
        self.by_pid[pid] = job, process
        self.remembered.pop(pid, None)  # an earlier process with this number: not this one

    def give_number(self, job: Job) -> None:
        """From now on the job can be asked for, and is the current one."""
        if job.number is not None:
            self.use(job)
            return
        while self.lowest_free in self.jobs:
            self.lowest_free = JobId(self.lowest_free + 1)
        job.number = self.lowest_free
        self.jobs[job.number] = job
        self.recent.append(job)
        if job.state != job.told:
            self.news.append(job)

    def use(self, job: Job) -> None:
        """The job was started, stopped or continued last."""
        self.recent.remove(job)
        self.recent.append(job)

    def forget(self, job: Job) -> None:
        for process in job.processes:
            if self.by_pid.get(process.pid, (None,))[0] is job and ended(process.state):
                del self.by_pid[process.pid]
        if job.number is not None:
            del self.jobs[job.number]
            self.lowest_free = min(self.lowest_free, job.number)
            self.recent.remove(job)
            job.number = None

    def by_number(self) -> list[Job]:
        """All jobs that one can ask for, in order."""
        return [self.jobs[number] for number in sorted(self.jobs)]

    def remember(self, pid: Pid, status: int) -> None:
        """Keep `$?` of an ended background process for a later `wait pid`."""
        self.remembered[pid] = status
        if len(self.remembered) > REMEMBERED:
            del self.remembered[next(iter(self.remembered))]

    # What waitpid says

    def changed(self, pid: Pid, word: int) -> None:
        """Enter one answer of waitpid.  An unknown child belongs to whoever exec'd this shell; it is remembered."""
        if pid not in self.by_pid:
            if ended(state := decode(word)):
                self.remember(pid, state.status)
            return
        job, process = self.by_pid[pid]
        before = job.state
        process.state = decode(word)
        if ended(process.state):
            del self.by_pid[pid]
        if job.number is not None and job.state != before:
            self.news.append(job)
            if isinstance(job.state, Stopped):
                self.use(job)

    def poll(self, kernel: Kernel) -> bool:
        """Enter all changes that have happened, without waiting.  SIGCHLDs merge: ask until there is no more."""
        any_change = False
        while True:
            try:
                pid, word = kernel.waitpid(Pid(-1), posix.WNOHANG | posix.WUNTRACED | posix.WCONTINUED)
            except ChildProcessError:
                break
            if pid == 0:
                break
            self.changed(pid, word)
            any_change = True
        return any_change

    # Which job

    def by_currency(self) -> list[Job]:
        """The current job first, then the previous one: stopped jobs go before running ones."""
        jobs = list(reversed(self.recent))
        return [job for job in jobs if isinstance(job.state, Stopped)] + [
            job for job in jobs if not isinstance(job.state, Stopped)
        ]

    def mark(self, job: Job) -> str:
        """`+` for the current job, `-` for the previous one, else a blank."""
        order = self.by_currency()
        return "+" if order[:1] == [job] else "-" if order[1:2] == [job] else " "

    def find(self, spec: Field) -> Job:
        """The job that `%1`, `%+`, `%%`, `%-`, `%name` or `%?text` means.  POSIX.1-2024 XBD 3.182 Job ID."""
        what = spec.removeprefix("%")
        if what in ("", "%", "+", "-"):
            order = self.by_currency()
            rank = 1 if what == "-" and len(order) > 1 else 0
            if not order:
                raise BuiltinProblem("there is no current job", spec)
            return order[rank]
        if what.isascii() and what.isdigit():
            job = self.jobs.get(JobId(int(what))) if len(what) < 10 else None
            if job is None:
                raise BuiltinProblem("no such job", spec)
            return job
        if what[0] == "?":
            matches = [job for job in self.jobs.values() if what[1:] in job.text]
        else:
            matches = [job for job in self.jobs.values() if job.text.startswith(what)]
        if len(matches) != 1:
            raise BuiltinProblem("no such job" if not matches else "more than one job is called so", spec)
        return matches[0]

    # What the user is told

    def line(self, job: Job, state: State | None = None) -> str:
        """The job as `jobs` shows it.  POSIX.1-2024 XCU jobs, STDOUT."""
        state = job.state if state is None else state
        ampersand = " &" if state == RUNNING else ""
        return f"[{job.number}]{self.mark(job)}  {words_for(state):<24}{job.text}{ampersand}"

    def notices(self) -> list[str]:
        """A line for each job whose state the user does not know; ended jobs are then forgotten."""
        lines = []
        news, self.news = self.news, []
        for job in sorted(set(news), key=lambda job: job.number or 0):
            if job.number is None:
                continue
            if job.state not in (job.told, RUNNING) and not job.disowned:
                lines.append(self.line(job))
            job.told = job.state
            self.forget_if_ended(job)
        return lines

    def make_room(self) -> None:
        """A script is told nothing; its jobs stay until it asks for them, or there are too many that have ended."""
        self.news.clear()
        if len(self.jobs) > REMEMBERED:
            for job in self.by_number():
                self.forget_if_ended(job)

    def waited_for_all(self) -> None:
        """All that have ended have been waited for.  XCU wait: their statuses can be asked for once."""
        self.remembered.clear()
        for job in self.by_number():
            job.waited = job.ended

    def forget_if_ended(self, job: Job) -> None:
        """An ended job leaves the table, but `wait` can still ask for the statuses of its processes."""
        if job.number is not None and job.ended:
            if not job.waited:
                for process in job.processes[:-1]:
                    self.remember(process.pid, process.state.status)
                self.remember(job.processes[-1].pid, job.status())
            self.forget(job)
