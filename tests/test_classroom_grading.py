"""Grading a class: verdicts, a journal that survives, reports that are equal byte for byte."""

from __future__ import annotations

import json
import os
import resource
import tarfile
import zipfile
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree

import pytest

from minishell.classroom import box, collect, journal, report, spec
from minishell.classroom.command import main
from minishell.lessons.library import default_folder

if TYPE_CHECKING:
    from pathlib import Path

BOXED = pytest.mark.skipif(box.tier() < box.USER, reason="needs bubblewrap")

EXERCISE = """
title = "Say hello"
lesson = "11-fork"
kind = "python"
file = "solution.py"
hints = ["print"]

[[case]]
name = "hello"
points = 2

[case.expect]
stdout = "hello\\n"

[[case]]
name = "a child"

[case.expect]
checks = ["created(0)"]
"""


@pytest.fixture
def exercise(tmp_path: Path) -> Path:
    """A folder with one exercise."""
    folder = tmp_path / "exercises" / "say-hello"
    folder.mkdir(parents=True)
    (folder / "exercise.toml").write_text(EXERCISE)
    return folder


@pytest.fixture
def submissions(tmp_path: Path) -> Path:
    """A right answer, a wrong one, one that hangs nowhere but prints markup, and an empty folder."""
    top = tmp_path / "submissions"
    answers = {
        "ada": "print('hello')",
        "bob": "print('hallo')",
        "=cmd()": "print('<script>alert(1)</script>\\x1b[2J]]>')",
    }
    for learner, text in answers.items():
        (top / learner / "say-hello").mkdir(parents=True)
        (top / learner / "say-hello" / "solution.py").write_text(text + "\n")
    (top / "eve").mkdir()
    return top


def result(submission: str, verdict: str = "pass", sentence: str = "", key: str = "k") -> dict[str, Any]:
    """A result as the journal has it."""
    case = {"name": "c", "points": 1, "max": 1, "visibility": "visible", "verdict": verdict, "sentence": sentence}
    case |= {"line": 0, "event": -1, "expected": "", "actual": ""}
    whole = {"schema": 1, "key": key, "submission": submission, "exercise": "x", "verdict": verdict}
    return whole | {"score": 1, "max": 1, "tier": 3, "cases": [case]}


# -- the class


@BOXED
def test_a_class_is_graded_the_same_whatever_runs_side_by_side(
    exercise: Path, submissions: Path, tmp_path: Path
) -> None:
    """The exit status says that somebody did not pass."""
    for jobs in ("1", "2"):
        assert main(["grade", str(exercise), str(submissions), "-o", str(tmp_path / jobs), "-j", jobs]) == 1
    for name in ("results.csv", "junit.xml", "report.html", "gradescope/ada/results.json"):
        assert (tmp_path / "1" / name).read_bytes() == (tmp_path / "2" / name).read_bytes()
    rows = (tmp_path / "1" / "results.csv").read_text().splitlines()
    assert rows[0] == "submission,exercise,verdict,score,max,case,line,sentence,tier"
    assert rows[1].startswith("'=cmd(),say-hello,fail,1,3,hello,")
    assert rows[2] == f"ada,say-hello,pass,3,3,,,,{box.tier()}"
    assert rows[3].startswith(
        'bob,say-hello,fail,1,3,hello,,"line 1 of the output is “hallo”, and should be “hello”",'
    )
    assert rows[4].startswith("eve,say-hello,invalid,0,3,hello,,nothing was handed in,")
    page = (tmp_path / "1" / "report.html").read_text()
    assert "<script>" not in page
    assert "\x1b" not in page
    suites = ElementTree.parse(tmp_path / "1" / "junit.xml").getroot()
    assert [suite.get("failures") for suite in suites] == ["1", "0", "1", "2"]
    told = json.loads((tmp_path / "1" / "gradescope/bob/results.json").read_text())
    assert (told["score"], [test["status"] for test in told["tests"]]) == (1, ["failed", "passed"])


@BOXED
def test_what_is_graded_is_not_graded_again_unless_it_has_changed(
    exercise: Path, submissions: Path, tmp_path: Path
) -> None:
    out = tmp_path / "out"
    command = ["grade", str(exercise), str(submissions), "-o", str(out)]
    main(command)
    lines = (out / "journal.jsonl").read_text().splitlines()
    main(command)
    assert (out / "journal.jsonl").read_text().splitlines() == lines
    (submissions / "bob/say-hello/solution.py").write_text("print('hello')\n")
    main(command)
    assert len((out / "journal.jsonl").read_text().splitlines()) == len(lines) + 1
    assert "bob,say-hello,pass,3,3" in (out / "results.csv").read_text()


@BOXED
def test_all_shipped_exercises_pass_their_own_answers(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["lint", str(default_folder())]) == 0, capsys.readouterr().out


# -- the journal


def test_a_line_that_was_cut_is_cut_off_and_the_rest_is_kept(tmp_path: Path) -> None:
    with journal.opened(tmp_path) as book:
        book.add(result("ada"))
        book.add(result("bob"))
    file = tmp_path / "journal.jsonl"
    whole = file.read_bytes()
    for length in range(len(whole) // 2 + 5, len(whole)):
        file.write_bytes(whole[:length])
        with journal.opened(tmp_path) as book:
            assert sorted(book.results) == [("ada", "x")]
        assert file.read_bytes() == whole[: whole.index(b"\n") + 1]


def test_two_graders_on_one_folder(tmp_path: Path) -> None:
    with journal.opened(tmp_path), pytest.raises(journal.Busy, match="another grader"), journal.opened(tmp_path):
        pass


def test_on_a_full_disk_nothing_half_stays_in_the_journal(tmp_path: Path) -> None:
    with journal.opened(tmp_path) as book:
        book.add(result("ada"))
        before = (tmp_path / "journal.jsonl").read_bytes()
        limits = resource.getrlimit(resource.RLIMIT_FSIZE)
        resource.setrlimit(resource.RLIMIT_FSIZE, (len(before) + 10, limits[1]))  # ten bytes more, and no further
        try:
            with pytest.raises(OSError, match="File too large"):
                book.add(result("bob"))
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    assert (tmp_path / "journal.jsonl").read_bytes() == before


def test_reports_are_sorted_and_escape_what_others_wrote(tmp_path: Path) -> None:
    nasty = 'x"]]>\x00<b>&'
    report.write(tmp_path, [result("zoe", "fail", nasty), result("ada")])
    rows = (tmp_path / "results.csv").read_text().splitlines()
    assert [row.partition(",")[0] for row in rows] == ["submission", "ada", "zoe"]
    failure = ElementTree.parse(tmp_path / "junit.xml").getroot().find(".//failure")
    assert failure is not None
    assert failure.get("message") == 'x"]]>\\x00<b>&'


# -- what is handed in


def test_only_a_regular_file_is_taken(tmp_path: Path) -> None:
    target = tmp_path / "secret"
    target.write_text("secret")
    (tmp_path / "solution.py").symlink_to(target)
    with pytest.raises(collect.Invalid, match="is a symbolic link"):
        collect.collect(tmp_path, "solution.py")
    (tmp_path / "solution.py").unlink()
    os.mkfifo(tmp_path / "solution.py")
    with pytest.raises(collect.Invalid, match="is a FIFO"):
        collect.collect(tmp_path, "solution.py")


def test_a_wrong_name_is_told_with_the_one_that_is_there(tmp_path: Path) -> None:
    (tmp_path / "Solution.py").write_text("")
    with pytest.raises(collect.Invalid, match=r"there is no solution\.py; there is 'Solution.py'"):
        collect.collect(tmp_path, "solution.py")


def test_a_sparse_file_is_too_large(tmp_path: Path) -> None:
    with open(tmp_path / "solution.py", "wb") as file:
        file.truncate(1 << 40)
    with pytest.raises(collect.Invalid, match="1099511627776 bytes"):
        collect.collect(tmp_path, "solution.py")


def test_archives_are_opened_with_care(tmp_path: Path) -> None:
    good = tmp_path / "good.zip"
    with zipfile.ZipFile(good, "w") as members:
        members.writestr("work/solution.py", "print('hello')\n")
    assert collect.collect(good, "solution.py").files == {"solution.py": b"print('hello')\n"}
    bomb = tmp_path / "bomb.zip"
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as members:
        members.writestr("solution.py", bytes(50_000_000))
    with pytest.raises(collect.Invalid, match="more than 1048576 bytes"):
        collect.collect(bomb, "solution.py")
    outside = tmp_path / "outside.zip"
    with zipfile.ZipFile(outside, "w") as members:
        members.writestr("../solution.py", "")
    with pytest.raises(collect.Invalid, match=r"there is no solution\.py"):
        collect.collect(outside, "solution.py")
    link = tmp_path / "link.tar"
    with tarfile.open(link, "w") as members:
        entry = tarfile.TarInfo("solution.py")
        entry.type, entry.linkname = tarfile.SYMTYPE, "/etc/passwd"
        members.addfile(entry)
    with pytest.raises(collect.Invalid, match="no regular file"):
        collect.collect(link, "solution.py")
    broken = tmp_path / "broken.zip"
    broken.write_bytes(b"PK\x03\x04 not really")
    with pytest.raises(collect.Invalid, match="cannot be unpacked"):
        collect.collect(broken, "solution.py")


# -- exercises


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        (('name = "hello"', 'nmae = "hello"'), "case 1: there is no key 'nmae'; did you mean 'name'?"),
        (("created(0)", "createt(0)"), "there is no check createt"),
        (('kind = "python"', 'kind = "cobol"'), "kind is 'cobol'; it can be python or program"),
        (("[[case]]", "[[case"), "Expected"),
        (('name = "a child"', 'name = "hello"'), "two cases have the same name"),
    ],
)
def test_an_exercise_that_is_written_wrongly_is_refused(
    exercise: Path, change: tuple[str, str], problem: str
) -> None:
    (exercise / "exercise.toml").write_text(EXERCISE.replace(*change, 1))
    with pytest.raises(spec.Faulty) as caught:
        spec.load(exercise)
    assert problem in str(caught.value)


def test_parameters_are_the_same_for_a_learner_and_differ_between_learners() -> None:
    exercise = spec.load(default_folder() / "13-wait/exercises/reap-all")
    words = {learner: exercise.for_learner(learner, 1)[0].argv for learner in ("ada", "bob", "cy", "dora", "eve")}
    assert words["ada"] == exercise.for_learner("ada", 1)[0].argv
    assert len(set(words.values())) > 1


# -- learners


@BOXED
def test_the_way_of_a_learner(
    exercise: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (exercise / "text.rst").write_text("Say hello.\n")
    (exercise / "starter").mkdir()
    (exercise / "starter/solution.py").write_text("print('hallo')\n")
    desk = tmp_path / "desk"
    desk.mkdir()
    monkeypatch.chdir(desk)
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    where = ["--exercises", str(exercise.parent)]
    assert main(["start", *where]) == 0
    assert main(["check", *where]) == 1
    assert "line 1 of the output is “hallo”, and should be “hello”" in capsys.readouterr().out
    assert main(["hint", *where]) == 0
    assert capsys.readouterr().out == "hint 1 of 1: print\n"
    (desk / "say-hello/solution.py").write_text("print('hello')\n")
    assert main(["check", *where]) == 0
    capsys.readouterr()
    main(["list", *where])
    assert capsys.readouterr().out == "✓ say-hello                Say hello\n"
    assert main(["reset", "say-hello", *where]) == 0
    assert (desk / "say-hello/solution.py.bak").read_text() == "print('hello')\n"
