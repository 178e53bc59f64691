"""`minishell-lessons`: list the lessons, run their examples, fill their pages, check them, build the site."""

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
import time
import zipfile
from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path

from minishell.lessons import build, examples, library, new, run, saved, session, stage
from minishell.trace.sinks import dump

EXAMPLES = """\
examples:
  minishell-lessons list
  minishell-lessons run lessons/22-pipelines/pipeline.py
  minishell-lessons run lessons/22-pipelines/pipelines.msh
  minishell-lessons run --trace events.jsonl lessons/22-pipelines/pipeline.py
  minishell-lessons picture events.jsonl > pipeline.svg
  minishell-lessons build                 run every example and fill every page
  minishell-lessons check --diff          fail, and show why, if a page is not what was run now
  minishell-lessons --lessons ~/course new named-pipes
  minishell-lessons --lessons ~/course check
  minishell-lessons site --output build/site
  minishell-lessons site --epub
"""
STABLE_DATE_S = "1000000000"  # what a reproducible build takes for now, unless the caller says otherwise


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; 0 if all is well, 1 if something is stale or failed, 2 if it was asked wrongly."""
    asked = parser().parse_args(argv)
    try:
        status: int = asked.verb(asked)
        sys.stdout.flush()
    except BrokenPipeError:  # whoever read our output has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    except (OSError, library.Missing, run.Failed, stage.Refused) as problem:
        print(f"minishell-lessons: {problem}", file=sys.stderr)
        return 1
    return status


def parser() -> argparse.ArgumentParser:
    """The command line."""
    top = argparse.ArgumentParser(
        "minishell-lessons",
        description="Lessons whose every output was really run.",
        epilog=EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    top.add_argument("--lessons", type=Path, metavar="DIR", help="a folder of lessons (default: our own)")
    verbs = top.add_subparsers(required=True, metavar="VERB")
    add = verbs.add_parser("list", help="the lessons and their examples")
    add.add_argument("--table", action="store_true", help="each example with its expected end and its picture")
    add.set_defaults(verb=list_)
    add = verbs.add_parser("run", help="run one example, script or session, and show its output")
    add.add_argument("--trace", type=Path, metavar="FILE", help="also watch it; write its events as JSON lines")
    add.add_argument("script", type=Path)
    add.add_argument("args", nargs=argparse.REMAINDER)
    add.set_defaults(verb=run_)
    saved.add_to(verbs)
    add = verbs.add_parser("build", help="run every example and fill the pages")
    add.add_argument("--times", action="store_true", help="tell how long the examples of each page ran")
    add.add_argument("names", nargs="*", metavar="LESSON", help="folder name, number or topic (default: all)")
    add.set_defaults(verb=build_)
    add = verbs.add_parser("check", help="run every example; fail if a page is not what was run now")
    add.add_argument("--diff", action="store_true", help="show what differs")
    add.add_argument("--times", action="store_true", help="tell how long the examples of each page ran")
    add.add_argument("names", nargs="*", metavar="LESSON")
    add.set_defaults(verb=check_)
    add = verbs.add_parser("new", help="begin a lesson: a page, a script and a session that work")
    add.add_argument("--title", metavar="TEXT", help="the heading of its page (default: the topic)")
    add.add_argument("topic", metavar="TOPIC", help="small letters, with - between words: named-pipes")
    add.set_defaults(verb=new_)
    add = verbs.add_parser("site", help="build the site with Sphinx: of lessons of your own, or, in a checkout, ours")
    add.add_argument(
        "--output",
        type=Path,
        metavar="DIR",
        help="where to (default: build/site or build/epub; beside lessons of your own)",
    )
    add.add_argument("--epub", action="store_true", help="make a book of the same pages, of ours")
    add.set_defaults(verb=site_)
    return top


def list_(asked: argparse.Namespace) -> int:
    """Print every lesson and what can be run in it."""
    if asked.table:
        for line in examples.table(library.lessons(folder(asked))):
            print(line)
        return 0
    for lesson in library.lessons(folder(asked)):
        print(f"{lesson.folder.name}  {lesson.title}")
        for name in lesson.examples:
            print(f"    {name}")
    return 0


def run_(asked: argparse.Namespace) -> int:
    """Run one example as a page would, and end with its status.  Of a session, show what a page would show."""
    script: Path = asked.script.resolve()
    if not script.is_file():
        raise library.Missing(f"{asked.script}: no such script")
    if script.suffix == ".msh":
        print(session.transcript(session.Recording(script.parent, script.name)))
        return 0
    example = run.Example(script.parent, " ".join([script.name, *asked.args]))
    if asked.trace:
        return trace(example, asked.trace)
    with stage.room_for(example.lesson) as room:
        outcome = stage.play(room, ["python3", script.name, *asked.args], seed=example.seed)
        sys.stdout.write(outcome.output.decode("utf-8", "backslashreplace"))
    if outcome.how != "ended":
        raise run.Failed(f"{example.typed}: {run.end(outcome, example.timeout_s)}")
    status = os.waitstatus_to_exitcode(outcome.status)
    return status if status >= 0 else 128 - status


def trace(example: run.Example, file: Path) -> int:
    """Run the example once, under the observer; its events go to the file.  A full disk is noticed before it runs."""
    try:
        with file.open("w") as lines:
            lines.writelines(f"{header}\n" for header in dump(()))
            lines.flush()
            traced = run.trace(example)
            lines.writelines(f"{event}\n" for event in traced.events[1:])
    except OSError as refusal:
        raise run.Failed(f"{file}: the trace cannot be written: {refusal.strerror}") from None
    sys.stdout.buffer.write(traced.output.encode("latin-1"))
    if traced.how != "ended":
        raise run.Failed(f"{example.typed}: {traced.how}, and was killed")
    return traced.status if traced.status >= 0 else 128 - traced.status


def build_(asked: argparse.Namespace) -> int:
    """Fill the pages."""
    return go_through(asked, "build")


def check_(asked: argparse.Namespace) -> int:
    """Compare the pages with what their examples do now."""
    return go_through(asked, "check", diff=asked.diff)


def go_through(asked: argparse.Namespace, mode: build.Mode, *, diff: bool = False) -> int:
    """Fill or check the pages that were asked for, and report."""
    if find_spec("cogapp") is None:
        raise library.Missing("pages are filled with cog, which is not installed here: pip install cogapp")
    where = folder(asked)
    pages = [library.lesson(where, name).page for name in asked.names]
    if not pages:
        pages = [*(lesson.page for lesson in library.lessons(where)), *library.other_pages(where)]
    started_s = time.monotonic()
    verdicts = build.go_through(pages, mode, build.progress_bar(len(pages)))
    if asked.times:
        for line in build.times(verdicts, time.monotonic() - started_s):
            print(line)
    for line in build.lines(verdicts, diff=diff):
        print(line)
    return int(any(verdict.state in ("failed", "unstable", "stale") for verdict in verdicts))


def new_(asked: argparse.Namespace) -> int:
    """Begin a lesson, and say which files there are now."""
    for file in new.create(folder(asked), asked.topic, asked.title):
        print(build.shown(file))
    return 0


def site_(asked: argparse.Namespace) -> int:
    """Run Sphinx, every warning an error, the same bytes every time."""
    if asked.lessons is not None:
        lessons = folder(asked)
        return course_site(lessons, (asked.output or lessons.with_name(f"{lessons.name}-site")).resolve())
    source = library.PACKAGE.parent.parent
    if not (source / "conf.py").exists():
        raise library.Missing("the site is built in a checkout of the repository, not from an installed package")
    target = (asked.output or source / "build" / ("epub" if asked.epub else "site")).resolve()
    clear(target)
    with tempfile.TemporaryDirectory() as doctrees:
        command = [sys.executable, "-m", "sphinx", "-nWq", "--keep-going", "-d", doctrees]
        command += ["-b", "epub" if asked.epub else "html"]
        environment = {"SOURCE_DATE_EPOCH": STABLE_DATE_S} | os.environ
        status = subprocess.run([*command, source, target], env=environment, check=False).returncode
    if status != 0:
        return 1
    if asked.epub:
        forget_times(target / "minishell.epub")
    print(target / ("minishell.epub" if asked.epub else "index.html"))
    return 0


def forget_times(book: Path) -> None:
    """Pack the book once more, without the times and modes of the files that it was made of."""
    draft = book.with_suffix(".draft")
    with zipfile.ZipFile(book) as packed, zipfile.ZipFile(draft, "w") as stable:
        for entry in packed.infolist():
            stable.writestr(zipfile.ZipInfo(entry.filename), packed.read(entry), entry.compress_type)
    draft.replace(book)


def course_site(lessons: Path, target: Path) -> int:
    """Run Sphinx on somebody's own lessons."""
    if find_spec("sphinx") is None:
        raise library.Missing(
            "a site is built with Sphinx, which is not installed here: pip install 'minishell[site]'"
        )
    from minishell.lessons.site import course

    clear(target)
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder, "source")
        course.stage(lessons, source)
        command = [sys.executable, "-m", "sphinx", "-nWq", "--keep-going", "-d", f"{folder}/doctrees", "-b", "html"]
        environment = {"SOURCE_DATE_EPOCH": STABLE_DATE_S} | os.environ
        status = subprocess.run([*command, source, target], env=environment, check=False).returncode
    if status == 0:
        print(build.shown(target / "index.html"))
    return int(status != 0)


def clear(target: Path) -> None:
    """Remove an earlier site, so that nothing outlives its page; anything else stays untouched."""
    if (target / ".buildinfo").exists():
        shutil.rmtree(target)
    elif target.exists() and any(target.iterdir()):
        raise library.Missing(f"{target} holds something that is not a site; nothing was removed")


def folder(asked: argparse.Namespace) -> Path:
    """The lessons that the command is about."""
    chosen: Path = asked.lessons or library.default_folder()
    return chosen.resolve()


if __name__ == "__main__":
    sys.exit(main())
