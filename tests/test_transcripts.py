"""Shell sessions with the output that they must have, in tests/transcripts.

A file is made of sessions, parted by blank lines; each runs in a shell of its own, in an empty directory.

    # What it shows.                       (comments stand before the first command)
    # bash: why this one differs here      (that shell does not run this session)
    $ false
    [status 1]
    $ cat <<end
    > a line
    > end
    a line
    $ exit 3
    [exit 3]

`$?` is 0 at the start of each command, for the status of the one before has been looked at.

A file whose first line is `# posix` holds what POSIX asks of every shell: standard output alone is compared, and
each shell that is installed runs it.  Other files hold what minishell says: each command is then the operand of
a `-c` of its own, and what it writes to standard error is compared as well.

`[no newline]` ends output that does not end in one.
"""

from __future__ import annotations

import re
from itertools import takewhile
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import pytest

from tests import shells

if TYPE_CHECKING:
    from collections.abc import Iterator

FOLDER = Path(__file__).parent / "transcripts"
POSIX = "# posix\n"
MARK = "\x1e"
"""Record separator: surrounds the status that is written after each command."""

NOTE = re.compile(rf"# ({'|'.join(shells.START)}): \S")
"""A comment that takes a shell out of a session, and says why."""


class Session(NamedTuple):
    """Commands, each with the lines that follow it in the transcript."""

    place: str
    posix: bool
    others: frozenset[str]
    commands: tuple[str, ...]
    expected: str


def sessions() -> Iterator[Session]:
    for file in sorted(FOLDER.glob("*.txt")):
        text = file.read_text()
        line_number = 1
        for block in text.split("\n\n"):
            session = read_session(f"{file.stem}:{line_number}", text.startswith(POSIX), block)
            if session.commands:
                yield session
            line_number += block.count("\n") + 2


def read_session(place: str, posix: bool, block: str) -> Session:
    """A block of a transcript, as it is written in the file."""
    lines = block.strip("\n").split("\n")
    comments = [*takewhile(lambda line: line.startswith("#"), lines)]
    rest = lines[len(comments) :]
    commands: list[str] = []
    for line in rest:
        if line.startswith("$ "):
            commands.append(line[2:])
        elif line == ">" or (line.startswith("> ") and commands):
            commands[-1] += f"\n{line[2:]}"
    others = frozenset(found[1] for comment in comments if (found := NOTE.match(comment)))
    return Session(place, posix, others, tuple(commands), "\n".join(rest) + "\n" if rest else "")


def cases() -> Iterator[object]:
    """Every session, with every shell that has to run it."""
    for session in sessions():
        for shell in shells.INSTALLED if session.posix else ("minishell",):
            if shell not in session.others:
                yield pytest.param(session, shell, id=f"{session.place}-{shell}")


@pytest.mark.parametrize(("session", "shell"), [*cases()])
def test_the_session_goes_as_written(session: Session, shell: str, tmp_path: Path) -> None:
    played = together(session, shell, tmp_path) if session.posix else one_by_one(session, tmp_path)
    assert played == session.expected


def together(session: Session, shell: str, directory: Path) -> str:
    """The transcript of one shell that runs all the commands, and marks where each ends.

    Marks are written to a copy of standard output, so that a command may redirect the shell's own.
    """
    mark = f'echo "{MARK}$?{MARK}" >&9'
    script = "".join(f"{command}\n{mark}\n" for command in session.commands)
    result = shells.run("-c", f"exec 9>&1\n{script}exit 0", shell=shell, directory=directory)
    output, *others = result.output.split(MARK)
    transcript = ""
    for number, command in enumerate(session.commands):
        ended = number >= len(others) // 2
        transcript += typed(command) + complete(output)
        if ended:
            return f"{transcript}[exit {result.status}]\n"
        transcript += told(others[2 * number])
        output = others[2 * number + 1].removeprefix("\n")
    return transcript + complete(output)


def one_by_one(session: Session, directory: Path) -> str:
    """The transcript of commands that each have a shell of their own."""
    transcript = ""
    for command in session.commands:
        result = shells.run("-c", command, directory=directory, merged=True)
        transcript += typed(command) + complete(result.output) + told(str(result.status))
    return transcript


def typed(command: str) -> str:
    first, *others = command.split("\n")
    return f"$ {first}\n" + "".join(f"> {line}".rstrip() + "\n" for line in others)


def complete(output: str) -> str:
    return output if output.endswith("\n") or not output else f"{output}\n[no newline]\n"


def told(status: str) -> str:
    return "" if status == "0" else f"[status {status}]\n"


def test_a_transcript_is_read_as_documented() -> None:
    block = "# What.\n# bash: because\n$ cat <<end\n> a\n> end\na\n$ false\n[status 1]"
    expected = "$ cat <<end\n> a\n> end\na\n$ false\n[status 1]\n"
    commands = ("cat <<end\na\nend", "false")
    assert read_session("x:1", True, block) == Session("x:1", True, frozenset({"bash"}), commands, expected)


def test_a_transcript_shows_what_a_shell_does(tmp_path: Path) -> None:
    session = Session("x:1", True, frozenset(), ("echo a; false", "echo 'b\nc'", "exit 3", "echo d"), "")
    shown = "$ echo a; false\na\n[status 1]\n$ echo 'b\n> c'\nb\nc\n$ exit 3\n[exit 3]\n"
    assert together(session, "minishell", tmp_path) == shown
