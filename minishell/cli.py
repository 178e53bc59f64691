"""The command line of `minishell`, and the way from it to a running shell.  POSIX.1-2024 XCU sh."""

from __future__ import annotations

import sys

from minishell.builtins.registry import lookup
from minishell.errors import CommandNotRunnable, ShellError, ShellExit, UsageProblem, report
from minishell.ids import STDERR, STDIN, STDOUT
from minishell.kernel.calls import Kernel
from minishell.record import record
from minishell.run.script import read_script, run_shell, run_text
from minishell.run.signals import prepare
from minishell.shell import Shell
from minishell.source import Source

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import NoReturn

HELP = """\
usage: minishell [-abCefhimnsuvx] [-o option] [--trace file] [-c line | file] [argument ...]

The shell that shows its work.  Without a file it reads commands from standard input; if that is a terminal
it prompts, edits lines and does job control.

  -c line   run this line; the first argument then is $0
  -i        interactive: prompt, even if standard input is no terminal
  -s        read standard input even though there are arguments
  -m        job control: each job in a process group of its own
  -e -u -x -f -C -n -a -b -v -o option
            as for the builtin set: minishell -c 'help set'
  --trace file
            watch all that is run, and write what each process did to the file, as JSON lines: when (t, in
            nanoseconds), pid, name (A, B, C), kind, cause (the part of the line), and the fields of the kind.
            The exit status is what it is without
  --help, --version

examples:
  minishell                                    work in it
  minishell -c 'ls | wc -l'                    run a line
  minishell -x script.sh one two               run a script, showing each command
  minishell --trace events -c 'ls | wc -l'     run a line, and have its system calls written down
  echo 'echo $0 "$@"' | minishell -s one two   read commands from a pipe
"""


@record
class Invocation:
    """What the command line asks for.  `file` None: standard input, unless there is a `line`."""

    options: frozenset[str]
    line: str | None
    file: str | None
    name: str
    arguments: tuple[str, ...]
    trace: str | None = None


def main(argv: Sequence[str] | None = None) -> NoReturn:
    """Run the shell that the command line asks for, and exit with its status."""
    kernel = Kernel()
    try:
        invocation = read_command_line(list(sys.argv[1:] if argv is None else argv))
        status = run(kernel, invocation)
    except ShellExit as leaving:
        status = leaving.status
    except UsageProblem as problem:
        kernel.write(STDERR, f"{report(problem)}help: minishell --help\n".encode("utf-8", "surrogateescape"))
        status = problem.status
    kernel._exit(status)  # all output has been written: nothing is left for Python to tidy up


def read_command_line(words: list[str]) -> Invocation:
    """The conventions of sh: options first, `-` or `--` ends them, `+x` switches off."""
    options: set[str] = set()
    wants_line, trace = False, None
    while words and words[0][:1] in ("-", "+") and len(words[0]) > 1:
        word = words.pop(0)
        if word == "--":
            break
        if word in ("--help", "--version"):
            say(word)
        if word == "--trace" or word.startswith("--trace="):
            trace = file_of_trace(word, words)
            continue
        for letter in word[1:]:
            if letter == "c":
                wants_line = True
            else:
                switch(options, word[0], letter, words)
    if words and words[0] == "-":
        words.pop(0)
    if wants_line and not words:
        raise UsageProblem("-c needs a line to run")
    line = words.pop(0) if wants_line else None
    file = words[0] if words and line is None and "stdin" not in options else None
    if line is not None or file is not None:
        name, arguments = (words[0], words[1:]) if words else ("minishell", [])
    else:
        name, arguments = "minishell", words
    return Invocation(frozenset(options), line, file, name, tuple(arguments), trace)


def file_of_trace(word: str, words: list[str]) -> str:
    """What stands behind `--trace=`, or in the next word."""
    path = word.removeprefix("--trace=") if "=" in word else words.pop(0) if words else ""
    if not path:
        raise UsageProblem("--trace needs a file to write to: minishell --trace events -c 'ls | wc -l'")
    return path


def switch(options: set[str], sign: str, letter: str, words: list[str]) -> None:
    from minishell.options import LETTERS, NAMES

    if letter == "o":
        name = words.pop(0) if words else ""
        if name not in NAMES:
            raise UsageProblem(f"there is no option called {name or 'nothing'}")
    elif letter in LETTERS:
        name = LETTERS[letter]
    else:
        raise UsageProblem(f"there is no option {sign}{letter}")
    if sign == "-":
        options.add(name)
    else:
        options.discard(name)


def say(word: str) -> NoReturn:
    """--help and --version."""
    if word == "--help":
        text = HELP
    else:
        from importlib.metadata import version

        text = f"minishell {version('minishell')}\n"
    Kernel().write(STDOUT, text.encode())
    raise ShellExit(0)


def run(kernel: Kernel, invocation: Invocation) -> int:
    """Make the shell, and let it read where the invocation says.  Returns its status."""
    shell = Shell(
        kernel,
        kernel.environ(),
        name=invocation.name,
        arguments=invocation.arguments,
        options=set(invocation.options),
    )
    reads_stdin = invocation.line is None and invocation.file is None
    if reads_stdin and kernel.isatty(STDIN) and kernel.isatty(STDERR):
        shell.options.add("interactive")
    if reads_stdin:
        shell.options.add("stdin")
    shell.find_builtin = lookup
    if shell.interactive:
        shell.options.add("notify")  # our editor can tell of jobs at once without disturbing the line
    prepare(shell)
    if shell.interactive or shell.monitor:
        start_job_control(shell)
    if invocation.trace is not None:
        start_trace(shell, invocation.trace)
    try:
        status = run_shell(shell, lambda: read_commands(shell, invocation))
    finally:
        if shell.terminal is not None:
            shell.terminal.leave()
    if shell.sidecar is not None:
        problem = shell.sidecar.ends(status)
        if problem:
            shell.complain(f"trace: {problem}\n")
    return status


def start_job_control(shell: Shell) -> None:
    """On the controlling terminal, which need not be standard input."""
    from minishell.jobs.terminal import open_terminal

    shell.terminal = open_terminal(shell.kernel)
    if shell.terminal is not None:
        shell.options.add("monitor")
    elif shell.interactive:
        shell.options.discard("monitor")
        shell.complain("minishell: there is no terminal to control: job control is off\n")


def start_trace(shell: Shell, path: str) -> None:
    """Watch this shell from here to its end; one that is typed at, line by line: its editor is nobody's subject."""
    from minishell.run.watch import create, watcher
    from minishell.trace.sinks import JsonLines

    try:
        fd = create(shell, path)
        lines = JsonLines(fd)
        lines.begin()
    except OSError as refusal:
        shell.complain(f"minishell: --trace: {path}: {refusal.strerror}: nothing was run\n")
        raise ShellExit(2) from None
    if shell.interactive:
        shell.trace_file = fd
        shell.options.add("trace")
    else:
        try:
            shell.sidecar = watcher(shell, lines)
        except ShellError as problem:
            shell.complain(report(problem))
            raise ShellExit(2) from None


def read_commands(shell: Shell, invocation: Invocation) -> int:
    if shell.interactive and (invocation.line is not None or invocation.file is not None):
        from minishell.repl.session import read_environment_file

        read_environment_file(shell)
    if invocation.line is not None:
        return run_text(shell, Source("-c", invocation.line), last=True)
    if invocation.file is not None:
        return run_text(shell, open_script(shell, invocation.file), last=True)
    if shell.interactive:
        from minishell.repl import session

        return session.interact(shell) if session.can_edit(shell) else session.interact_without_editor(shell)
    from minishell.run.lines import read_line

    return run_text(shell, Source("stdin", ""), lambda: read_line(shell.kernel))


def open_script(shell: Shell, path: str) -> Source:
    try:
        return Source(path, read_script(shell, path))
    except OSError as refusal:
        problem: ShellError = CommandNotRunnable(f"{path}: {refusal.strerror}")
        shell.complain(report(problem))
        raise ShellExit(127 if isinstance(refusal, FileNotFoundError) else 126) from None
    except CommandNotRunnable as problem:
        shell.complain(report(problem))
        raise ShellExit(problem.status) from None
