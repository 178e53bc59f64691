"""Run one example and vouch for it: it ended exactly as the page says, twice, with the same text."""

import difflib
import itertools
import json
import os
import re
import shlex
import signal as signals
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from minishell.lessons.normalise import paths, tidy
from minishell.lessons.stage import LEARNER, USERS, Outcome, Refused, Room, namespace, play, room_for

TAIL_LINES = 12
MAPPED_ROOT = "mapped-root"
BECOME_MAPPED_ROOT = ("unshare", "--user", "--map-root-user")
OBSERVER_GRACE_S = 30.0
OBSERVED_BYTES = 64 << 20
DIFF_LINES = 24
DIFF_COLUMNS = 120
TRACEBACK_LINE = re.compile(r'File "[^"]*/([^"/]+)", line (\d+)')
FENCES = ("{{{cog", "}}}", "{{{end}}}")


class Failed(Exception):
    """An example did not do what its page promises; the text says what it did instead."""


class Unstable(Failed):
    """Two runs of an example gave different texts."""


@dataclass(frozen=True)
class Example:
    """One run that a page asks for: `args` is what follows `python3`, in the lesson's folder."""

    lesson: Path
    args: str
    exit: int = 0
    signal: str | None = None  # the name of the signal that ends it, such as "SIGALRM"
    stdin: str | None = None
    env: dict[str, str] = field(default_factory=dict)
    timeout_s: float = 60.0
    width: int = 78
    pty: bool = False
    as_user: str = LEARNER

    def __post_init__(self) -> None:
        if self.as_user not in USERS and self.as_user != MAPPED_ROOT:
            raise ValueError(f"as_user={self.as_user!r}: there are {', '.join(USERS)} and {MAPPED_ROOT}")

    @property
    def user(self) -> str:
        """The user of the first process."""
        return LEARNER if self.as_user == MAPPED_ROOT else self.as_user

    @property
    def command(self) -> list[str]:
        """The command as it is carried out."""
        return [*(BECOME_MAPPED_ROOT if self.as_user == MAPPED_ROOT else ()), "python3", *shlex.split(self.args)]

    @property
    def typed(self) -> str:
        """The command as the page shows it."""
        return " ".join([*self.command[: -len(shlex.split(self.args))], self.args])

    @property
    def prompt(self) -> str:
        """The prompt of a POSIX shell: `#` says that it is root's."""
        return "#" if self.as_user == "root" else "$"

    @property
    def seed(self) -> str:
        """What the pids of its runs are derived from."""
        return f"{self.lesson.name} {self.args}"


@dataclass(frozen=True)
class Observed:
    """What the observer saw: the picture, the story, and the events as JSON lines.

    `status` is the exit status, or the negated number of the signal that ended the script.
    """

    status: int
    svg: str
    story: list[str]
    events: list[str]


def transcript(example: Example) -> str:
    """What the reader sees: the command, its output, and its status unless that is 0."""
    status = f"\n\n{example.prompt} echo $?\n{shell_status(example)}" if shell_status(example) else ""
    output = steady(lambda: once(example))
    return f"{example.prompt} {example.typed}\n\n{vet(output, example.width)}".rstrip() + status


def steady(run: Callable[[], str]) -> str:
    """The text of two runs that agree."""
    first, second = run(), run()
    if first != second:
        raise Unstable(f"unstable: two runs differ\n{differences(first, second)}")
    return first


def differences(first: str, second: str) -> str:
    """The first differing lines, as a diff."""
    texts = (first.split("\n"), second.split("\n"))
    diff = difflib.unified_diff(*texts, "run 1", "run 2", n=0, lineterm="")
    return "\n".join(f"    {line[:DIFF_COLUMNS]}" for line in itertools.islice(diff, DIFF_LINES))


def once(example: Example) -> str:
    """Run the example and return its tidy output.  Raises `Failed` unless it ends as expected."""
    with room_for(example.lesson, example.user) as room:
        outcome, pids = perform(example, room)
        output = tidy(outcome.output, room, pids=pids, seed=example.seed)
    expected, actual = expected_end(example), end(outcome, example.timeout_s)
    if actual != expected:
        report = f"{tail(output)}{blame(output)}".rstrip()
        raise Failed(f"{example.typed}: {actual}, expected {expected}\n{report}")
    return output


def perform(example: Example, room: Room) -> tuple[Outcome, list[int]]:
    """Run the example where its pids can be chosen; else observed, so that they are known and can be renamed."""
    if example.pty or example.as_user != LEARNER:
        require_namespace("pty=True" if example.pty else f"as_user={example.as_user!r}")
    if not namespace():
        seen = ask("run", example, room)
        return Outcome(seen["how"], seen["status"], seen["output"].encode("latin-1")), seen["pids"]
    outcome = play(
        room,
        example.command,
        user=example.user,
        seed=example.seed,
        stdin=None if example.stdin is None else example.stdin.encode(),
        env=terminal_env(example.width) | example.env if example.pty else example.env,
        columns=example.width if example.pty else 0,
        time_limit_s=example.timeout_s,
    )
    return outcome, []


def require_namespace(what: str) -> None:
    """Refuse where pids cannot be chosen and `what` could not be observed instead."""
    if not namespace():
        raise Refused(f"{what} needs a pid namespace, which unshare was refused (minishell-class doctor)")


def terminal_env(columns: int) -> dict[str, str]:
    """What the environment says about the terminal."""
    return {"COLUMNS": str(columns)}


def end(outcome: Outcome, limit_s: float) -> str:
    """How a run ended, in words."""
    if outcome.how == "late":
        return f"still running after {limit_s:g} s"
    if outcome.how == "flood":
        return "more output than a page can take"
    if os.WIFSIGNALED(outcome.status):
        return f"killed by {signals.Signals(os.WTERMSIG(outcome.status)).name}"
    return f"exit status {os.WEXITSTATUS(outcome.status)}"


def expected_end(example: Example) -> str:
    """The end that the page promises, in the words of `end`."""
    return f"killed by {example.signal}" if example.signal else f"exit status {example.exit}"


def shell_status(example: Example) -> int:
    """`$?` after the example: 128 + n for signal n, as POSIX shells show it."""
    return 128 + signals.Signals[example.signal] if example.signal else example.exit


def vet(text: str, width: int) -> str:
    """Refuse what would break the page: cog's own markers, and lines that do not fit."""
    for fence in FENCES:
        if fence in text:
            raise Failed(f"the output holds cog's marker {fence!r}")
    for line in text.split("\n"):
        if len(line) > width:
            raise Failed(f"a line of {len(line)} columns does not fit into {width}: {line[:width]}…")
    return text


def tail(output: str) -> str:
    """The last lines of the output, set off by a bar."""
    return "".join(f"    | {line}\n" for line in output.split("\n")[-TAIL_LINES:])


def blame(output: str) -> str:
    """`  at script.py:3` if the output ends in a traceback."""
    places = TRACEBACK_LINE.findall(output)
    return "  at {}:{}\n".format(*places[-1]) if places else ""


def observe(example: Example) -> Observed:
    """Watch a controlled run of the example."""
    with room_for(example.lesson, example.user) as room:
        answer = ask("picture", example, room)
    output = answer.pop("output")
    seen = Observed(**answer)
    expected = -signals.Signals[example.signal] if example.signal else example.exit
    if seen.status != expected:
        report = f"{example.typed}: observed, it ended with {seen.status}, expected {expected}\n{blame(output)}"
        raise Failed(report.rstrip())
    return seen


@dataclass(frozen=True)
class Traced:
    """A run whose every event was written down.

    `how`: "ended", or why it was killed.  `status` as in `Observed`.
    """

    how: str
    status: int
    output: str
    events: list[str]


def trace(example: Example) -> Traced:
    """Watch a controlled run of the example, however it ends."""
    with room_for(example.lesson, example.user) as room:
        return Traced(**ask("trace", example, room))


def ask(wanted: Literal["picture", "run", "trace"], example: Example, room: Room) -> dict[str, Any]:
    """Have the example observed in a process of its own; with chosen pids, whose width is in `writes 68 bytes`."""
    request = {
        "wanted": wanted,
        "args": shlex.split(example.args),
        "cwd": room.inside(room.folder),
        "env": room.environment | example.env,
        "stdin": example.stdin,
        "timeout_s": example.timeout_s,
        "title": example.args,
    }
    answer = play(
        room,
        [sys.executable, "-m", "minishell.lessons.observed"],
        user=example.user,
        seed=example.seed,
        stdin=json.dumps(request).encode(),
        env={name: os.environ[name] for name in ("PYTHONPATH",) if name in os.environ},
        time_limit_s=example.timeout_s + OBSERVER_GRACE_S,
        output_limit=OBSERVED_BYTES,
    )
    text = paths(answer.output.decode("utf-8", "backslashreplace"), room)
    if (answer.how, answer.status) != ("ended", 0):
        raise Failed(f"{example.typed}: could not be observed\n{tail(text.rstrip())}".rstrip())
    found: dict[str, Any] = json.loads(text)
    return found
