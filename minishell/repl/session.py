"""The interactive shell: read a line, run it, tell what became of jobs, and again.

What the user sees first is the prompt.  The editor, which takes a while to import, comes after it; what is
typed meanwhile waits in the terminal.
"""

from __future__ import annotations

import gc
import sys
import termios

from minishell import start
from minishell.errors import CommandNotRunnable, Interrupted, ShellExit
from minishell.ids import STDIN
from minishell.jobs.waiting import send
from minishell.kernel.signals import NUMBERS
from minishell.kernel.status import SIGNAL_STATUS, Stopped
from minishell.repl.prompt import continuation, plain, prompt
from minishell.repl.unfinished import is_unfinished
from minishell.run.lines import read_line
from minishell.run.script import read_script, run_text
from minishell.run.signals import deliver
from minishell.run.simple import expanded_variable
from minishell.source import Source

TYPE_CHECKING = False
if TYPE_CHECKING:
    from minishell.jobs.terminal import Terminal
    from minishell.repl.editor import Editor
    from minishell.shell import Shell


TIDY_CODES = ("?1047l", "?1l", "?25h", "?7h", "?1000l", "?1002l", "?1003l", "?1006l", "?2004l", "0m")
"""xterm control sequences: the normal screen, plain cursor keys, a cursor, wrapping lines, no mouse, no bracketed
paste, no colour."""


def can_edit(shell: Shell) -> bool:
    """Whether standard input is a terminal that can do what an editor needs, and lets us set its modes.

    It does not let those in its background whom nobody could continue.
    """
    if shell.variables.get("TERM", "dumb") == "dumb":
        return False
    try:
        shell.kernel.tcsetattr(STDIN, shell.kernel.tcgetattr(STDIN))
    except termios.error:
        return False
    return True


def interact(shell: Shell) -> int:
    """Run lines from the terminal until `exit` or Ctrl-D.  Returns the status to exit with."""
    paint_first_prompt(shell)
    read_environment_file(shell)
    editor = import_editor()(shell)
    shell.advise = lambda name: did_you_mean(shell, name)
    try:
        while True:
            line = editor.read_line()
            if line is None:
                leave_at_end_of_input(shell, editor)
            elif line.strip():
                run_line(shell, line)
            prepare_prompt(shell, edits=True)
    except ShellExit as leaving:
        return leaving.status
    finally:
        editor.close()
        end_jobs(shell, editor.hung_up)


def read_environment_file(shell: Shell) -> None:
    """Run the file that ENV names, as each interactive shell does first.  POSIX.1-2024 XCU 2.5.3."""
    path = expanded_variable(shell, "ENV")
    if not path:
        return
    try:
        text = read_script(shell, path)
    except (OSError, CommandNotRunnable):
        return  # as POSIX has it: a file that cannot be read is passed over
    try:
        run_text(shell, Source(path, text))
    except Interrupted:
        pass


def import_editor() -> type[Editor]:
    """The editor's class.  Importing it takes ten times as long as all before: nothing needless is done meanwhile."""
    gc.disable()  # importing makes no garbage
    sys.modules["ssl"] = None  # type: ignore[assignment]  # asyncio does without it, and is 5 ms sooner there
    from minishell.repl.editor import Editor

    del sys.modules["ssl"]
    gc.freeze()
    gc.enable()
    return Editor


def interact_without_editor(shell: Shell) -> int:
    """`minishell -i` with its input from a pipe or a file: prompts go to standard error, lines come as they are."""
    while True:
        shell.complain(plain(prompt(shell)))
        try:
            text = read_command(shell)
        except Interrupted as interruption:
            shell.status = interruption.status
            continue
        if not text:
            return shell.status
        run_line(shell, text)
        prepare_prompt(shell, edits=False)


def read_command(shell: Shell) -> str:
    """A line, and as many more as it asks for; "" at the end of the input.  Raises Interrupted."""
    shell.reads = True
    try:
        text = line = read_line(shell.kernel)
        while line and is_unfinished(text):
            shell.complain(continuation(shell))
            line = read_line(shell.kernel)
            text += line
        return text
    finally:
        shell.reads = False


def paint_first_prompt(shell: Shell) -> None:
    """Something to type at, at once, if the launcher has not painted it.

    From here on the terminal is in the editor's modes, so nothing echoes twice.
    """
    if shell.terminal is None or shell.variables.get("TERM", "dumb") == "dumb":
        return
    begin_editing(shell.terminal)
    if not start.painted:
        shell.terminal.write(f"{plain(prompt(shell))}\r")


def begin_editing(terminal: Terminal) -> None:
    """Put the terminal into the modes in which lines are edited: nothing is echoed any more."""
    from minishell.repl.modes import editing_modes

    terminal.set_modes(editing_modes(terminal.modes))


def prepare_prompt(shell: Shell, *, edits: bool) -> None:
    """Start a line, tell what has happened to jobs, run traps, and let go of keys that were meant for a command."""
    start_line(shell, edits=edits)
    shell.jobs.poll(shell.kernel)
    for line in shell.jobs.notices() + shell.lost_observers():
        shell.complain(f"{line}\n")
    trapped = any(shell.traps.get(signum) for signum in shell.pending)
    if trapped and shell.terminal is not None:
        shell.terminal.set_modes(shell.terminal.modes)  # the actions are commands
    try:
        deliver(shell)
    except Interrupted:
        pass
    if trapped:
        start_line(shell, edits=edits)  # after whatever the actions have written
    shell.pending[:] = [signum for signum in shell.pending if shell.traps.get(signum)]


def start_line(shell: Shell, *, edits: bool) -> None:
    """Go to the first column, without overwriting what a command has left there: zsh's trick.

    A mark and blanks up to the width of the screen: from the first column they stay on its line, from any other
    they go on to the next.  Before an editor's prompt nothing is echoed from here on: keys pressed in this moment
    would put the notices and the prompt behind themselves.
    """
    if shell.terminal is None:
        return
    if edits:
        begin_editing(shell.terminal)
    columns, rows = shell.terminal.size()
    for name, value in (("COLUMNS", columns), ("LINES", rows)):
        if name not in shell.variables.readonly:
            shell.variables.set(name, str(value))
    if shell.variables.get("TERM", "dumb") != "dumb":
        shell.terminal.write(f"\x1b[7m%\x1b[0m{' ' * (columns - 1)}\r\x1b[K")


def run_line(shell: Shell, line: str) -> None:
    """Run what was typed.  Whatever goes wrong, the next prompt comes."""
    from minishell.repl.verbs import with_quotes

    warned = shell.exit_warned
    line = with_quotes(line)
    source = Source("typed", line if line.endswith("\n") else f"{line}\n")
    try:
        run_text(shell, source)
    except Interrupted as interruption:
        shell.status = interruption.status
    if shell.status > SIGNAL_STATUS:
        tidy_screen(shell)
    if warned:
        shell.exit_warned = False  # only a second `exit` right after the first one leaves


def did_you_mean(shell: Shell, name: str) -> str:
    """What to say to somebody who has typed the name of no command."""
    from minishell.builtins.registry import HOMES
    from minishell.repl.programs import Programs
    from minishell.repl.suggestion import near_miss

    near = near_miss(name, {*HOMES, *Programs(shell).names()})
    return f"did you mean {near}?" if near else ""


def tidy_screen(shell: Shell) -> None:
    """A program that was killed could not undo what it had asked of the terminal; this is harmless if it had."""
    if shell.terminal is not None and shell.variables.get("TERM", "dumb") != "dumb":
        shell.terminal.write("".join(f"\x1b[{code}" for code in TIDY_CODES) + "\x1b>")


def leave_at_end_of_input(shell: Shell, editor: Editor) -> None:
    """Ctrl-D on an empty line: as `exit`, with its warning; at once if the terminal is gone.  Raises ShellExit."""
    if editor.hung_up:
        raise ShellExit(128 + NUMBERS["HUP"])
    if "ignoreeof" in shell.options:
        shell.complain('use "exit" to leave the shell\n')
        return
    shell.complain("exit\n")
    run_line(shell, "exit")


def end_jobs(shell: Shell, hung_up: bool) -> None:
    """Tell the jobs that the shell leaves: the stopped ones, for nobody could continue them, and if the terminal
    is gone all of them.  SIGCONT lets a stopped job act upon its SIGHUP."""
    shell.jobs.poll(shell.kernel)
    for job in {job for job, _ in shell.jobs.by_pid.values()}:
        if not job.disowned and (hung_up or isinstance(job.state, Stopped)):
            try:
                send(shell.kernel, job, NUMBERS["HUP"])
                send(shell.kernel, job, NUMBERS["CONT"])
            except PermissionError:  # it runs as somebody else: sudo
                pass
