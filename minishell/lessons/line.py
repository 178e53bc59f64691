"""The picture of a line that minishell runs in the clean room.

`python -m minishell.lessons.line LINE FILE` is what runs in the room: a shell whose output goes to a file in memory,
as that of an observed script does, so that the picture says what was printed, and where: to standard output.
"""

import os
import shlex
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from minishell.lessons.normalise import paths
from minishell.lessons.run import Failed, steady, tail
from minishell.lessons.stage import play, room_for


@dataclass(frozen=True)
class Line:
    """One line that a page asks to be drawn.  `exit` is the status that it ends with."""

    lesson: Path
    text: str
    exit: int = 0
    timeout_s: float = 60.0


def picture(line: Line) -> str:
    """The picture, the same in two runs."""
    return steady(lambda: once(line))


def once(line: Line) -> str:
    """Run the line under the eyes of the observer, in a copy of the lesson's folder."""
    with room_for(line.lesson) as room:
        file = room.temporary / "picture.svg"
        outcome = play(
            room,
            [sys.executable, "-m", "minishell.lessons.line", line.text, room.inside(file)],
            seed=f"{line.lesson.name} {line.text}",
            env={name: os.environ[name] for name in ("PYTHONPATH",) if name in os.environ},
            time_limit_s=line.timeout_s,
        )
        said = outcome.output.decode("utf-8", "backslashreplace")
        if outcome.how != "ended":
            raise Failed(f"{line.text}: still running after {line.timeout_s:g} s\n{tail(said)}")
        status = os.waitstatus_to_exitcode(outcome.status)
        if status != line.exit:
            raise Failed(f"{line.text}: exit status {status}, expected {line.exit}\n{tail(said)}")
        drawn = paths(file.read_text(), room)
    from minishell.run.announce import LABEL  # imports the observer, which most pages do without

    if LABEL in drawn:
        raise Failed(f"{line.text}: it could not be observed here\n{tail(said)}")
    return drawn


def main(text: str, file: str) -> int:
    """Have minishell draw the line; then show what was said, and end as the line did."""
    from minishell.trace.names import FILE_SIGN

    output = os.memfd_create(f"{FILE_SIGN}output")
    command = f"picture -o {shlex.quote(file)} -- {shlex.quote(text)}"
    status = subprocess.run(["minishell", "-c", command], stdout=output, stderr=output, check=False).returncode
    os.lseek(output, 0, os.SEEK_SET)
    with os.fdopen(output, "rb") as said:
        sys.stdout.buffer.write(said.read())
    return status


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
