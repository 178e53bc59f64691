"""Scripts run in minishell and in dash: their output, their statuses and the files that they leave.

python -m tests.truth.compared 1000000             a million scripts; every one that differs is printed
python -m tests.truth.compared 1000000 --seed 2    other ones

Here minishell runs them one after another in a process that is started once (served.py); what differs is run in one
that is started for it, before it is called a difference.
"""

from __future__ import annotations

import argparse
import os
import random
import select
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from tests import shells
from tests.truth.scripts import FILES, Writer

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

STARTED = {**shells.START, "served": (sys.executable, "-m", "tests.truth.served")}
ROUND = 200
"""How many scripts a shell is asked to run at a time: a busy machine makes each answer wait for its turn."""

DEADLINE_S = 120.0
"""Far more than any script takes, and 20 of them: what is still running then hangs."""

RUN = "do (cd $place/directory; . ../script) >$place/output 2>/dev/null </dev/null; echo $?; done\n"

SMALL = 6
"""How many commands a script has, of a million."""


class Outcome(NamedTuple):
    """What is left of a script: `status` "hangs" or "died" if it has none."""

    status: str
    output: bytes
    files: tuple[tuple[str, bytes], ...]


class Server:
    """A shell that is told on its standard input to run the next scripts, each in a place of its own."""

    def __init__(self, shell: str, folder: Path) -> None:
        self.shell = shell
        self.folder = folder
        self.process: subprocess.Popen[bytes] | None = None
        self.untouched: set[int] = set()
        """The places whose directory is as it was prepared"""

    def run(self, *scripts: str) -> list[Outcome]:
        for place, script in enumerate(scripts):
            if place not in self.untouched:
                prepare(self.folder / str(place) / "directory")
            (self.folder / str(place) / "script").write_text(script)
        statuses = self.ask(len(scripts))
        if len(statuses) < len(scripts):  # which one is it?
            self.untouched.clear()
            return [outcome for script in scripts for outcome in self.run(script)]
        return [self.outcome(place, status) for place, status in enumerate(statuses)]

    def outcome(self, place: int, status: str) -> Outcome:
        status = "1 or 2" if status in ("1", "2") else status  # the status of an error is each shell's own affair
        left = tuple(contents(self.folder / str(place) / "directory"))
        if left == AS_PREPARED:
            self.untouched.add(place)
        else:
            self.untouched.discard(place)
        return Outcome(status, (self.folder / str(place) / "output").read_bytes(), left)

    def ask(self, count: int) -> list[str]:
        """Let the shell run what stands in the first places.  Returns the statuses."""
        process = self.process or self.start()
        assert process.stdin is not None
        assert process.stdout is not None
        places = " ".join(map(str, range(count)))
        process.stdin.write(f"for place in {places}; {RUN}".encode())
        process.stdin.flush()
        answer = b""
        end = time.monotonic() + DEADLINE_S * (1 + count / 20)
        while answer.count(b"\n") < count:
            ready, _, _ = select.select([process.stdout], [], [], max(end - time.monotonic(), 0))
            chunk = os.read(process.stdout.fileno(), 1000) if ready else b""
            if not chunk:
                self.stop()
                return ["hangs" if not ready else "died"]
            answer += chunk
        return answer.decode().split()

    def start(self) -> subprocess.Popen[bytes]:
        self.process = subprocess.Popen(
            STARTED[self.shell],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            cwd=self.folder,
            env=shells.clean_environment() | {"PYTHONPATH": ROOT},
            start_new_session=True,
        )
        return self.process

    def stop(self) -> None:
        """End the shell, and with it all that its scripts may have left running."""
        if self.process is None:
            return
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.communicate()
        self.process = None


ROOT = str(Path(__file__).parents[2])


def prepare(directory: Path) -> None:
    shutil.rmtree(directory, ignore_errors=True)
    (directory / "sub").mkdir(parents=True)
    for name, text in FILES.items():
        (directory / name).write_text(text)


def contents(directory: Path) -> Iterator[tuple[str, bytes]]:
    for folder, _, names in os.walk(directory):
        for name in sorted(names):
            path = os.path.join(folder, name)
            with open(path, "rb") as file:
                yield os.path.relpath(path, directory), file.read()


AS_PREPARED = tuple((name, FILES[name].encode()) for name in sorted(FILES, key=lambda name: ("/" in name, name)))


def server(shell: str, folder: Path) -> Server:
    (folder / shell).mkdir(exist_ok=True)
    return Server(shell, folder / shell)


def drawn(seed: int, number: int) -> str:
    """One of the million: small, and in 95 of 100 nearly all of it runs in the shell's own process."""
    chance = random.Random(f"{seed} {number}")
    return Writer(chance, SMALL, alone=chance.random() < 0.95).script()


def compare(folder: Path, numbers: Sequence[int], seed: int) -> Iterator[tuple[int, list[str]]]:
    """Run the scripts with these numbers.  Yields how many have been compared, and those that differ."""
    ours, theirs, real = (server(shell, folder) for shell in ("served", "dash", "minishell"))
    try:
        for first in range(0, len(numbers), ROUND):
            scripts = [drawn(seed, number) for number in numbers[first : first + ROUND]]
            results = zip(scripts, ours.run(*scripts), theirs.run(*scripts), strict=True)
            suspects = [script for script, here, there in results if here != there]
            yield len(scripts), [script for script in suspects if real.run(script) != theirs.run(script)]
    finally:
        for each in (ours, theirs, real):
            each.stop()


def main() -> int:
    parser = argparse.ArgumentParser(description="Compare what scripts do in minishell with what they do in dash.")
    parser.add_argument("count", type=int)
    parser.add_argument("--seed", type=int, default=1, metavar="N", help="which scripts are drawn (1)")
    asked = parser.parse_args()
    memory = "/dev/shm" if os.path.isdir("/dev/shm") else None
    done, differ, start = 0, 0, time.monotonic()
    with tempfile.TemporaryDirectory(dir=memory) as folder:
        for count, differing in compare(Path(folder), range(asked.count), asked.seed):
            done += count
            differ += len(differing)
            for script in differing:
                print(f"--- differs\n{script}", flush=True)
            if sys.stderr.isatty() or done % 10_000 == 0:
                print(f"{done} compared, {differ} differ, {time.monotonic() - start:.0f} s", file=sys.stderr)
    print(f"{done} compared, {differ} differ")
    return int(differ > 0)


if __name__ == "__main__":
    sys.exit(main())
