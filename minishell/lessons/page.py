"""What a lesson page may call.  Each function returns reStructuredText for `cog.out`; nothing else is public.

    .. {{{cog
    .. cog.out(run_script(cog.inFile, '-u pipeline.py'))
    .. }}}
    .. {{{end}}}

What cannot keep its promise is among the `problems` in the end, and the page stays as it was.
"""

import functools
import itertools
import json
import re
import shlex
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from minishell.lessons import cache, line, run, session
from minishell.lessons import shells as other
from minishell.lessons.stage import LEARNER, NeedsRoot, Refused

__all__ = [
    "builtins_manual",
    "calls_manual",
    "compare",
    "error_manual",
    "examples_table",
    "explain",
    "picture",
    "picture_line",
    "refuse_if",
    "run_script",
    "run_session",
    "story",
    "trace_example",
    "trace_format",
]

may_remember = True
drawn: dict[Path, str] = {}  # pictures that the page wants beside it, written only if the whole page succeeds
kept: list[str] = []  # which outputs could not be made here and stay as they were
problems: list["Problem"] = []  # what went wrong on the page
AS_USER = {"root": "root", "nobody": "nobody", run.MAPPED_ROOT: "root of a user namespace of its own"}
COG_FILE = re.compile(r"<cog (.*):(\d+)>")
PROLOGUE_LINES = 2  # `import cog` and our own `-p`


def begin(*, remembering: bool) -> None:
    """Forget what was on the page before this one.  `remembering`: answers may come from the cache."""
    global may_remember
    may_remember = remembering
    drawn.clear()
    kept.clear()
    problems.clear()


@dataclass(frozen=True)
class Problem:
    """What went wrong, with page and line; and whether that is only a difference between two runs."""

    text: str
    unstable: bool


def placed(call: Callable[..., str]) -> Callable[..., str]:
    """Give every problem of `call` the page and line of the call, and go on: there may be more on the page."""

    @functools.wraps(call)
    def wrapper(in_file: str, *words: Any, **options: Any) -> str:
        try:
            return call(in_file, *words, **options)
        except (run.Failed, Refused, OSError, TypeError, ValueError, KeyError) as problem:
            text = f"{in_file}:{place_of_call()[1]}: {' '.join(map(str, words))}: {problem}"
            problems.append(Problem(text, isinstance(problem, run.Unstable)))
            return ""

    return wrapper


def place_of_call() -> tuple[str, int]:
    """The page and its line that are being carried out now; line 1 of nothing outside cog."""
    frame = sys._getframe()
    while frame.f_back is not None:
        frame = frame.f_back
        if inside := COG_FILE.fullmatch(frame.f_code.co_filename):
            first = int(inside[2])
            opening = Path(inside[1]).read_text().split("\n")[first - 1]
            return inside[1], first if "}}}" in opening else first + frame.f_lineno - PROLOGUE_LINES
    return "", 1


@placed
def run_script(in_file: str, args: str, **options: Any) -> str:
    """Run `python3 ARGS` in the lesson's folder and show what it printed.

    `exit=3` or `signal="SIGTERM"` state the exact end (0 unless said); `stdin=`, `env=` and `timeout=`
    (seconds) what it gets; `width=` how long its lines may be.  `pty=True`: on a terminal of that width, at which
    `stdin` is typed, and then Ctrl-D.  `as_user="nobody"`, `"root"` or `"mapped-root"` (root of a user namespace) are
    named above the block; who is not root keeps what root recorded of the first two.
    """
    example = example_of(in_file, args, options)
    caption = f"as {AS_USER[example.as_user]}" if example.as_user in AS_USER else ""
    try:
        text = remembered(example, "transcript", lambda: run.transcript(example))
    except NeedsRoot as refusal:
        text = recorded(in_file, f"{example.prompt} {example.typed}", caption)
        kept.append(f"{in_file}:{place_of_call()[1]}: {args}: kept as it was recorded: {refusal}")
    return block("console", text, caption)


@placed
def run_session(in_file: str, name: str, **options: Any) -> str:
    """Type the lines of a `.msh` file to minishell on a terminal and show the dialogue."""
    recording = session.Recording(lesson_of(in_file), name, **unabridged(options))
    return block("minishell", remembered(recording, "session", lambda: session.transcript(recording)))


@placed
def picture(in_file: str, args: str, *, alt: str, **options: Any) -> str:
    """The timeline of a real run: `NAME.svg` beside the script, and the directive that shows it."""
    example = example_of(in_file, args, options)
    target = example.lesson / Path(shlex.split(args)[0]).with_suffix(".svg").name
    drawn[target] = observed(example).svg
    return f"\n.. timeline:: {target.name}\n   :alt: {alt}\n\n"


@placed
def picture_line(in_file: str, text: str, *, name: str, alt: str, **options: Any) -> str:
    """The timeline of a line that minishell runs: `NAME.svg` beside the page, and the directive that shows it.

    `exit=1` states its status, `timeout=` (seconds) limits it.
    """
    asked = line.Line(lesson_of(in_file), text, **unabridged(options))
    target = asked.lesson / f"{name}.svg"
    drawn[target] = remembered(asked, "line", lambda: line.picture(asked))
    return f"\n.. timeline:: {target.name}\n   :alt: {alt}\n\n"


@placed
def story(in_file: str, args: str, **options: Any) -> str:
    """The same run in words: one line for each event."""
    return block("text", "\n".join(observed(example_of(in_file, args, options)).story))


@placed
def explain(in_file: str, text: str, *, view: str | None = None, **options: Any) -> str:
    """What `explain LINE` tells in minishell on a terminal.

    `view`: "tokens", "tree" or "words", the steps before that.  A line with a mistake is shown by `run_session`.
    """
    if view not in (None, "tokens", "tree", "words"):
        raise ValueError(f'view={view!r}: there are "tokens", "tree" and "words"')
    asked = other.Line(lesson_of(in_file), text, **{"width": other.EXPLAIN_COLUMNS} | unabridged(options))
    told = remembered(asked, f"explain {view}", lambda: run.steady(lambda: other.explained(asked, view)))
    return block("minishell", told)


@placed
def compare(in_file: str, text: str, shells: Sequence[str] = ("dash", "bash"), **options: Any) -> str:
    """What minishell and other shells do with a line: a block for each group of shells that agree, named above it."""
    asked = other.Line(lesson_of(in_file), text, **unabridged(options))
    kind = f"compare {' '.join(shells)}"
    return f"\n{remembered(asked, kind, lambda: run.steady(lambda: other.comparison(asked, shells)))}\n"


def refuse_if(condition: object, why: str) -> None:
    """Fail the build with `why` if `condition` holds: the prose states a fact that is no longer one.

    Not on a page that has another problem already: then the condition may be about what was not run.
    """
    if condition and not problems:
        path, number = place_of_call()
        problems.append(Problem(f"{path}:{number}: {why}", unstable=False))


@placed
def builtins_manual(in_file: str) -> str:
    """All builtins with what `help` says about them."""
    from minishell.lessons.manual import manual  # imports every builtin, which no other page needs

    return f"\n{manual()}\n"


@placed
def calls_manual(in_file: str) -> str:
    """All system calls of the shell, with what they change, what comes back, and what is refused."""
    from minishell.lessons.manual import calls_manual

    return f"\n{calls_manual()}\n"


@placed
def error_manual(in_file: str, name: str) -> str:
    """One kind of error: its heading, what it means, its status."""
    from minishell.lessons.manual import error_entry

    return f"\n{error_entry(name)}\n"


@placed
def examples_table(in_file: str) -> str:
    """Every example of the lessons, with how it has to end and what is shown of it."""
    from minishell.lessons.examples import list_table  # which reads pages by this file's words
    from minishell.lessons.library import lessons

    return f"\n{list_table(lessons(lesson_of(in_file).parent / 'lessons'))}\n\n"


@placed
def trace_format(in_file: str) -> str:
    """Every kind of event, from the classes that are written and read."""
    from minishell.lessons import manual  # imports every builtin, which no other page needs

    return f"\n{manual.trace_format()}\n"


@placed
def trace_example(in_file: str) -> str:
    """A trace of four events."""
    from minishell.lessons import manual

    return block("text", manual.trace_example())


def recorded(in_file: str, first: str, caption: str) -> str:
    """What the page holds in its next block that has this caption and begins with this line."""
    lines = Path(in_file).read_text().split("\n")[place_of_call()[1] :]
    opening = [f":caption: {caption}", "", first]
    starts = (at + 2 for at in range(len(lines)) if [line.strip() for line in lines[at : at + 3]] == opening)
    if (start := next(starts, None)) is None:
        raise NeedsRoot("only root can run it, and nothing has been recorded yet")
    indent = lines[start].removesuffix(first)
    body = itertools.takewhile(lambda line: not line or line.startswith(indent), lines[start:])
    return "\n".join(line.removeprefix(indent) for line in body).rstrip("\n")


def observed(example: run.Example) -> run.Observed:
    """Picture and story, the same in two runs.  Times and pids differ, so the events are left out."""

    if example.pty or example.as_user != LEARNER:
        raise ValueError("what is observed runs as learner, without a terminal: pty= and as_user= are for run_script")

    def look() -> str:
        return json.dumps(vars(run.observe(example)) | {"events": []}, indent=0)

    return run.Observed(**json.loads(remembered(example, "observed", lambda: run.steady(look))))


def example_of(in_file: str, args: str, options: dict[str, Any]) -> run.Example:
    """The example that a call describes."""
    return run.Example(lesson_of(in_file), args, **unabridged(options))


def unabridged(options: dict[str, Any]) -> dict[str, Any]:
    """`timeout=` is what a page writes; the unit belongs into the name everywhere else."""
    return {"timeout_s" if name == "timeout" else name: value for name, value in options.items()}


def lesson_of(in_file: str) -> Path:
    """The folder of the page."""
    return Path(in_file).resolve().parent


def remembered(
    subject: run.Example | session.Recording | line.Line | other.Line, kind: str, answer: Callable[[], str]
) -> str:
    """The answer from the cache, unless nothing may be remembered."""
    if not may_remember:
        return answer()
    return cache.recall(subject.lesson, f"{kind} {subject}".replace(str(subject.lesson), ""), answer)


def block(language: str, text: str, caption: str = "") -> str:
    """A code block, with the blank lines that reStructuredText wants around it."""
    body = "\n".join(f"   {line}".rstrip() for line in text.split("\n"))
    option = f"   :caption: {caption}\n" if caption else ""
    return f"\n.. code-block:: {language}\n{option}\n{body}\n\n"
