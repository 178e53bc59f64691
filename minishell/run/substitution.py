"""Command substitution: what the commands of a `$(…)` write.  POSIX.1-2024 XCU 2.6.3.

They run in a subshell, and a subshell is a process: a copy of the shell, made by fork, that cannot change the shell.
A script that asks for `$(echo $i)` a thousand times need not wait for a thousand copies, though: where all commands
are builtins and functions that change nothing but what can be put back, they are run here.  Nobody can tell the
difference, except by looking at the processes; so whoever looks (a debugger, strace, our own observer) and whoever
types sees the copy.
"""

from __future__ import annotations

import os

from minishell.errors import LoopControl, Return, ShellError, ShellExit
from minishell.jobs.waiting import wait_for
from minishell.run.commands import run
from minishell.run.pipeline import outcome, start_captured
from minishell.run.processes import stage
from minishell.run.signals import deliver
from minishell.run.simple import tell
from minishell.syntax.tree import AndOr, Case, For, Group, If, Pipeline, Sequence, Simple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

    from minishell.ids import Fd
    from minishell.kernel.calls import Kernel
    from minishell.shell import Shell
    from minishell.syntax.tree import Command

UNDONE = frozenset(
    (":", "[", "break", "continue", "echo", "exit", "false", "printf", "pwd", "return", "test", "true")
)
"""Builtins that change nothing outside of the shell's memory, and wait for nobody."""


def capture(shell: Shell, body: Command) -> bytes:
    """Run `$(body)` and return what it writes.

    Its status is kept for a command that has no other; `$?` is that of the last command in this shell.  XCU 2.5.2
    """
    if not shell.typed and not shell.monitor and can_be_undone(shell, body, ()) and not is_watched(shell):
        output, shell.substitution_status = in_this_process(shell, body)
    else:
        output, shell.substitution_status = in_a_copy(shell, body)
    if shell.pending:
        deliver(shell)
    return output


def in_a_copy(shell: Shell, body: Command) -> tuple[bytes, int]:
    """Its processes stay in the group of the shell: Ctrl-C reaches both, and the line is given up."""
    job, read = start_captured(shell, body, stage(shell, body))
    try:
        output = read_all(shell.kernel, read)
        wait_for(shell.kernel, shell.jobs, job)
    finally:
        shell.kernel.close(read)
    return output, outcome(shell, job)


def read_all(kernel: Kernel, fd: Fd) -> bytes:
    chunks = []
    while chunk := kernel.read(fd, 65536):
        chunks.append(chunk)
    return b"".join(chunks)


def in_this_process(shell: Shell, body: Command) -> tuple[bytes, int]:
    """Run the commands here, and put the shell's memory back as it was.  Signals wait until then."""
    before = dict(shell.__dict__)
    shell.variables, shell.arguments = shell.variables.copy(), list(shell.arguments)
    shell.options, shell.functions = set(shell.options), dict(shell.functions)
    shell.captured, shell.pending = [], []
    try:
        status = run(shell, body)
    except (ShellExit, Return) as leaving:
        status = leaving.status
    except LoopControl:
        status = 0
    except ShellError as problem:
        status = tell(shell, problem)
    finally:
        output, pending = b"".join(shell.captured), shell.pending
        shell.__dict__.update(before)
        shell.pending += pending
    return output, status


# Which commands can be undone


def can_be_undone(shell: Shell, body: Command, inside: tuple[str, ...]) -> bool:
    """Whether nothing but the shell's own memory changes; `inside` are the functions that are being looked at."""
    names = names_in(body)
    return names is not None and all(
        name not in inside and can_be_undone(shell, shell.functions[name].body, (*inside, name))
        if name in shell.functions
        else name in UNDONE
        for name in names
    )


def names_in(command: Command) -> frozenset[str] | None:
    """The commands that a tree names; None: something in it needs a process, or could go on for ever."""
    if "names" not in command.__dict__:
        command.__dict__["names"] = find_names(command)
    names: frozenset[str] | None = command.__dict__["names"]
    return names


def find_names(command: Command) -> frozenset[str] | None:
    match command:
        case Simple(_, (first, *_), ()) if (name := first.plain()) is not None:
            return frozenset((name,))
        case Simple(_, (), ()):
            return frozenset()
        case Sequence(commands) | Pipeline((_,) as commands, True):
            return together(commands)
        case AndOr(first, rest):
            return together([first, *(each for _, each in rest)])
        case Group(body, ()) | For(_, _, body, ()):
            return names_in(body)
        case If(branches, otherwise, ()):
            parts = [part for branch in branches for part in branch]
            return together([*parts, otherwise] if otherwise else parts)
        case Case(_, items, ()):
            return together([item.body for item in items if item.body])
    return None


def together(commands: Iterable[Command]) -> frozenset[str] | None:
    result: frozenset[str] = frozenset()
    for command in commands:
        names = names_in(command)
        if names is None:
            return None
        result |= names
    return result


def is_watched(shell: Shell) -> bool:
    """Whether another process traces this one (proc_pid_status(5), TracerPid): it then sees what the manuals say."""
    if shell.sidecar is not None:
        return True
    if shell.watched is None:
        try:
            fd = shell.kernel.open("/proc/self/status", os.O_RDONLY)
        except OSError:
            shell.watched = False
        else:
            shell.watched = b"\nTracerPid:\t0\n" not in read_all(shell.kernel, fd)
            shell.kernel.close(fd)
    return shell.watched
