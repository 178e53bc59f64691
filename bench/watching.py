"""What it costs to be watched."""

from __future__ import annotations

import json
import shutil
import sys
from functools import partial
from typing import TYPE_CHECKING

from bench.measure import run_ms
from bench.rounds import Arena, Measure, Take, Target
from bench.shells import SUBJECT
from minishell.syntax.quoting import single_quoted
from minishell.trace.strace import COMMAND

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from bench.shells import Shell

TRACES = 20
CALLS = 1_000_000
EVENTS = 100_000
MORE = 4
STRACE = "strace"


def traces(arena: Arena) -> Mapping[str, Take]:
    """The same line again and again: watched from inside a shell that runs, and by strace, started each time.

    Both stop at the same calls; of the others strace has the kernel tell nothing, as we do.
    """
    script = arena.scratch / "traces"
    script.write_text("trace -o /dev/null 'ls | wc -l' > /dev/null\n" * TRACES)
    takes: dict[str, Take] = {
        shell.name: partial(run_ms, shell.script(script), arena.scratch) for shell in arena.shells if is_ours(shell)
    }
    dash = next((shell for shell in arena.shells if shell.name == "dash"), None)
    strace = shutil.which(STRACE)
    if dash and strace:
        script = arena.scratch / "straces"
        script.write_text(
            f"{' '.join((strace, *COMMAND[1:]))} -o /dev/null dash -c 'ls | wc -l' > /dev/null\n" * TRACES
        )
        takes[STRACE] = partial(run_ms, dash.script(script), arena.scratch)
    return takes


def untraced_calls(arena: Arena) -> Mapping[str, Take]:
    """A program that does what nobody wants to know: how many times longer it takes under `trace`."""
    program = f"{arena.python} -I -S -c 'import os\nfor _ in range({CALLS}): os.stat(0)'"
    bare, watched = arena.scratch / "bare", arena.scratch / "watched"
    bare.write_text(program + "\n")
    watched.write_text(f"trace -o /dev/null {single_quoted(program)}\n")

    def times_longer(shell: Shell) -> float:
        return run_ms(shell.script(watched), arena.scratch) / run_ms(shell.script(bare), arena.scratch)

    return {shell.name: partial(times_longer, shell) for shell in arena.shells if is_ours(shell)}


def told(number: int, unit: str, scratch: Path) -> float:
    """How long it takes to tell so many events, or how much memory that needs, in a process of its own."""
    answer = scratch / "told"
    run_ms((sys.executable, "-m", "bench.many_events", str(number), str(answer)), scratch)
    return float(json.loads(answer.read_text())[unit])


def story_time(arena: Arena) -> Mapping[str, Take]:
    """The story and the World of many events."""
    return {SUBJECT: partial(told, EVENTS, "s", arena.scratch)}


def story_memory(arena: Arena) -> Mapping[str, Take]:
    """The same: the most memory that was in use."""
    return {SUBJECT: partial(told, EVENTS, "MiB", arena.scratch)}


def story_growth(arena: Arena) -> Mapping[str, Take]:
    """How many times longer it takes for four times as many."""
    return {
        SUBJECT: lambda: told(EVENTS, "s", arena.scratch) / told(EVENTS // MORE, "s", arena.scratch),
    }


def is_ours(shell: Shell) -> bool:
    return shell.name == SUBJECT


MEASURES = (
    Measure(
        "traces",
        f"{TRACES} times `ls | wc -l`, traced",
        traces,
        rounds=7,
        targets=(Target(1.5, against=STRACE),),
    ),
    Measure(
        "untraced",
        f"{CALLS} calls that no trace tells of, traced / bare",
        untraced_calls,
        rounds=3,
        targets=(Target(1.2),),
        unit="×",
    ),
    Measure(
        "story", f"{EVENTS} events: the story, and the World", story_time, rounds=3, targets=(Target(5),), unit="s"
    ),
    Measure(
        "story-memory", f"{EVENTS} events: peak memory", story_memory, rounds=2, targets=(Target(300),), unit="MiB"
    ),
    Measure(
        "story-growth",
        f"{EVENTS} events / {EVENTS // MORE} events",
        story_growth,
        rounds=3,
        targets=(Target(1.25 * MORE),),
        unit="×",
    ),
)
