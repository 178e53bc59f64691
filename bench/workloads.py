"""What the shells are asked to do, apart from prompting (`prompt`).

Each function answers with a way to do it once, for every shell that can; the text is the same for all of
them. Targets are the project's own; `docs/bench.rst` says why these.
"""

from __future__ import annotations

import os
import re
import select
import signal
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from bench.measure import Failed, environment, run_ms
from bench.rounds import Arena, Measure, Take, Target
from bench.shells import INTERPRETER, Shell

if TYPE_CHECKING:
    from collections.abc import Mapping

COMMANDS = 500
STAGES = 100
JOBS = 1000
ROUNDS = 100_000
SUBSTITUTIONS = 1000
PROGRAMS = 300
LINES = 10_000
LINES_OF_A_SCRIPT = """\
# What a script of a class may look like.
name=world greeting="hello, $name"
if [ "$name" = nobody ]; then
    echo "$greeting" | tr a-z A-Z > out.txt
fi
report() {
    for word in "$@"; do
        printf '%s\\n' "${word%.txt}" >&2 || return 1
    done
}
while false; do
    count=$((count + 1))
    read -r line || break
done
case $name in
    w*) : "$(echo unused)" ;;
    *) echo "never: ${name:-none}" ;;
esac
true || cat <<end
$greeting
end
"""
DEADLINE_S = 120.0


def start_up(arena: Arena) -> Mapping[str, Take]:
    """Nothing at all, and the interpreter doing nothing at all."""
    bare = (str(arena.python), "-I", "-S", "-c", "pass")
    nothing = {shell.name: partial(run_ms, shell.command(shell.nothing), arena.scratch) for shell in arena.shells}
    return nothing | {INTERPRETER: partial(run_ms, bare, arena.scratch)}


def external_commands(arena: Arena) -> Mapping[str, Take]:
    """A script of plain commands, one after the other."""
    return scripts(arena, "commands", "/bin/true\n" * COMMANDS)


def long_pipeline(arena: Arena) -> Mapping[str, Take]:
    """A pipeline with a hundred stages through which nothing flows."""
    return commands(arena, " | ".join(["true", *["cat"] * (STAGES - 1)]))


def loop_of_programs(arena: Arena) -> Mapping[str, Take]:
    """The same, counted by the shell."""
    return scripts(without_xonsh(arena), "loop", counting(COMMANDS, "/bin/true"))


def loop_of_builtins(arena: Arena) -> Mapping[str, Take]:
    """Builtins, assignments and arithmetic: nothing but the shell itself."""
    return scripts(without_xonsh(arena), "builtins", counting(ROUNDS, "x=$i; :"))


def function_calls(arena: Arena) -> Mapping[str, Take]:
    """A function that does nothing, again and again."""
    return scripts(without_xonsh(arena), "functions", "f() { :; }\n" + counting(ROUNDS, "f"))


def substituted_builtins(arena: Arena) -> Mapping[str, Take]:
    """What a builtin writes, into a variable."""
    return scripts(without_xonsh(arena), "echo", counting(SUBSTITUTIONS, "x=$(echo $i)"))


def substituted_programs(arena: Arena) -> Mapping[str, Take]:
    """What a program writes, into a variable."""
    return scripts(without_xonsh(arena), "bin-echo", counting(PROGRAMS, "x=$(/bin/echo $i)"))


def long_script(arena: Arena) -> Mapping[str, Take]:
    """Ten thousand lines that are read, and next to nothing to do."""
    return scripts(without_xonsh(arena), "long", LINES_OF_A_SCRIPT * (LINES // LINES_OF_A_SCRIPT.count("\n")))


def throughput(arena: Arena) -> Mapping[str, Take]:
    """A gibibyte through two pipes: no shell should be in the way."""
    return commands(arena, "head -c 1G /dev/zero | cat | cat > /dev/null")


def background_jobs(arena: Arena) -> Mapping[str, Take]:
    """A thousand jobs at once, and wait for all of them."""
    return scripts(without_xonsh(arena), "jobs", batch())


def memory(arena: Arena) -> Mapping[str, Take]:
    """The most memory the shell itself held with a thousand jobs."""
    return {shell.name: partial(peak_mib, shell, arena.scratch, 1) for shell in without_xonsh(arena).shells}


def growth(arena: Arena) -> Mapping[str, Take]:
    """The same after three thousand, a thousand at a time: jobs that are over should cost nothing."""

    def grown(shell: Shell) -> float:
        return peak_mib(shell, arena.scratch, 3) / peak_mib(shell, arena.scratch, 1)

    return {shell.name: partial(grown, shell) for shell in without_xonsh(arena).shells}


MEASURES = (
    Measure(
        "start-up",
        "start-up of `-c :`",
        start_up,
        rounds=40,
        targets=(Target(1.5, against=INTERPRETER, aim=1.35),),
    ),
    Measure(
        "commands",
        f"{COMMANDS} external commands, no terminal",
        external_commands,
        rounds=9,
        targets=(Target(1.0, against="bash", aim=0.95),),
    ),
    Measure(
        "pipeline",
        f"pipeline of {STAGES} stages",
        long_pipeline,
        rounds=15,
        targets=(Target(1.2, against="bash", aim=1.05),),
    ),
    Measure(
        "loop",
        f"{COMMANDS} external commands in a `while` loop",
        loop_of_programs,
        rounds=7,
        targets=(Target(1.0, against="bash"),),
    ),
    Measure(
        "builtins",
        f"{ROUNDS} rounds of builtins and arithmetic",
        loop_of_builtins,
        rounds=7,
        targets=(Target(0.6, against="bash"),),
    ),
    Measure(
        "functions",
        f"{ROUNDS} calls of a function",
        function_calls,
        rounds=7,
        targets=(Target(1.0, against="bash"),),
    ),
    Measure(
        "echo",
        f"{SUBSTITUTIONS} times `x=$(echo $i)`",
        substituted_builtins,
        rounds=7,
        targets=(Target(0.4, against="bash"),),
    ),
    Measure(
        "bin-echo",
        f"{PROGRAMS} times `x=$(/bin/echo $i)`",
        substituted_programs,
        rounds=7,
        targets=(Target(1.2, against="bash"),),
    ),
    Measure("long", f"a script of {LINES} lines", long_script, rounds=5),
    Measure(
        "throughput",
        "1 GiB through cat | cat, the best round",
        throughput,
        rounds=15,
        targets=(Target(1.05, against="bash"),),
        of_samples=min,
    ),
    Measure(
        "jobs",
        f"{JOBS} background jobs and wait",
        background_jobs,
        rounds=7,
        targets=(Target(1.1, against="bash"),),
    ),
    Measure("memory", f"peak memory, {JOBS} jobs at once", memory, rounds=2, unit="MiB"),
    Measure(
        "growth",
        f"peak memory of {3 * JOBS} jobs in three batches / of {JOBS}",
        growth,
        rounds=2,
        targets=(Target(1.05),),
        unit="×",
    ),
)


def counting(rounds: int, body: str) -> str:
    """A script that does `body` so many times, with the number of the round in `i`."""
    return f"i=0\nwhile [ $i -lt {rounds} ]; do {body}; i=$((i + 1)); done\n"


def commands(arena: Arena, text: str) -> dict[str, Take]:
    """Everybody's `-c text`."""
    return {shell.name: partial(run_ms, shell.command(text), arena.scratch) for shell in arena.shells}


def scripts(arena: Arena, name: str, text: str) -> dict[str, Take]:
    """Everybody's way of running `text` from a file."""
    path = arena.scratch / name
    path.write_text(text)
    return {shell.name: partial(run_ms, shell.script(path), arena.scratch) for shell in arena.shells}


def without_xonsh(arena: Arena) -> Arena:
    """Those that have the `wait` of POSIX."""
    shells = tuple(shell for shell in arena.shells if shell.name != "xonsh")
    return Arena(shells, arena.python, arena.scratch)


def batch() -> str:
    """A script that starts all the jobs, then waits for all of them."""
    return "sleep .01 &\n" * JOBS + "wait\n"


def peak_mib(shell: Shell, scratch: Path, batches: int) -> float:
    """The shell's peak resident set after so many batches of jobs.

    Read from /proc while the shell waits for a `cat`: what `wait4` reports includes descendants, and what
    the bench itself held when it spawned the shell (the counter survives execve: getrusage(2)).
    """
    script = scratch / f"batches-{batches}"
    script.write_text(batch() * batches + "echo ready\ncat\n:\n")
    ours_in, theirs_in = os.pipe()[::-1]
    theirs_out, ours_out = os.pipe()[::-1]
    wiring = [(os.POSIX_SPAWN_DUP2, theirs_in, 0), (os.POSIX_SPAWN_DUP2, theirs_out, 1)]
    pid = os.posix_spawn(shell.argv[0], shell.script(script), environment(scratch), file_actions=wiring, setsid=True)
    os.close(theirs_in)
    os.close(theirs_out)
    try:
        if not select.select([ours_out], [], [], DEADLINE_S)[0] or os.read(ours_out, 100) != b"ready\n":
            os.kill(pid, signal.SIGKILL)
            raise Failed("the shell did not get through its jobs")
        return high_water_mib(pid)
    finally:
        os.close(ours_in)
        os.close(ours_out)
        os.waitpid(pid, 0)


def high_water_mib(pid: int) -> float:
    """VmHWM of a living process (proc_pid_status(5))."""
    found = re.search(r"^VmHWM:\s+(\d+) kB", Path(f"/proc/{pid}/status").read_text(), re.MULTILINE)
    if found is None:
        raise Failed("the shell was already gone")
    return int(found[1]) / 1024
