"""wait and kill."""

from __future__ import annotations

from minishell.builtins.options import split_options
from minishell.builtins.registry import builtin
from minishell.errors import BuiltinProblem, UsageProblem
from minishell.ids import Pid, small_number
from minishell.jobs.waiting import send, wait_for_change
from minishell.kernel.signals import NAMES, NUMBERS, named_signal, number
from minishell.kernel.status import RUNNING, Stopped
from minishell.run.simple import tell

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from minishell.jobs.job import Job
    from minishell.shell import Shell
    from minishell.source import Field

UNKNOWN = 127
"""Status of `wait` for something that is no child of this shell.  POSIX.1-2024 XCU wait."""


@builtin("wait", usage="wait [pid | job ...]", no_options=True)
def wait(shell: Shell, words: Sequence[Field]) -> int:
    """Wait for background jobs: for all that run, or for those named; the status is that of the last one.

    What has ended already gives its status too, once.  A trapped signal or Ctrl-C ends the waiting at once,
    with 128 + its number; the jobs go on.  A builtin because only a parent can wait for a child.
    POSIX.1-2024 XCU wait.
    """
    _, operands = split_options(words, "")
    shell.jobs.begin()
    if not operands:
        return wait_for_all(shell)
    status = 0
    for word in operands:
        status = wait_for_word(shell, word)
        if status < 0:
            return -status
    return status


def wait_for_all(shell: Shell) -> int:
    """Wait until there is nothing to wait for.  0, or the status that a signal means which came first."""
    alive = shell.jobs.by_pid
    interruption = wait_until(shell, lambda: all(job.number is None or over(shell, job) for job, _ in alive.values()))
    if interruption is not None:
        return interruption
    shell.jobs.waited_for_all()
    if not shell.interactive:
        for job in shell.jobs.by_number():
            shell.jobs.forget_if_ended(job)
    return 0


def over(shell: Shell, job: Job) -> bool:
    """Whether a job need not be waited for.  With job control not when it is stopped: now it is the user's turn."""
    return job.state != RUNNING if shell.monitor else job.ended


def wait_for_word(shell: Shell, word: Field) -> int:
    """The status of one job or process; if a signal came first, the status that it means, negative."""
    found = job_of(shell, word)
    if found is None:
        if word.startswith("%") or (word.isascii() and word.isdigit()):
            return shell.jobs.remembered.pop(Pid(small_number(word) or 0), UNKNOWN)
        raise UsageProblem(f"{word or 'nothing'} is neither a process nor a job", word)
    job, pid = found
    interruption = wait_until(shell, lambda: over(shell, job))
    if interruption is not None:
        return -interruption
    status = next((p.state.status for p in job.processes[:-1] if p.pid == pid), job.status())
    if job.ended:
        job.told = job.state
        shell.jobs.forget(job)
    return status


def job_of(shell: Shell, word: Field) -> tuple[Job, Pid | None] | None:
    """The job that `word` means, and the process of it if it is a number."""
    if word.startswith("%"):
        try:
            return shell.jobs.find(word), None
        except BuiltinProblem as unknown:
            unknown.span = unknown.span or word.span
            tell(shell, unknown)
            return None
    pid = Pid(small_number(word) or 0)
    if pid in shell.jobs.by_pid:  # it runs: an ended one that had the same number does not count
        return shell.jobs.by_pid[pid][0], pid
    for job in shell.jobs.jobs.values():
        if pid in [process.pid for process in job.processes]:
            return job, pid
    return None


def wait_until(shell: Shell, done: Callable[[], bool]) -> int | None:
    """Sleep until `done`; returns 128 + the number of a trapped signal, or of Ctrl-C, that came first."""
    breakers = [signum for signum, action in shell.traps.items() if signum and action]
    if shell.interactive and NUMBERS["INT"] not in shell.traps:
        breakers.append(NUMBERS["INT"])
    shell.jobs.poll(shell.kernel)
    while not done():
        if not shell.jobs.by_pid:
            return None
        noted = [signum for signum in shell.pending if signum in breakers]
        if noted:
            return 128 + noted[0]
        signum = wait_for_change(shell.kernel, shell.jobs, breakers)
        if signum is not None:
            shell.pending.append(signum)
    return None


@builtin("kill", usage="kill [-s signal | -signal] pid | job ...   or   kill -l [status]")
def kill(shell: Shell, words: Sequence[Field]) -> int:
    """Send a signal, SIGTERM if none is named, to processes, groups (a negative number) or jobs; -l lists signals.

    A stopped job that is sent SIGTERM or SIGHUP is also continued, so that it can die of it.
    A builtin because it knows jobs, and works when no further process can be started.  POSIX.1-2024 XCU kill.
    """
    if words and words[0] == "-l":
        return list_signals(shell, words[1:])
    signum, operands = named_signal(list(words))
    if not operands:
        raise UsageProblem("kill needs a process or a job", words[-1] if words else None)
    shell.jobs.poll(shell.kernel)
    status = 0
    for word in operands:
        try:
            kill_one(shell, word, signum)
        except BuiltinProblem as problem:
            from minishell.errors import report

            shell.complain(report(problem, shell.typed))
            status = 1
    return status


def kill_one(shell: Shell, word: Field, signum: int) -> None:
    """Signal one operand.  Raises BuiltinProblem."""
    if word.startswith("%"):
        kill_job(shell, shell.jobs.find(word), signum, word)
        return
    pid = small_number(word.removeprefix("-"))
    if pid is None:
        raise UsageProblem(f"{word or 'nothing'} is neither a process nor a job", word)
    try:
        shell.kernel.kill(Pid(-pid if word.startswith("-") else pid), signum)
    except (OSError, OverflowError) as refusal:
        said = refusal.strerror if isinstance(refusal, OSError) else "there is no such process"
        raise BuiltinProblem(f"{word}: {said}", word) from None


def kill_job(shell: Shell, job: Job, signum: int, word: Field) -> None:
    if job.ended:
        raise BuiltinProblem("this job has ended", word)
    was_stopped = isinstance(job.state, Stopped)
    send(shell.kernel, job, signum)
    if was_stopped and signum in (NUMBERS["TERM"], NUMBERS["HUP"]):
        send(shell.kernel, job, NUMBERS["CONT"])


def list_signals(shell: Shell, words: Sequence[Field]) -> int:
    """The names of all signals, or of those that numbers or statuses mean, or the numbers of names."""
    for word in words:
        status = small_number(word)
        known = number(word) if status is None else number(str(status & 0x7F))
        if known is None:
            raise UsageProblem(f"no signal is called {word}", word)
        shell.write(f"{known if status is None else NAMES[known]}\n")
    if not words:
        shell.write(" ".join(NAMES[signum] for signum in sorted(NAMES)) + "\n")
    return 0
