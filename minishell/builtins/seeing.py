"""trace and picture: run a line, and see what it does."""

from __future__ import annotations

from typing import TYPE_CHECKING

from minishell.builtins.registry import builtin
from minishell.errors import BuiltinProblem, UsageProblem
from minishell.ids import STDERR, STDOUT, Fd
from minishell.source import Source

if TYPE_CHECKING:
    from collections.abc import Sequence

    from minishell.shell import Shell
    from minishell.source import Field
    from minishell.trace.beside import Sink
    from minishell.trace.event import Event
    from minishell.trace.sinks import JsonLines


@builtin("trace", usage="trace [--raw] [--json] [--only kind,...] [-o file] line")
def trace(shell: Shell, words: Sequence[Field]) -> int:
    """Run a line, and tell each system call that matters as it happens: one sentence each, with what caused it.

    --raw adds the call as the manual writes it; --json writes events as JSON lines; --only fork,exec tells only
    these kinds; -o writes to a file.  At the prompt, where trace is the first word, all that follows is the line, `;`
    and `>` too: `trace ls | wc -l`; behind another command, and in a script, put the line into quotes.  Where nobody
    may watch a process, trace says why and what to do, and tells what the shell asks for itself.  A builtin because
    the line runs in this shell, as it would without it.
    """
    from minishell.trace.event import KINDS
    from minishell.trace.sinks import JsonLines, Story
    from minishell.trace.story import Teller

    asked = Asked(words, flags=("--raw", "--json"), values=("-o", "--only"))
    only = asked.values["--only"].split(",") if "--only" in asked.values else []
    for kind in only:
        if kind not in KINDS:
            raise UsageProblem(
                f"there is no kind of event called {kind or 'nothing'}", asked.values["--only"], help=", ".join(KINDS)
            )
    fd = open_output(shell, asked.values.get("-o"))
    try:
        if "--json" in asked.flags:
            lines = JsonLines(fd, only)
            begin(lines, asked.values.get("-o"))
            return run_watched(shell, asked.line, lines)
        teller = Teller(colour=shell.kernel.isatty(fd), program="minishell", only=only, raw="--raw" in asked.flags)
        return run_watched(shell, asked.line, Story(fd, teller, prompts=shell.interactive))
    finally:
        if fd != STDERR:
            shell.kernel.close(fd)


@builtin("picture", usage="picture [--all] [-o file] line")
def picture(shell: Shell, words: Sequence[Field]) -> int:
    """Run a line, and draw what its processes did, as SVG: into a file with -o, or on standard output.

    At the prompt, where picture is the first word, all that follows is the line but a final `> out.svg`; behind
    another command, and in a script, put the line into quotes.  Open the file with a web browser; it is not for a
    terminal.  Without -o, what the line itself writes to standard output goes to standard error meanwhile, so that it
    does not get into the picture.  A long flow of data is drawn cut short, and the picture says so; --all draws every
    event.  A builtin because the line runs in this shell, as it would without it.
    """
    from minishell.run.plan import Duplicate
    from minishell.run.redirect import Redirected
    from minishell.trace.sinks import Gather

    asked = Asked(words, flags=("--all",), values=("-o",))
    if "-o" not in asked.values and shell.kernel.isatty(STDOUT):
        raise UsageProblem(
            "a picture is for a web browser, not for a terminal", help=f"picture {asked.line} > out.svg"
        )
    fd = open_output(shell, asked.values["-o"]) if "-o" in asked.values else shell.kernel.dup(STDOUT)

    def draw(events: Sequence[Event]) -> str:
        from minishell.show.timeline import timeline
        from minishell.trace.event import Note

        labels = [event.text for event in events[:1] if isinstance(event, Note)]
        svg = timeline(events, ": ".join((asked.line, *labels)), everything="--all" in asked.flags)
        return svg.rstrip("\n")  # a sink ends its lines

    try:
        with Redirected(shell, () if "-o" in asked.values else (Duplicate(STDERR, STDOUT),)):
            return run_watched(shell, asked.line, Gather(fd, draw), for_a_picture=True)
    finally:
        shell.kernel.close(fd)


class Asked:
    """What stands behind trace or picture: options, then the line."""

    def __init__(self, words: Sequence[Field], flags: Sequence[str], values: Sequence[str]) -> None:
        rest = list(words)
        self.flags: set[str] = set()
        self.values: dict[str, Field] = {}
        while rest and rest[0].startswith("-"):
            word = rest.pop(0)
            if word == "--":
                break
            if word in flags:
                self.flags.add(word)
            elif word in values:
                if not rest:
                    raise UsageProblem(f"{word} lacks its value", word)
                self.values[word] = rest.pop(0)
            else:
                raise UsageProblem(f"{word} is no option here", word, help=", ".join((*flags, *values)))
        self.line = " ".join(rest)
        if not self.line.strip():
            raise UsageProblem("there is no line to run", words[-1] if words else None)


def open_output(shell: Shell, path: Field | None) -> Fd:
    """Where the story goes: a new file, or standard error."""
    if path is None:
        return STDERR
    from minishell.run.watch import create

    try:
        return create(shell, path)
    except OSError as refusal:
        raise BuiltinProblem(f"{path}: {refusal.strerror}: nothing was run", path) from None


def begin(lines: JsonLines, path: Field | None) -> None:
    """Write the first line: a disk that is full already is noticed before anything runs."""
    try:
        lines.begin()
    except OSError as refusal:
        place = path.span if path is not None else None
        raise BuiltinProblem(f"{path or 'the trace'}: {refusal.strerror}: nothing was run", place) from None


def run_watched(shell: Shell, line: str, sink: Sink, *, for_a_picture: bool = False) -> int:
    from minishell.run.script import run_text
    from minishell.run.watch import watched

    return watched(shell, sink, lambda: run_text(shell, Source("typed", line)), for_a_picture=for_a_picture)
