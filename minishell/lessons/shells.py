"""A line that a page gives to shells: what minishell explains about it, and what it does in several of them."""

import os
import shlex
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from minishell.lessons.normalise import tidy
from minishell.lessons.run import Failed, end, require_namespace, tail, vet
from minishell.lessons.stage import Room, play, room_for

EXPLAIN_COLUMNS = 132  # an explanation is told in long lines; a page scrolls them
OURS = "minishell"


@dataclass(frozen=True)
class Line:
    """One line in the folder of a lesson."""

    lesson: Path
    text: str
    stdin: str | None = None
    env: dict[str, str] = field(default_factory=dict)
    timeout_s: float = 60.0
    width: int = 78

    @property
    def seed(self) -> str:
        """What the pids of its runs are derived from: the same in every shell."""
        return f"{self.lesson.name} {self.text}"


@dataclass(frozen=True)
class Answer:
    """What a shell printed, and the status it ended with."""

    output: str
    status: int


def explained(line: Line, view: str | None) -> str:
    """The dialogue: `explain` and the line, typed to minishell on a terminal, and what it tells."""
    require_namespace("explain")
    option = f"--{view} " if view else ""
    with room_for(line.lesson) as room:
        answer = run(
            line,
            room,
            [OURS, "-m", "-c", f"explain {option}-- {shlex.quote(line.text)}"],
            env={"NO_COLOR": "1", "COLUMNS": str(line.width)},
            columns=line.width,
        )
    if answer.status != 0:
        raise Failed(f"explain: exit status {answer.status}\n{tail(answer.output)}".rstrip())
    return vet(f"minishell$ explain {option}{line.text}\n{answer.output}", line.width)


def compared(line: Line, shells: Sequence[str]) -> dict[str, Answer]:
    """What minishell and each of `shells` do with the line, each in a room of its own."""
    answers = {}
    for shell in dict.fromkeys([OURS, *shells]):
        with room_for(line.lesson) as room:
            if not room.has(shell):
                raise Failed(f"{shell} is not installed here, and the page compares with it")
            answers[shell] = run(line, room, [shell, "-c", line.text], env=line.env)
    return answers


def comparison(line: Line, shells: Sequence[str]) -> str:
    """The answers as reStructuredText: one block for all shells that agree, under their names."""
    groups: dict[Answer, list[str]] = {}
    for shell, answer in compared(line, shells).items():
        groups.setdefault(answer, []).append(shell)
    blocks = (block(line, answer, names) for answer, names in groups.items())
    return "\n".join(blocks)


def block(line: Line, answer: Answer, names: Sequence[str]) -> str:
    """What some shells did, as a console block with their names above it."""
    typed = line.text.rstrip("\n").replace("\n", "\n> ")
    status = f"\n$ echo $?\n{answer.status}" if answer.status else ""
    text = vet(f"$ {typed}\n{answer.output}".rstrip() + status, line.width)
    body = "\n".join(f"   {row}".rstrip() for row in text.split("\n"))
    return f".. code-block:: console\n   :caption: {listed(names)}\n\n{body}\n"


def listed(names: Sequence[str]) -> str:
    """`a, b and c`."""
    return f"{', '.join(names[:-1])} and {names[-1]}" if len(names) > 1 else names[0]


def run(line: Line, room: Room, command: Sequence[str], *, env: dict[str, str], columns: int = 0) -> Answer:
    """Carry out one command for the line."""
    outcome = play(
        room,
        command,
        seed=line.seed,
        stdin=None if line.stdin is None else line.stdin.encode(),
        env=env,
        columns=columns,
        time_limit_s=line.timeout_s,
    )
    output = tidy(outcome.output, room)
    if outcome.how != "ended":
        raise Failed(f"{command[0]}: {end(outcome, line.timeout_s)}\n{tail(output)}".rstrip())
    status = os.waitstatus_to_exitcode(outcome.status)
    return Answer(output, status if status >= 0 else 128 - status)
