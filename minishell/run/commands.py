"""Run a tree: one function for each kind of node.  POSIX.1-2024 XCU 2.9."""

from __future__ import annotations

from minishell.builtins.registry import lookup
from minishell.errors import ShellError, ShellExit
from minishell.expand.words import fields
from minishell.jobs.table import Table
from minishell.jobs.waiting import wait_for
from minishell.run.pipeline import Stage, finish, pipe, start
from minishell.run.redirect import Redirected, actions
from minishell.run.signals import deliver, reset_in_subshell
from minishell.run.simple import expands_alone, external, raising, run_simple
from minishell.syntax.tree import AndOr, Background, Group, Pipeline, Sequence, Simple, Subshell

TYPE_CHECKING = False
if TYPE_CHECKING:
    from minishell.ids import Fd
    from minishell.run.launch import Body
    from minishell.shell import Shell
    from minishell.source import Span
    from minishell.syntax.tree import Command


def run(shell: Shell, command: Command, last: bool = False) -> int:
    """Run a command in this shell and return its status, which `$?` then has.

    `last`: this process has nothing to do afterwards, so a program may take its place without a fork.
    """
    if shell.pending:
        deliver(shell)
    match command:
        case Simple():
            status = run_simple(shell, command, last)
        case Pipeline():
            status = run_pipeline(shell, command)
        case AndOr():
            return run_and_or(shell, command, last)
        case Sequence():
            return run_sequence(shell, command, last)
        case Background():
            status = run_background(shell, command)
        case Group():
            return run_group(shell, command)
        case Subshell():
            status = finish(shell, start(shell, command, (stage(shell, command),), foreground=True))
    shell.status = status
    if status != 0 and "errexit" in shell.options and not shell.tested:
        raise ShellExit(status)
    return status


def run_pipeline(shell: Shell, node: Pipeline) -> int:
    """`a | b`: all stages at once; `! a`: the contrary of its status."""
    if node.negated:
        shell.tested += 1
    try:
        if len(node.commands) == 1:
            status = run(shell, node.commands[0])
        else:
            stages = [stage(shell, command) for command in node.commands]
            status = finish(shell, start(shell, node, stages, foreground=True))
    finally:
        shell.tested -= node.negated
    return int(status == 0) if node.negated else status


def run_and_or(shell: Shell, node: AndOr, last: bool) -> int:
    """`a && b || c`: each operator looks at the status so far.  A failure that is looked at is no failure."""
    status = tested(shell, node.first)
    for number, (operator, command) in enumerate(node.rest):
        if (status == 0) != (operator == "&&"):
            continue
        if number == len(node.rest) - 1:
            return run(shell, command, last)
        status = tested(shell, command)
    return status


def tested(shell: Shell, command: Command) -> int:
    """Run a command whose failure `set -e` does not count."""
    shell.tested += 1
    try:
        return run(shell, command)
    finally:
        shell.tested -= 1


def run_sequence(shell: Shell, node: Sequence, last: bool) -> int:
    for command in node.commands[:-1]:
        run(shell, command)
    return run(shell, node.commands[-1], last)


def run_group(shell: Shell, node: Group) -> int:
    """`{ …; }`: in this shell, with its descriptors changed for the time."""
    try:
        with Redirected(shell, actions(shell, node.redirects)):
            return run(shell, node.body)
    except ShellError as problem:
        if problem.fatal:
            raise
        from minishell.run.simple import tell

        shell.status = tell(shell, problem)
        return shell.status


def run_background(shell: Shell, node: Background) -> int:
    """`a &`: started, entered into the table, and not waited for."""
    inner = node.command
    commands = inner.commands if isinstance(inner, Pipeline) and not inner.negated else (inner,)
    shell.jobs.poll(shell.kernel)
    if not shell.interactive:
        shell.jobs.forget_ended()
    job = start(shell, inner, [stage(shell, command) for command in commands], foreground=False)
    shell.jobs.give_number(job)
    shell.last_background = job.processes[-1].pid
    if shell.interactive:
        shell.complain(f"[{job.number}] {shell.last_background}\n")
    return 0


def stage(shell: Shell, command: Command) -> Stage:
    """What one stage of a pipeline, a background command or a `$(…)` will do in its own process.

    A program whose words expand without side effect is planned here and now; all else is run by a copy of
    the shell, which is a subshell as POSIX.1-2024 XCU 2.13 defines it.
    """
    if isinstance(command, Simple) and expands_alone(command):
        try:
            words = fields(shell, command.words)
            if words and lookup(words[0]) is None:
                return external(shell, command, words)
        except ShellError as problem:
            return Stage(body=raising(problem))
    return Stage(body=subshell_body(shell, command))


def subshell_body(shell: Shell, command: Command) -> Body:
    def body() -> int:
        enter_subshell(shell)
        if isinstance(command, Subshell):
            with Redirected(shell, actions(shell, command.redirects)):
                return run(shell, command.body, last=True)
        return run(shell, command, last=True)

    return body


def enter_subshell(shell: Shell) -> None:
    """We are the copy: what belongs to the shell that was copied is not ours.

    The copy has no jobs, does not prompt, and leaves the terminal to the shell.
    """
    shell.subshell = True
    shell.options -= {"interactive", "monitor"}
    shell.terminal = None
    shell.jobs = Table()
    shell.waits_for_foreground = False
    reset_in_subshell(shell)


def capture(shell: Shell, body: Command, span: Span) -> bytes:
    """Run `$(body)` and return what it writes.

    Its processes stay in the group of the shell: Ctrl-C reaches both, and the line is given up.
    """
    read, write = pipe(shell)
    try:
        job = start(shell, body, (stage(shell, body),), foreground=True, output=write)
        shell.kernel.close(write)
        output = read_all(shell, read)
    finally:
        shell.kernel.close(read)
    shell.waits_for_foreground = True
    wait_for(shell.kernel, shell.jobs, job)
    shell.waits_for_foreground = False
    shell.jobs.forget(job)
    shell.substitution_status = shell.status = job.status()
    if shell.pending:
        deliver(shell)
    return output


def read_all(shell: Shell, fd: Fd) -> bytes:
    chunks = []
    while chunk := shell.kernel.read(fd, 65536):
        chunks.append(chunk)
    return b"".join(chunks)
