"""`minishell-lessons picture`: a saved trace, or a log of strace, becomes a picture."""

import argparse
import sys
from pathlib import Path

from minishell.lessons.library import Missing
from minishell.show.timeline import timeline
from minishell.show.title import title
from minishell.trace import saved

EXAMPLES = """\
examples:
  minishell --trace events.jsonl -c 'ls | wc -l'
  minishell-lessons picture events.jsonl > ls.svg

  strace -f -ttt -y -o log dash -c 'ls | wc -l'
  minishell-lessons picture -o ls.svg log
"""
MOST_DOUBTS = 3  # lines that are named one by one


def add_to(verbs: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """The verb and its options."""
    add = verbs.add_parser(
        "picture",
        help="draw a saved trace, or a log of strace, as SVG",
        description="Draw a picture (SVG) of a trace that was saved as JSON lines, or of a log of strace -f -ttt -y.",
        epilog=EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    add.add_argument("-o", "--output", type=Path, metavar="FILE", help="where to (default: standard output)")
    add.add_argument("--title", metavar="TEXT", help="what to write above it (default: what was run)")
    add.add_argument("--all", action="store_true", help="draw every event, however many there are")
    add.add_argument("trace", type=Path, metavar="TRACE")
    add.set_defaults(verb=picture)


def picture(asked: argparse.Namespace) -> int:
    """Read, draw, write.  What is wrong with the trace is said with its file and line."""
    if asked.output is None and sys.stdout.isatty():
        raise Missing("a picture is not for a terminal: add -o FILE, or > FILE.svg")
    path: Path = asked.trace
    try:
        lines = path.read_text(encoding="utf-8", errors="surrogateescape").splitlines(keepends=True)
        trace = saved.read(lines)
    except OSError as refusal:
        raise Missing(f"{path}: {refusal.strerror}") from None
    except saved.Unreadable as problem:
        raise Missing(f"{path}:{problem.number}: {problem}") from None
    for number, doubt in trace.doubts[:MOST_DOUBTS]:
        print(f"{path}:{number}: {doubt}", file=sys.stderr)
    if len(trace.doubts) > MOST_DOUBTS:
        print(f"{path}: and so with {len(trace.doubts) - MOST_DOUBTS} more lines", file=sys.stderr)
    svg = timeline(trace.events, asked.title or title(trace.events) or path.name, everything=asked.all)
    if asked.output is None:
        sys.stdout.buffer.write(svg.encode())
        return 0
    try:
        asked.output.write_text(svg, encoding="utf-8")
    except OSError as refusal:
        raise Missing(f"{asked.output}: {refusal.strerror}") from None
    return 0
