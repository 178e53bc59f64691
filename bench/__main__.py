"""`python -m bench [--rounds N] [--only NAME…] [--json FILE] [--table FILE]`."""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path

from bench import lessons, prompt, watching, workloads
from bench.install import NotInstalled, installed, interpreter
from bench.measure import Failed, run_ms
from bench.report import as_json, block, machine, table
from bench.rounds import Arena, Measure, Result, compete
from bench.shells import SUBJECT, present

MEASURES = (*workloads.MEASURES, *watching.MEASURES, *prompt.MEASURES, *lessons.MEASURES)


def main() -> int:
    """Measure, print, and keep what was asked to be kept.  1 if minishell did not do all it was asked to."""
    wanted = options()
    print(machine(), flush=True)
    with tempfile.TemporaryDirectory(prefix="bench-") as scratch:
        arena = Arena(tuple(present(our_shell(Path(scratch)))), our_python(), Path(scratch))
        results = [measured(measure, arena, wanted.rounds) for measure in chosen(wanted.only)]
    keep(wanted.json, as_json(results))
    keep(wanted.table, table(results))
    return 0 if all(result.samples.get(SUBJECT) for result in results) else 1


def options() -> argparse.Namespace:
    """The command line."""
    names = [measure.name for measure in MEASURES]
    parser = argparse.ArgumentParser(prog="python -m bench", description="minishell beside dash, bash and xonsh")
    parser.add_argument("--rounds", type=int, metavar="N", help="rounds of each measure (default: its own)")
    parser.add_argument("--only", nargs="+", choices=names, metavar="NAME", help=f"of {', '.join(names)}")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write every sample there")
    parser.add_argument("--table", type=Path, metavar="FILE", help="write the page's table there")
    return parser.parse_args()


def chosen(names: list[str] | None) -> list[Measure]:
    """The measures of these names, in their usual order; all without names."""
    return [measure for measure in MEASURES if not names or measure.name in names]


def our_shell(home: Path) -> Path | None:
    """The installed minishell, or None, with the reason on stderr, when it does not run."""
    try:
        path = installed()
        run_ms((str(path), "-c", ":"), home)
    except (NotInstalled, Failed) as problem:
        print(f"minishell is left out: {problem}", file=sys.stderr)
        return None
    return path


def our_python() -> Path:
    """The interpreter minishell is installed for; ours, if there is none."""
    return interpreter() if interpreter().exists() else Path(sys.executable)


def measured(measure: Measure, arena: Arena, rounds: int | None) -> Result:
    """Do one measure and print it."""
    result = Result(measure)
    for done, so_far in enumerate(compete(measure, arena, rounds or measure.rounds), 1):
        result = so_far
        progress(f"{measure.title}: round {done}")
    progress("")
    print("\n" + block(result), flush=True)
    return result


def progress(text: str) -> None:
    """One line that overwrites itself, where somebody is watching."""
    if sys.stderr.isatty():
        print(f"\r\x1b[K{text}", end="", file=sys.stderr, flush=True)


def keep(path: Path | None, text: str) -> None:
    """Write `text` where it was asked for."""
    if path:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)


if __name__ == "__main__":
    sys.exit(main())
