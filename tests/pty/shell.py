"""A shell on a pseudo-terminal: knows its prompt, types commands, and reads what they printed."""

from __future__ import annotations

import re
import shlex
import sys
from pathlib import Path

from tests.pty import processes
from tests.pty.terminal import Terminal

PROMPT = "READY> "
"""The prompt of every shell under test: PS1, which both minishell and bash take from the environment."""

PROGRAMS = Path(__file__).parent / "programs"
"""Small programs that do on purpose what job control has to cope with; on the PATH of every shell here."""

STARTS: dict[str, tuple[str, ...]] = {
    "minishell": (sys.executable, "-m", "minishell"),
    "bash": ("bash", "--norc", "--noprofile"),
}
"""How the shells are started when they are not interactive; add `-i` for the other way."""

SIGNS_OF_A_BUG = (
    "Traceback (most recent call last)",
    "Exception ignored",
    "Error in atexit",
    "Unhandled exception",
)
"""What Python writes when a program did not expect what happened. No test's screen may show one."""


class Shell(Terminal):
    """An interactive shell, from its first prompt on."""

    # -- typing commands

    def run(self, command: str) -> str:
        """Type a command, wait for the next prompt, and give the lines in between."""
        first = self.enter(command) + 1
        self.prompt()
        lines = self.picture.text().split("\n")[: self.picture.line_number()]
        return "\n".join(lines[max(first, behind(self.rows(PROMPT + command), lines)) :])

    def start(self, command: str) -> int:
        """Start a foreground job, and give its process group once it owns the terminal."""
        self.enter(command)
        return self.until(self.foreground_job, f"{command!r} to own the terminal")

    def rows(self, text: str) -> list[str]:
        """The rows of the screen that a typed text fills."""
        columns = self.picture.columns
        return [text[at : at + columns].rstrip() for at in range(0, len(text), columns)]

    def enter(self, command: str) -> int:
        """Type a command and press Enter; the number of the line on which it stands."""
        self.type(command)
        line = self.picture.line_number()
        self.keys("Enter")
        return line

    def type(self, text: str) -> None:
        """Type at the prompt, and wait until the text stands before the cursor."""
        self.send(text)
        self.until(lambda: self.line().endswith(text), f"the typed text {text!r}")

    def drop_line(self) -> None:
        """Press Ctrl-C at the prompt, and wait until what was typed there is gone."""
        self.type("dropped")
        self.keys("C-c")
        self.prompt()

    def last_status(self) -> int:
        """What `$?` says; the end of a job may be told on the lines beside it."""
        (status,) = re.findall(r"^\d+$", self.run('echo "$?"'), re.MULTILINE)
        return int(status)

    # -- looking

    def prompt(self) -> None:
        """Wait until the shell asks for a command."""
        self.until(self.at_prompt, "the prompt")

    def at_prompt(self) -> bool:
        """Whether the cursor stands right behind an empty prompt."""
        return self.shows(PROMPT) and self.foreground() == self.pid

    def line(self) -> str:
        """What stands between the last prompt and the cursor, on one or several lines of the screen.

        Nothing while it is being drawn, or while the terminal echoes: what is typed then has not been read yet.
        """
        text = self.before_cursor()
        if self.picture.cursor.hidden or "ICANON" in self.modes().on():
            return ""
        for number in range(self.picture.cursor.y - 1, -1, -1):
            if text.startswith(PROMPT):
                break
            text = self.picture.row(number) + text
        return text.removeprefix(PROMPT)

    def foreground_job(self) -> int:
        """The process group that owns the terminal; 0 while that is the shell's own."""
        owner = self.foreground()
        return 0 if owner == self.pid else owner

    def waits(self) -> bool:
        """Whether the shell has taken the typed line and sleeps over it, with nothing printed yet."""
        taken = self.before_cursor() == "" and "ICANON" in self.modes().on()
        return taken and processes.state(self.pid) == "S" and not processes.waits_for_observer(self.pid)

    # -- jobs as the kernel sees them

    def background(self, command: str) -> int:
        """Start `command &`; the pid that the shell prints behind the job's number, which is also its `$!`."""
        told = re.search(r"^\[\d+\] (\d+)$", self.run(f"{command} &"), re.MULTILINE)
        assert told, f"no job number and pid after `{command} &`:\n{self.report()}"
        return int(told[1])

    def until_state(self, pid: int, states: str) -> None:
        """Wait until a process is in one of the states (letters of ps; "" means gone)."""
        self.until(lambda: processes.state(pid) in states, f"process {pid} to be in state {states!r}")

    def until_gone(self, *pids: int) -> None:
        self.until(lambda: not any(map(processes.alive, pids)), f"the end of {pids}")

    def until_runs(self, pid: int, program: str) -> None:
        """Wait until a new child has become the program, and waits for something itself."""
        self.until(lambda: processes.is_settled(pid, program), f"process {pid} to run {program}")


def behind(typed: list[str], lines: list[str]) -> int:
    """The line behind the last place where the typed rows stand; 0 if they stand nowhere.

    A notice that arrives while somebody types goes above the typed line, which is painted once more below it.
    """
    for at in range(len(lines) - len(typed), -1, -1):
        if lines[at : at + len(typed)] == typed:
            return at + len(typed)
    return 0


def start_of(shell: str) -> tuple[str, ...]:
    """The words that start the shell: one of those known by name, or a path."""
    return STARTS.get(shell, (shell,))


def command_line(shell: str) -> str:
    """How to start the shell from within another one."""
    return shlex.join(start_of(shell))


def clean_environment(home: Path) -> dict[str, str]:
    """Nothing of the caller's, so that a test means the same everywhere."""
    return {
        "HOME": str(home),
        "INPUTRC": "/dev/null",
        "LANG": "C.UTF-8",
        "PATH": f"{PROGRAMS}:{Path(sys.executable).parent}:/usr/local/bin:/usr/bin:/bin",
        "PS1": PROMPT,
        "PWD": str(home),
        "TERM": "xterm-256color",
        "XDG_CACHE_HOME": str(home / ".cache"),
        "XDG_CONFIG_HOME": str(home / ".config"),
        "XDG_DATA_HOME": str(home / ".local/share"),
        "XDG_STATE_HOME": str(home / ".local/state"),
    }
