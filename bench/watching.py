"""What it costs to be watched."""

from __future__ import annotations

import shutil
from functools import partial
from typing import TYPE_CHECKING

from bench.measure import run_ms
from bench.rounds import Arena, Measure, Take, Target
from bench.shells import SUBJECT

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bench.shells import Shell

TRACES = 20
CALLS = 3_000_000
STRACE = "strace"


def traces(arena: Arena) -> Mapping[str, Take]:
    """The same line again and again: watched from inside a shell that runs, and by strace, started each time."""
    script = arena.scratch / "traces"
    script.write_text("trace -o /dev/null 'ls | wc -l' > /dev/null\n" * TRACES)
    takes: dict[str, Take] = {
        shell.name: partial(run_ms, shell.script(script), arena.scratch) for shell in arena.shells if is_ours(shell)
    }
    dash = next((shell for shell in arena.shells if shell.name == "dash"), None)
    strace = shutil.which(STRACE)
    if dash and strace:
        script = arena.scratch / "straces"
        script.write_text(f"{strace} -f --seccomp-bpf -o /dev/null dash -c 'ls | wc -l' > /dev/null\n" * TRACES)
        takes[STRACE] = partial(run_ms, dash.script(script), arena.scratch)
    return takes


def untraced_calls(arena: Arena) -> Mapping[str, Take]:
    """A program that does what nobody wants to know: how many times longer it takes under `trace`."""
    program = f"{arena.python} -I -S -c 'import os\nfor _ in range({CALLS}): os.getppid()'"
    bare, watched = arena.scratch / "bare", arena.scratch / "watched"
    bare.write_text(program + "\n")
    watched.write_text(f"trace -o /dev/null {quoted(program)}\n")

    def times_longer(shell: Shell) -> float:
        return run_ms(shell.script(watched), arena.scratch) / run_ms(shell.script(bare), arena.scratch)

    return {shell.name: partial(times_longer, shell) for shell in arena.shells if is_ours(shell)}


def is_ours(shell: Shell) -> bool:
    return shell.name == SUBJECT


def quoted(text: str) -> str:
    return "'" + text.replace("'", "'\\''") + "'"


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
)
