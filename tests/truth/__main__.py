"""`make truth`: what is shown, compared with other witnesses; prints how much was compared, and every difference.

python -m tests.truth                  200 lines
python -m tests.truth --lines 2000     more of them
python -m tests.truth --seed 7         other ones
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from tests.truth import foretold, scripts_seen, witness, worlds
from tests.truth.lines import lines

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    Compare = Callable[[str, Path], tuple[int, list[str]]]


class Check(NamedTuple):
    """`compare` takes one thing and an empty folder; it returns how much agreed, and what did not."""

    name: str
    things: Sequence[str]
    compare: Compare


def checks(count: int, seed: int) -> list[Check]:
    drawn = lines(count, seed)
    dash, own = (partial(seen_by_strace, shell=shell) for shell in ("dash", "minishell"))
    return [
        Check("example scripts: the observer and strace", scripts_seen.EXAMPLES, scripts_seen.against_strace),
        Check("example scripts: ten builds alike", scripts_seen.EXAMPLES, scripts_seen.builds_alike),
        Check("dash -c LINE: the observer and strace", drawn, dash),
        Check("minishell -c LINE: the observer and strace", drawn, own),
        Check("example scripts: the World and /proc", scripts_seen.EXAMPLES, worlds.of_script),
        Check("dash -c LINE: the World and /proc", drawn, partial(worlds.of_line, shell="dash")),
        Check("minishell -c LINE: the World and /proc", drawn[::4], partial(worlds.of_line, shell="minishell")),
        Check("explain LINE and trace LINE", drawn, partial(foretold.compare, options="")),
        Check("explain LINE and trace LINE, set -m", drawn, partial(foretold.compare, options="set -m")),
    ]


def seen_by_strace(line: str, folder: Path, shell: str) -> tuple[int, list[str]]:
    return witness.compare(line, folder, shell=shell, controlled=len(line) % 2 == 0)


def carried_out(check: Check) -> int:
    """Compare everything, print a line about it, and return how many things differ."""
    events, differ, done = 0, 0, 0
    with ProcessPoolExecutor(os.cpu_count()) as pool:
        compared = pool.map(partial(one, check), check.things)
        for thing, (count, differences) in zip(check.things, compared, strict=True):
            events += count
            differ += bool(differences)
            done += 1
            progress(f"{check.name} {done}/{len(check.things)}")
            for text in differences:
                print(f"{thing!r}\n  {text}", flush=True)
    print(f"{check.name:44} {len(check.things):6} compared {events:9} agree {differ:4} differ", flush=True)
    return differ


def progress(words: str) -> None:
    """On a terminal, in a line that what comes next writes over."""
    if sys.stderr.isatty():
        print(f"\r{words}\x1b[K\r", end="", file=sys.stderr, flush=True)


def one(check: Check, thing: str) -> tuple[int, list[str]]:
    with tempfile.TemporaryDirectory() as folder:
        return check.compare(thing, Path(folder))


def main() -> int:
    parser = argparse.ArgumentParser(prog="make truth", description="Compare what is shown with other witnesses.")
    parser.add_argument("--lines", type=int, default=200, metavar="N", help="how many command lines (200)")
    parser.add_argument("--seed", type=int, default=1, metavar="N", help="which lines are drawn (1)")
    asked = parser.parse_args()
    return int(sum(map(carried_out, checks(asked.lines, asked.seed))) > 0)


if __name__ == "__main__":
    sys.exit(main())
