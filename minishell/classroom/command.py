"""`minishell-class`: exercises for learners, grading for teachers, and checks for authors."""

import argparse
import json
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from minishell.classroom import batch, box, doctor, journal, learner, lint, report, spec, verdict
from minishell.classroom.text import visible
from minishell.lessons.library import default_folder

EXAMPLES = """\
examples:
  minishell-class list                          the exercises, and how far you are
  minishell-class start reap-all                put the starter into ./reap-all/
  minishell-class check reap-all                is it right?  what is wrong, and in which line?
  minishell-class grade exercises/ handed-in/ -o results/
                                                grade SUBMISSIONS/LEARNER/EXERCISE/FILE
  minishell-class doctor                        what this machine can isolate and observe

exit status: 0 all passed, 1 something did not, 2 asked wrongly, 3 an error of ours or of the machine
"""
PASSED, NOT_PASSED, ASKED_WRONGLY, OUR_ERROR = range(4)


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; its exit status."""
    asked = parser().parse_args(argv)
    try:
        status: int = asked.verb(asked)
    except (spec.Faulty, journal.Busy, box.Unsafe, FileNotFoundError, NotADirectoryError) as problem:
        print(f"minishell-class: {problem}", file=sys.stderr)
        return ASKED_WRONGLY
    except OSError as problem:
        print(
            f"minishell-class: {problem}; what was graded is kept, and the next run goes on from there",
            file=sys.stderr,
        )
        return OUR_ERROR
    return status


def parser() -> argparse.ArgumentParser:
    """The command line."""
    top = argparse.ArgumentParser(
        "minishell-class",
        description="minishell in the classroom: exercises that are graded on what processes did.",
        epilog=EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    verbs = top.add_subparsers(required=True, metavar="VERB")
    for_learners(verbs)
    for_teachers(verbs)
    return top


def for_learners(verbs: Any) -> None:
    """What a learner asks."""
    shared = argparse.ArgumentParser(add_help=False)
    shared.add_argument("--exercises", type=Path, default=default_folder(), metavar="DIR", help="where they are")
    shared.add_argument("--unsafe", action="store_true", help="run without isolation where this machine has none")
    for name, verb, help in (
        ("start", start, "put the starter of an exercise into this folder"),
        ("show", show, "what is to be done"),
        ("check", check, "is it right?"),
        ("watch", watch, "check again each time the file is saved"),
        ("hint", hint, "the next hint"),
        ("reset", reset, "the starter again; what you wrote is kept as a backup"),
    ):
        add = verbs.add_parser(name, help=help, parents=[shared])
        add.add_argument("exercise", nargs="?", help="its name; the first that is not passed, unless given")
        add.set_defaults(verb=verb)
    add = verbs.add_parser("list", help="all exercises, and how far you are", parents=[shared])
    add.set_defaults(verb=list_)


def for_teachers(verbs: Any) -> None:
    """What a teacher asks."""
    add = verbs.add_parser("grade", help="grade a folder of submissions")
    add.add_argument("exercises", type=Path, metavar="EXERCISES", help="one exercise, or a tree of them")
    add.add_argument("submissions", type=Path, metavar="SUBMISSIONS", help="holds LEARNER/EXERCISE/FILE, or archives")
    add.add_argument("-o", "--output", type=Path, required=True, metavar="OUT", help="where journal and reports go")
    add.add_argument("-j", "--jobs", type=int, default=os.cpu_count() or 1, metavar="N", help="so many boxes at once")
    add.add_argument("--dask", default="", metavar="ADDRESS", help="grade on the workers of this scheduler")
    add.add_argument(
        "--only", action="append", default=[], metavar="LEARNER", help="only this learner; may be repeated"
    )
    add.add_argument("--exercise", action="append", default=[], metavar="NAME", help="only this exercise")
    add.add_argument("--seed", type=int, default=0, metavar="N", help="other parameters, the same for each N")
    how = add.add_mutually_exclusive_group()
    how.add_argument("--resume", action="store_true", help="keep what is graded already (the default)")
    how.add_argument("--fresh", action="store_true", help="grade everything anew")
    add.add_argument("--unsafe", action="store_true", help="run without isolation where this machine has none")
    add.set_defaults(verb=grade)
    add = verbs.add_parser("report", help="render the reports of a grading again")
    add.add_argument("output", type=Path, metavar="OUT")
    add.set_defaults(verb=report_)
    add = verbs.add_parser("lint", help="check exercises by their own solutions and wrong answers")
    add.add_argument("exercises", type=Path, nargs="*", default=[default_folder()], metavar="EXERCISES")
    add.add_argument("--repeat", type=int, default=1, metavar="K", help="so many times, each with other parameters")
    add.add_argument("--unsafe", action="store_true", help="run without isolation where this machine has none")
    add.set_defaults(verb=lint_)
    add = verbs.add_parser("doctor", help="try what this machine can isolate and observe")
    add.add_argument("--json", action="store_true", help="print JSON")
    add.set_defaults(verb=doctor_)


# -- learners


def list_(asked: argparse.Namespace) -> int:
    """All exercises with their state; an arrow at the first that is not passed."""
    known = learner.desk(Path.cwd()).progress()
    pending = True
    for exercise in spec.find(asked.exercises):
        state = known.get(exercise.id, {}).get("verdict", "")
        mark = "✓" if state == verdict.PASS else "→" if pending else " "
        pending = pending and state == verdict.PASS
        more = "" if state in ("", verdict.PASS) else f"  ({state})"
        print(f"{mark} {exercise.id:<24} {exercise.title}{more}")
    return PASSED


def start(asked: argparse.Namespace) -> int:
    desk, exercise = chosen(asked)
    new = desk.start(exercise)
    print(f"{desk.file(exercise).relative_to(desk.folder)} {'is ready for you' if new else 'is there already'}\n")
    print(exercise.text)
    return PASSED


def show(asked: argparse.Namespace) -> int:
    _, exercise = chosen(asked)
    print(exercise.text)
    return PASSED


def check(asked: argparse.Namespace) -> int:
    desk, exercise = chosen(asked)
    return tell(desk.check(exercise, unsafe=asked.unsafe), desk.file(exercise))


def watch(asked: argparse.Namespace) -> int:
    desk, exercise = chosen(asked)
    try:
        for _ in desk.saves(exercise):
            tell(desk.check(exercise, unsafe=asked.unsafe), desk.file(exercise))
            print("\nwaiting for the file to be saved; Ctrl-C ends this")
    except KeyboardInterrupt:
        print()
    return PASSED


def hint(asked: argparse.Namespace) -> int:
    desk, exercise = chosen(asked)
    shown = desk.next_hint(exercise)
    print(f"hint {shown} of {len(exercise.hints)}: {exercise.hints[shown - 1]}")
    return PASSED


def reset(asked: argparse.Namespace) -> int:
    desk, exercise = chosen(asked)
    backup = desk.reset(exercise)
    print(f"{exercise.file} is the starter again; what was there is in {backup.name}")
    return PASSED


def chosen(asked: argparse.Namespace) -> tuple[learner.Desk, spec.Exercise]:
    """The exercise that is asked for by name, or the first that is not passed."""
    desk = learner.desk(Path.cwd())
    exercises = spec.find(asked.exercises)
    known = desk.progress()
    for exercise in exercises:
        wanted = asked.exercise or ("" if known.get(exercise.id, {}).get("verdict") == verdict.PASS else exercise.id)
        if exercise.id == wanted:
            return desk, exercise
    if asked.exercise:
        raise spec.Faulty(f"there is no exercise {asked.exercise!r}; `minishell-class list` shows them")
    raise spec.Faulty(f"there is no exercise in {asked.exercises} that you have not passed")


def tell(result: dict[str, Any], file: Path) -> int:
    """Say what the verdict of each case is; where it failed, why, and in which line."""
    for case in result["cases"]:
        sign = "✓" if case["verdict"] == verdict.PASS else "✗"
        print(f"{sign} {case['name']}" + ("" if case["verdict"] == verdict.PASS else f": {case['verdict']}"))
        if case["verdict"] == verdict.PASS:
            continue
        where = f"{file.name}:{case['line']}: " if case["line"] else ""
        print(f"  {where}{case['sentence']}")
        if case["line"] and file.exists():
            lines = file.read_text(errors="backslashreplace").splitlines()
            print(f"    {case['line']:>4} | {lines[case['line'] - 1].rstrip()}" if case["line"] <= len(lines) else "")
    print(f"{result['score']:g} of {result['max']:g} points")
    return {verdict.PASS: PASSED, verdict.INTERNAL: OUR_ERROR}.get(result["verdict"], NOT_PASSED)


# -- teachers


def grade(asked: argparse.Namespace) -> int:
    """Grade a class, write the journal, render the reports."""
    exercises = spec.find(asked.exercises)
    if not exercises:
        raise spec.Faulty(f"{asked.exercises}: there is no exercise here, no folder with {spec.FILE}")
    wanted = batch.Wanted(frozenset(asked.only), frozenset(asked.exercise), asked.seed, asked.unsafe)
    todo = list(batch.jobs(exercises, asked.submissions, wanted))
    if box.tier() == box.NONE and not asked.unsafe:
        raise box.Unsafe(
            "this machine cannot isolate submissions (minishell-class doctor); --unsafe runs them all the same"
        )
    with journal.opened(asked.output, fresh=asked.fresh) as book, batch.executor(asked.jobs, asked.dask) as workers:
        progress = Progress(len(todo))
        batch.grade(todo, book, workers, 4 * asked.jobs, progress.told)
        progress.end()
        keys = {(each.submission, each.exercise.id) for each in todo}
        results = [result for key, result in book.results.items() if key in keys]
    files = report.write(asked.output, results)
    print(f"{len(results)} results: {', '.join(str(file) for file in files[:3])}")
    return status_of(results)


class Progress:
    """A line that says how far it is, on a terminal."""

    def __init__(self, total: int) -> None:
        self.total = total
        self.done = 0

    def told(self, result: dict[str, Any]) -> None:
        self.done += 1
        if sys.stderr.isatty():
            print(
                f"\r{self.done}/{self.total} {visible(result['submission'])}\x1b[K",
                end="",
                file=sys.stderr,
                flush=True,
            )

    def end(self) -> None:
        if sys.stderr.isatty():
            print("\r\x1b[K", end="", file=sys.stderr, flush=True)


def status_of(results: Sequence[dict[str, Any]]) -> int:
    """The exit status for a set of results."""
    verdicts = {each["verdict"] for each in results}
    if verdict.INTERNAL in verdicts:
        return OUR_ERROR
    return PASSED if verdicts <= {verdict.PASS} else NOT_PASSED


def report_(asked: argparse.Namespace) -> int:
    """Render the reports from the journal alone."""
    if not (asked.output / journal.NAME).exists():
        raise FileNotFoundError(f"{asked.output}: there is no {journal.NAME}, so nothing was graded here")
    with journal.opened(asked.output) as book:
        results = list(book.results.values())
    for file in report.write(asked.output, results):
        print(file)
    return PASSED


def lint_(asked: argparse.Namespace) -> int:
    """Check exercises; every problem, and how many were looked at."""
    exercises = [exercise for top in asked.exercises for exercise in spec.find(top)]
    found = 0
    for exercise in exercises:
        for problem in lint.problems(exercise, repeat=asked.repeat, unsafe=asked.unsafe):
            found += 1
            print(problem)
    print(f"{len(exercises)} exercises, {found} problems")
    return NOT_PASSED if found else PASSED


def doctor_(asked: argparse.Namespace) -> int:
    """Report every ability, and what the missing ones mean."""
    findings = doctor.examine()
    if asked.json:
        json.dump([vars(finding) for finding in findings], sys.stdout, indent=2)
        print()
        return PASSED
    print("\n".join(line for finding in findings for line in lines(finding)))
    print(f"\nsubmissions run {PROMISES[box.tier()]}")
    return PASSED


PROMISES = {
    box.FULL: "in a box of their own, as nobody, with limits for all processes together (tier 3)",
    box.USER: "in a box of their own, with limits for each process (tier 2)",
    box.NONE: "with no isolation at all, and only with --unsafe (tier 1)",
}


def lines(finding: doctor.Finding) -> list[str]:
    """One line for what works, two for what does not."""
    if finding.works:
        return [f"yes  {finding.name:<15} {finding.detail}"]
    return [f"no   {finding.name:<15} {finding.detail}", f"{'':<21}so {finding.without}"]


if __name__ == "__main__":
    sys.exit(main())
