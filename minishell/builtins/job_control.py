"""jobs, fg, bg and disown: looking at jobs, and moving them between background and foreground."""

from __future__ import annotations

from minishell.builtins.options import split_options
from minishell.builtins.registry import builtin
from minishell.errors import BuiltinProblem
from minishell.ids import Pid
from minishell.jobs.job import words_for
from minishell.jobs.waiting import continue_job, wait_for, wait_in_foreground
from minishell.kernel.status import RUNNING, Stopped
from minishell.source import Field

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from minishell.jobs.job import Job
    from minishell.shell import Shell


@builtin("jobs", usage="jobs [-l | -p] [job ...]")
def jobs(shell: Shell, words: Sequence[Field]) -> int:
    """List the jobs and how they are doing: -l with each process, -p only the number of the first.

    `+` marks the current job, which `fg` takes, `-` the one after it.  A job that has ended is shown once.
    A builtin because only a parent is told about its children.  POSIX.1-2024 XCU jobs.
    """
    given, operands = split_options(words, "lp")
    shell.jobs.poll(shell.kernel)
    chosen = [shell.jobs.find(word) for word in operands] or shell.jobs.by_number()
    for job in chosen:
        shell.write(listing(shell, job, given))
        if given != "p":
            job.told = job.state
            shell.jobs.forget_if_ended(job)
    return 0


def listing(shell: Shell, job: Job, given: str) -> str:
    """The lines of one job."""
    if given.endswith("p"):
        return f"{job.group or job.processes[0].pid}\n"
    if not given:
        return f"{shell.jobs.line(job)}\n"
    head = f"[{job.number}]{shell.jobs.mark(job)} "
    lines = [
        f"{head if number == 0 else ' ' * len(head)}{process.pid:>6} {words_for(process.state):<24}"
        for number, process in enumerate(job.processes)
    ]
    return "\n".join([lines[0] + job.text, *map(str.rstrip, lines[1:])]) + "\n"


@builtin("fg", usage="fg [job]")
def fg(shell: Shell, words: Sequence[Field]) -> int:
    """Bring a job to the foreground: give it the terminal, continue it if it was stopped, and wait for it.

    A builtin because only the parent can wait, and only the terminal's owner can give it away.
    POSIX.1-2024 XCU fg.
    """
    from minishell.run.pipeline import outcome

    require_job_control(shell, words)
    _, operands = split_options(words, "")
    for job in chosen(shell, operands):
        shell.write(f"{job.text}\n")
        shell.jobs.use(job)
        if shell.terminal is not None:
            wait_in_foreground(shell.kernel, shell.jobs, shell.terminal, job, shell.pending, resume=True)
        else:
            continue_job(shell.kernel, job)
            wait_for(shell.kernel, shell.jobs, job, stops=True)
        shell.status = outcome(shell, job)
    return shell.status


@builtin("bg", usage="bg [job ...]")
def bg(shell: Shell, words: Sequence[Field]) -> int:
    """Continue stopped jobs in the background: they run, but do not get the keyboard.

    A builtin because jobs are known to the shell alone.  POSIX.1-2024 XCU bg.
    """
    require_job_control(shell, words)
    _, operands = split_options(words, "")
    for job in chosen(shell, operands):
        if isinstance(job.state, Stopped):
            shell.jobs.use(job)
            continue_job(shell.kernel, job)
        shell.write(f"[{job.number}] {job.text}\n")
    return 0


def require_job_control(shell: Shell, words: Sequence[Field]) -> None:
    if not shell.monitor:
        raise BuiltinProblem("there is no job control here", words[0] if words else None, help="set -m starts it")


def chosen(shell: Shell, operands: Sequence[Field]) -> list[Job]:
    """The jobs asked for, the current one if none is; those that have ended meanwhile cannot be continued."""
    shell.jobs.poll(shell.kernel)
    found = [shell.jobs.find(word) for word in operands or (Field("%+"),)]
    for job in found:
        if job.ended or job.group is None:
            why = "this job has ended" if job.ended else "this job was started without job control"
            raise BuiltinProblem(why, operands[found.index(job)] if operands else None)
    return found


@builtin("suspend", usage="suspend")
def suspend(shell: Shell, words: Sequence[Field]) -> int:
    """Stop this shell, as Ctrl-Z stops a job, and go back to the one that started it.

    A builtin because a child could stop only itself.  A login shell has nobody to go back to, and refuses.
    Not in POSIX; as in bash.
    """
    if shell.terminal is None:
        raise BuiltinProblem("there is no job control here")
    if shell.kernel.getsid(Pid(0)) == shell.kernel.getpid():
        raise BuiltinProblem("this shell leads its session: nobody could continue it")
    shell.terminal.suspend()
    return 0


@builtin("disown", usage="disown [job ...]")
def disown(shell: Shell, words: Sequence[Field]) -> int:
    """Forget jobs: no notices, no SIGHUP when the terminal goes away, and `exit` does not mind them.

    A builtin because the list of jobs is the shell's own.  Not in POSIX; as in bash and zsh.
    """
    _, operands = split_options(words, "")
    for job in [shell.jobs.find(word) for word in operands or (Field("%+"),)]:
        if job.state != RUNNING:
            shell.complain(f"minishell: job {job.number} is stopped: kill -CONT {-(job.group or 0)} continues it\n")
        job.disowned = True
        shell.jobs.forget(job)
    return 0
