"""Pictures and stories of observed runs, and the pages that hold them."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from minishell.lessons import build
from minishell.lessons.build import Mode, Verdict
from minishell.lessons.command import main
from minishell.lessons.library import default_folder, lessons, other_pages
from minishell.trace.event import load

SCRIPT = """\
import os
child = os.fork()
if child == 0:
    os._exit(3)
os.waitpid(child, 0)
"""


class Course:
    """One lesson with the picture and the story of a script that forks."""

    def __init__(self, top: Path) -> None:
        self.folder = top / "01-fork"
        self.folder.mkdir()
        self.page = self.folder / "index.rst"
        self.svg = self.folder / "fork.svg"
        (self.folder / "fork.py").write_text(SCRIPT)
        self.write("")

    def write(self, more: str) -> None:
        blocks = ["picture(cog.inFile, 'fork.py', alt='A forks B.')", "story(cog.inFile, 'fork.py')", more]
        text = "".join(
            f".. {{{{{{cog\n.. cog.out({block})\n.. }}}}}}\n.. {{{{{{end}}}}}}\n\n" for block in blocks if block
        )
        self.page.write_text(f"Fork\n====\n\n{text}")

    def go(self, mode: Mode) -> Verdict:
        return build.go_through([self.page], mode, lambda done, page: None)[0]


@pytest.fixture
def course(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Course:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    return Course(tmp_path)


def test_picture_and_story_come_from_the_run(course: Course) -> None:
    assert course.go("build").state == "filled"
    page, svg = course.page.read_text(), course.svg.read_text()
    assert ".. timeline:: fork.svg\n   :alt: A forks B.\n" in page
    assert "   A (python)  fork -> new process B" in page
    assert "B, exit 3 (raw status 0x0300)" in page
    assert svg.startswith("<svg")
    assert "<title" in svg
    assert "<desc" in svg
    assert course.go("check").state == "fresh"


def test_a_picture_that_is_not_of_this_script_is_stale(course: Course) -> None:
    course.go("build")
    course.svg.write_text(course.svg.read_text() + "<!-- another -->\n")
    touched = course.svg.read_bytes()
    verdict = course.go("check")
    assert verdict.state == "stale"
    assert verdict.report == f"{course.svg}: the same story is drawn differently"
    assert course.svg.read_bytes() == touched
    assert course.go("build").state == "filled"
    assert course.go("check").state == "fresh"


def test_a_missing_picture_is_stale(course: Course) -> None:
    course.go("build")
    course.svg.unlink()
    assert course.go("check").state == "stale"


def test_a_failing_page_leaves_its_pictures_alone(course: Course) -> None:
    course.go("build")
    before = course.svg.read_bytes()
    (course.folder / "fork.py").write_text(SCRIPT + "os.getpid()\nos.fork()\n")
    (course.folder / "bad.py").write_text("raise SystemExit(1)")
    course.write("run_script(cog.inFile, 'bad.py')")
    assert course.go("build").state == "failed"
    assert course.svg.read_bytes() == before


def test_an_observed_script_must_end_as_promised(course: Course) -> None:
    (course.folder / "fork.py").write_text(SCRIPT + "raise SystemExit(7)\n")
    verdict = course.go("build")
    assert verdict.state == "failed"
    assert f"{course.page}:5: fork.py: python3 fork.py: observed, it ended with 7, expected 0" in verdict.report


def test_a_picture_needs_a_description(course: Course) -> None:
    course.page.write_text("Fork\n====\n\n.. {{{cog cog.out(picture(cog.inFile, 'fork.py')) }}}\n.. {{{end}}}\n")
    verdict = course.go("build")
    assert verdict.state == "failed"
    assert "index.rst:4: fork.py: " in verdict.report
    assert "'alt'" in verdict.report


def test_run_can_write_the_events(course: Course, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    events = tmp_path / "events.jsonl"
    assert main(["run", "--trace", str(events), str(course.folder / "fork.py")]) == 0
    kinds = [event.kind for event in load(events.read_text().splitlines())]
    assert kinds.count("fork") == 1
    assert kinds.count("wait") == 1
    assert kinds.count("exit") == 2


def test_run_with_a_trace_ends_as_the_script_does_and_shows_its_output(
    course: Course, tmp_path: Path, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    (course.folder / "ends.py").write_text("import os, sys\nos.write(1, bytes([0, 255]))\nsys.exit(3)\n")
    (course.folder / "killed.py").write_text("import os\nos.abort()\n")
    events = tmp_path / "events.jsonl"
    assert main(["run", "--trace", str(events), str(course.folder / "ends.py")]) == 3
    assert capfdbinary.readouterr().out == b"\0\xff"
    told = [json.loads(line) for line in events.read_text().splitlines()[1:]]
    assert all({"t", "pid", "name", "kind", "cause"} <= event.keys() for event in told)
    assert [(event["name"], event["cause"]) for event in told if event["kind"] == "write"] == [("A", "line 2")]
    assert main(["run", "--trace", str(events), str(course.folder / "killed.py")]) == 134


@pytest.mark.parametrize(("file", "why"), [("/dev/full", "No space left on device"), ("/", "Is a directory")])
def test_a_trace_that_cannot_be_written_is_said_in_words(
    course: Course, capsys: pytest.CaptureFixture[str], file: str, why: str
) -> None:
    assert main(["run", "--trace", file, str(course.folder / "fork.py")]) == 1
    assert capsys.readouterr() == ("", f"minishell-lessons: {file}: the trace cannot be written: {why}\n")


def test_nothing_of_the_room_is_in_a_picture(course: Course) -> None:
    course.go("build")
    assert "/tmp/lesson-" not in course.svg.read_text() + course.page.read_text()


def test_the_pages_of_this_project_are_fresh() -> None:
    pages = [lesson.page for lesson in lessons(default_folder())] + other_pages(default_folder())
    verdicts = build.go_through(pages, "check", lambda done, page: None)
    assert [(build.shown(verdict.page), verdict.state, verdict.report) for verdict in verdicts] == [
        (build.shown(page), "fresh", "") for page in pages
    ]


def test_a_terminal_sees_a_progress_bar(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True, raising=False)
    draw = build.progress_bar(2)
    draw(1, Path("lessons/01-a/index.rst"))
    draw(2, Path("lessons/02-b/index.rst"))
    assert capsys.readouterr().err == (
        "\r\x1b[K██████████░░░░░░░░░░ 1/2  01-a\r\x1b[K████████████████████ 2/2  02-b\n"
    )


def test_the_command_explains_itself() -> None:
    answer = subprocess.run(
        [sys.executable, "-m", "minishell.lessons.command", "--help"], capture_output=True, text=True, check=True
    )
    assert "minishell-lessons check --diff" in answer.stdout


def test_the_width_of_a_pid_does_not_change_the_story(course: Course) -> None:
    (course.folder / "fork.py").write_text("import os\nos.write(1, b'%d' % os.getpid())\n")
    course.go("build")
    assert "writes 5 bytes to standard output" in course.page.read_text()


def test_a_line_is_drawn_as_minishell_runs_it(course: Course) -> None:
    course.write("picture_line(cog.inFile, 'cat fork.py | grep -c fork', name='cat', alt='cat writes, grep counts.')")
    assert course.go("build").state == "filled"
    svg = (course.folder / "cat.svg").read_text()
    assert ".. timeline:: cat.svg\n   :alt: cat writes, grep counts.\n" in course.page.read_text()
    assert "cat fork.py | grep -c fork</title>" in svg
    assert "writes 2 bytes to standard output: &quot;1\\n&quot;" in svg
    assert "/tmp" not in svg
    assert course.go("check").state == "fresh"


@pytest.mark.parametrize(
    ("block", "complaint"),
    [
        ("picture_line(cog.inFile, 'false', name='x', alt='x')", "false: exit status 1, expected 0"),
        ("picture_line(cog.inFile, 'exit 3', name='x', alt='x', exit=2)", "exit 3: exit status 3, expected 2"),
        ("picture_line(cog.inFile, 'read x <>/dev/tty', name='x', alt='x')", "exit status 1, expected 0"),
    ],
)
def test_a_line_must_end_as_promised(course: Course, block: str, complaint: str) -> None:
    course.write(block)
    verdict = course.go("build")
    assert verdict.state == "failed"
    assert complaint in verdict.report
    assert not (course.folder / "x.svg").exists()
