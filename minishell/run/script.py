"""Run commands from a text, one complete command after another, until it ends.  POSIX.1-2024 XCU sh, 2.1."""

from __future__ import annotations

from minishell.errors import (
    BuiltinProblem,
    CommandNotRunnable,
    Interrupted,
    LoopControl,
    OnlyRead,
    Return,
    ShellError,
    ShellExit,
    report,
)
from minishell.run.commands import run
from minishell.run.signals import deliver, run_trap
from minishell.run.simple import tell
from minishell.source import Field, Source, Span
from minishell.syntax.parser import End, Parser, Unfinished

TYPE_CHECKING = False
if TYPE_CHECKING:
    import os as posix
    from collections.abc import Callable
    from typing import NoReturn

    from minishell.run.plan import Program
    from minishell.shell import Shell
    from minishell.syntax.lexer import More
    from minishell.syntax.tree import Command
else:
    import posix


def run_text(shell: Shell, source: Source, more: More | None = None, last: bool = False) -> int:
    """Run all commands of `source`, which `more` may lengthen line by line; returns the last status, 0 if none ran.

    Each command is parsed only when it is its turn: those before a syntax error have been run.  `last`: this
    process has nothing to do after the final command.
    """
    parser = Parser(source, more, aliases=shell.aliases)
    empty = True
    while True:
        if more is not None and parser.at_end():  # what has been run need not be kept
            source = Source(source.name, "", source.line_number(len(source.text)))
            parser = Parser(source, more, aliases=shell.aliases)
        start = parser.place
        try:
            command = parser.next()
            if "verbose" in shell.options:
                shell.complain(source.text[start : parser.place])
            if isinstance(command, Unfinished):
                raise command.problem()
            if isinstance(command, End):
                break
            empty = False
            if "trace" in shell.options and shell.sidecar is None:
                from minishell.run.watch import told

                told(shell, lambda: run(shell, command))  # noqa: B023 - it is called at once
            elif not shell.only_reads:
                run(shell, command, last and more is None and parser.at_end())
        except OnlyRead:
            continue
        except EXHAUSTED as failure:
            return given_up(shell, exhausted(failure, Span(source, start, start + 1)))
        except ShellError as problem:
            return given_up(shell, problem)
    if empty:
        shell.status = 0
    if shell.pending:
        deliver(shell)
    if shell.only_reads:
        raise ShellExit(shell.status)
    return shell.status


def given_up(shell: Shell, problem: ShellError) -> int:
    """Tell the problem that has ended a command; it ends a shell that is not interactive."""
    shell.status = problem.status
    shell.complain(report(problem, shell.typed))
    if shell.interactive:
        return shell.status
    raise ShellExit(problem.status) from None


EXHAUSTED = (RecursionError, MemoryError, OSError, ImportError)


def exhausted(failure: Exception, span: Span | None = None) -> ShellError:
    """What the shell itself has run out of.  Its modules are read when they are needed: that takes descriptors."""
    match failure:
        case RecursionError():
            return ShellError("functions, eval, . and traps call each other too deep", span)
        case MemoryError():
            return ShellError("there is not enough memory for this", span)
        case OSError(strerror=str(reason)):
            return ShellError(f"the shell cannot do this: {reason}", span)
    return ShellError(f"the shell cannot do this: {failure}", span)


def run_shell(shell: Shell, body: Callable[[], int]) -> int:
    """Run a whole shell, or subshell: `body`, then the EXIT trap.  Returns the status to exit with."""
    shell.capture = capture
    try:
        status = body()
    except (ShellExit, Interrupted, Return) as leaving:  # `return` in a subshell of a function leaves the subshell
        status = leaving.status
    except LoopControl:  # so does `break` in a subshell of a loop
        status = 0
    except EXHAUSTED as failure:
        status = tell(shell, exhausted(failure))
    except ShellError as problem:
        status = tell(shell, problem)
    shell.status = status
    action = shell.traps.pop(0, "")
    if action:
        try:
            run_trap(shell, 0, action)
        except ShellExit as leaving:
            status = leaving.status
    return status


def capture(shell: Shell, body: Command) -> bytes:
    """What the commands of a `$(…)` write: the hook through which words are expanded."""
    from minishell.run.substitution import capture

    return capture(shell, body)


def run_as_script(shell: Shell, program: Program) -> NoReturn:
    """Go on as a new shell that reads the file: the kernel does not know what it is.  POSIX.1-2024 XCU 2.9.1.6."""
    from minishell.shell import Shell as NewShell

    try:
        text = read_script(shell, program.path)
    except CommandNotRunnable as problem:
        problem.span = program.span
        raise
    new = NewShell(shell.kernel, program.env, name=program.path, arguments=program.argv[1:])
    new.find_builtin, new.ignored_at_start = shell.find_builtin, shell.ignored_at_start
    source = Source(program.path, text)
    raise ShellExit(run_shell(new, lambda: run_text(new, source, last=True)))


def file_to_run(shell: Shell, name: Field) -> Source:
    """The file that `. name` means, and its text.  Raises BuiltinProblem."""
    from minishell.run.lookup import candidates, reason

    paths = [str(name)] if "/" in name else list(candidates(shell, name))
    refusal: Exception = FileNotFoundError(2, "not found in PATH")
    for path in paths:
        try:
            return Source(path, read_script(shell, path))
        except FileNotFoundError as missing:
            refusal = missing if "/" in name else refusal
        except (OSError, ValueError) as problem:
            refusal = problem
    raise BuiltinProblem(f"{name}: {reason(refusal)}", name)


def read_script(shell: Shell, path: str) -> str:
    """The text of a script.  Raises OSError, and CommandNotRunnable if it is no text."""
    fd = shell.kernel.open(path, posix.O_RDONLY)
    try:
        data = b""
        while chunk := shell.kernel.read(fd, 65536):
            data += chunk
    finally:
        shell.kernel.close(fd)
    if b"\0" in data.partition(b"\n")[0]:
        raise CommandNotRunnable(f"{path}: is a binary file, not a script")
    return data.decode("utf-8", "surrogateescape")
