"""Doing nothing, ending, becoming another program, reading another file."""

from __future__ import annotations

from minishell.builtins.registry import builtin
from minishell.errors import CommandNotFound, CommandNotRunnable, Return, ShellExit, UsageProblem
from minishell.ids import small_number
from minishell.kernel.signals import NUMBERS

TYPE_CHECKING = False
if TYPE_CHECKING:
    import signal as _signal
    from collections.abc import Callable, Sequence
    from typing import NoReturn

    from minishell.shell import Shell
    from minishell.source import Field
    from minishell.syntax.tree import Word
else:
    import _signal


def always_successful(words: Sequence[Word]) -> Callable[[Shell], int | None]:
    """Words that cannot change need not be looked at."""
    if all(word.plain() is not None for word in words):
        return lambda shell: 0
    return lambda shell: None


@builtin(":", usage=": [word ...]", special=True, prepare=always_successful)
def colon(shell: Shell, words: Sequence[Field]) -> int:
    """Do nothing, successfully.

    Its words are expanded and its redirections made all the same.  POSIX.1-2024 XCU colon.
    """
    return 0


@builtin("true", usage="true", prepare=always_successful)
def true(shell: Shell, words: Sequence[Field]) -> int:
    """Do nothing, successfully.

    There is a program of this name too; the builtin saves a process.  POSIX.1-2024 XCU true.
    """
    return 0


@builtin("false", usage="false")
def false(shell: Shell, words: Sequence[Field]) -> int:
    """Do nothing, unsuccessfully: the status is 1.

    There is a program of this name too; the builtin saves a process.  POSIX.1-2024 XCU false.
    """
    return 1


@builtin("exit", usage="exit [status]", special=True, no_options=True)
def exit(shell: Shell, words: Sequence[Field]) -> int:
    """End the shell with `status`, or with that of the last command; in a trap, of the one before the trap.

    A builtin because a child could end only itself.  An interactive shell first warns of stopped jobs, which
    would be lost; a second `exit` right after the first ends it.  In `( … )` it ends the subshell.
    POSIX.1-2024 XCU exit.
    """
    if len(words) > 1:
        raise UsageProblem("exit takes one status", words[1])
    last = shell.status if shell.status_before_trap is None else shell.status_before_trap
    status = number(words[0]) if words else last
    if shell.interactive and not shell.exit_warned and has_stopped_jobs(shell):
        shell.complain("There are stopped jobs.\n")
        shell.exit_warned = True
        return 1
    raise ShellExit(status & 0xFF)


def number(word: Field) -> int:
    status = small_number(word)
    if status is None:
        raise UsageProblem(f"{word or 'nothing'} is not a status: 0 to 255", word)
    return status


def has_stopped_jobs(shell: Shell) -> bool:
    """Asked after a look at what has happened meanwhile: a background job that wants to read has just stopped."""
    from minishell.kernel.status import Stopped

    shell.jobs.poll(shell.kernel)
    return any(isinstance(job.state, Stopped) for job in shell.jobs.jobs.values())


@builtin("exec", usage="exec [command [argument ...]]", special=True, keeps_redirections=True, no_options=True)
def exec(shell: Shell, words: Sequence[Field]) -> int:
    """Become another program: the shell is gone, its process and its descriptors stay.

    Without a command, redirections change the shell itself: `exec 3<file` opens a file for good.
    POSIX.1-2024 XCU exec.
    """
    from minishell.builtins.options import split_options

    _, command = split_options(words, "")
    if not command:
        return 0
    try:
        replace(shell, command)
    except (CommandNotFound, CommandNotRunnable) as problem:
        if shell.interactive:
            raise
        from minishell.errors import report

        shell.complain(report(problem))
        raise ShellExit(problem.status) from None


def replace(shell: Shell, words: Sequence[Field]) -> NoReturn:
    """Become the program, with the terminal and the signals as it would find them anywhere.

    Raises CommandNotFound or CommandNotRunnable; then the shell has them as before.
    """
    from minishell.run.launch import become, default_signals
    from minishell.run.lookup import find
    from minishell.run.plan import Program

    program = Program(find(shell, words[0]), tuple(map(str, words)), shell.variables.environment(), words[0].span)
    if shell.terminal is not None:
        shell.terminal.leave()
    before = [(signum, shell.kernel.sigaction(signum, _signal.SIG_DFL)) for signum in default_signals(shell)]
    if shell.traps.get(NUMBERS["CHLD"]) == "":
        before.append((NUMBERS["CHLD"], shell.kernel.sigaction(NUMBERS["CHLD"], _signal.SIG_IGN)))
    traps, shell.traps = shell.traps, {}  # a file of text is run by this very process
    try:
        become(shell, program)
    except CommandNotRunnable:
        shell.traps = traps
        for signum, action in before:
            shell.kernel.sigaction(signum, action)
        if shell.terminal is not None:
            shell.terminal.own()
            shell.terminal.set_modes(shell.terminal.modes)
        raise


@builtin(".", usage=". file", special=True, no_options=True)
def dot(shell: Shell, words: Sequence[Field]) -> int:
    """Run the commands of a file in this shell.

    A builtin because a child could not change this shell's variables.  A name without a slash is looked for
    in PATH.  POSIX.1-2024 XCU dot.
    """
    from minishell.run.script import file_to_run, run_text

    if len(words) != 1:
        raise UsageProblem(". takes the name of one file", words[1] if words else None)
    source = file_to_run(shell, words[0])
    shell.calls += 1
    try:
        return run_text(shell, source)
    except Return as leaving:
        return leaving.status
    finally:
        shell.calls -= 1
