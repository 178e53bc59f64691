"""Pages are filled by what really ran, told apart when they are not, and never half written."""

import os
import shutil
import sys
from pathlib import Path

import pytest

from minishell.lessons import build, cache, run, stage
from minishell.lessons.build import Mode, Verdict
from minishell.lessons.command import main
from tests.limits import LIMITS_S


class Course:
    """A teacher's folder with one lesson, `01-test`, in which two runs are asked for."""

    def __init__(self, top: Path) -> None:
        self.top = top
        self.folder = top / "01-test"
        self.page = self.folder / "index.rst"
        self.folder.mkdir()
        self.script("first.py", "print('one')")
        self.script("second.py", "print('two')")
        self.blocks("run_script(cog.inFile, 'first.py')", "run_script(cog.inFile, 'second.py')")

    def script(self, name: str, source: str) -> None:
        (self.folder / name).write_text(source)

    def blocks(self, *calls: str) -> None:
        """A page with these calls; the first is on line 5, the next ones six lines further each."""
        block = ".. {{{cog\n.. cog.out(CALL)\n.. }}}\n.. {{{end}}}\n\nProse.\n"
        self.page.write_text("Test\n====\n\n" + "".join(block.replace("CALL", call) for call in calls))

    def go(self, mode: Mode) -> Verdict:
        return build.go_through([self.page], mode, lambda done, page: None)[0]


@pytest.fixture
def course(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Course:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    return Course(tmp_path)


def test_a_page_is_filled_once_and_then_fresh(course: Course) -> None:
    assert course.go("build").state == "filled"
    assert ".. code-block:: console\n\n   $ python3 first.py\n\n   one\n\n.. {{{end}}}" in course.page.read_text()
    assert [course.go("build").state, course.go("check").state] == ["fresh", "fresh"]


def test_nothing_is_started_for_a_page_that_was_fresh_as_it_is(
    course: Course, monkeypatch: pytest.MonkeyPatch
) -> None:
    course.go("build")
    monkeypatch.setattr(sys, "executable", "/no/such/python")
    assert course.go("build").state == "fresh"
    course.page.write_text(course.page.read_text() + "More.\n")
    with pytest.raises(FileNotFoundError):
        course.go("build")


def test_a_picture_that_is_gone_is_drawn_again(course: Course) -> None:
    course.blocks("picture(cog.inFile, 'first.py', alt='x')")
    course.go("build")
    (course.folder / "first.svg").unlink()
    assert course.go("build").state == "filled"
    assert (course.folder / "first.svg").exists()


def test_one_changed_script_concerns_its_page_alone(course: Course) -> None:
    other = course.top / "02-other"
    shutil.copytree(course.folder, other)
    pages = [course.page, other / "index.rst"]
    assert [verdict.state for verdict in build.go_through(pages, "build", quiet)] == ["filled", "filled"]
    course.script("first.py", "print('new')")
    again = build.go_through(pages, "build", quiet)
    assert [(verdict.state, verdict.ran_s > 0) for verdict in again] == [("filled", True), ("fresh", False)]


def quiet(done: int, page: Path) -> None:
    """No progress bar."""


def test_the_times_of_the_examples_are_told(course: Course, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--lessons", str(course.top), "build", "--times"]) == 0
    page, total, states = capsys.readouterr().out.splitlines()
    assert page.endswith(f" s  {course.page}")
    assert " s of examples in " in total
    assert states == "1 filled"


def test_an_unfilled_page_is_stale(course: Course) -> None:
    before = course.page.read_text()
    assert course.go("check").state == "stale"
    assert course.page.read_text() == before


def test_a_changed_script_makes_the_page_stale_and_the_diff_says_how(course: Course) -> None:
    course.go("build")
    before = course.page.read_text()
    course.script("second.py", "print('three')")
    verdict = course.go("check")
    assert verdict.state == "stale"
    assert "-   two\n+   three\n" in verdict.report
    assert course.page.read_text() == before


def test_check_does_not_believe_the_cache(course: Course, monkeypatch: pytest.MonkeyPatch) -> None:
    course.go("build")
    for remembered in (course.top / "cache" / "minishell" / "lessons").iterdir():
        remembered.write_text("a lie")
    course.page.write_text(course.page.read_text() + "More.\n")
    assert course.go("build").state == "filled"
    assert "a lie" in course.page.read_text()
    assert course.go("check").state == "stale"


def test_a_failing_script_is_named_with_its_page_and_line_and_the_page_is_untouched(course: Course) -> None:
    course.script("second.py", "print('so far')\n\nraise KeyError('x')\n")
    before = course.page.read_bytes()
    verdict = course.go("build")
    assert verdict.state == "failed"
    assert verdict.report.splitlines() == [
        f"{course.page}:11: second.py: python3 second.py: exit status 1, expected exit status 0",
        "    | so far",
        "    | Traceback (most recent call last):",
        '    |   File "/home/learner/lessons/01-test/second.py", line 3, in <module>',
        "    |     raise KeyError('x')",
        "    | KeyError: 'x'",
        "  at second.py:3",
    ]
    assert course.page.read_bytes() == before


def test_the_line_is_right_on_a_page_that_was_filled_before(course: Course) -> None:
    course.go("build")
    course.script("second.py", "raise SystemExit(1)")
    line = course.page.read_text().split("\n").index(".. cog.out(run_script(cog.inFile, 'second.py'))") + 1
    assert f"index.rst:{line}: " in course.go("build").report


def test_a_block_on_one_line_is_named_by_that_line(course: Course) -> None:
    course.page.write_text("Test\n====\n\n.. {{{cog cog.out(run_script(cog.inFile, 'no.py')) }}}\n.. {{{end}}}\n")
    assert "index.rst:4: no.py: python3 no.py: exit status 2" in course.go("build").report


def test_the_expected_end_is_shown_as_a_shell_would(course: Course) -> None:
    course.script("first.py", "raise SystemExit(3)")
    course.script("second.py", "import os; os.kill(os.getpid(), 15)")
    course.blocks(
        "run_script(cog.inFile, 'first.py', exit=3)", "run_script(cog.inFile, 'second.py', signal='SIGTERM')"
    )
    assert course.go("build").state == "filled"
    page = course.page.read_text()
    assert "   $ python3 first.py\n\n   $ echo $?\n   3\n" in page
    assert "   $ python3 second.py\n\n   $ echo $?\n   143\n" in page


@pytest.mark.parametrize(
    ("source", "option", "complaint"),
    [
        ("pass", "exit=3", "exit status 0, expected exit status 3"),
        ("raise SystemExit(143)", "signal='SIGTERM'", "exit status 143, expected killed by SIGTERM"),
        ("import os; os.kill(os.getpid(), 15)", "exit=143", "killed by SIGTERM, expected exit status 143"),
        (
            "import os; os.kill(os.getpid(), 9)",
            "signal='SIGTERM'",
            "killed by SIGKILL, expected killed by SIGTERM",
        ),
        ("import signal; signal.pause()", "timeout=0.3", "still running after 0.3 s, expected exit status 0"),
        ("while True: print('y' * 70)", "timeout=20", "more output than a page can take"),
        ("print('x' * 80)", "width=79", "a line of 80 columns does not fit into 79"),
        ("print('{{{cog')", "exit=0", "the output holds cog's marker '{{{cog'"),
        ("print('}}}')", "exit=0", "the output holds cog's marker '}}}'"),
        ("print('{{{end}}}')", "exit=0", "the output holds cog's marker"),
        ("pass", "colour=3", "unexpected keyword argument 'colour'"),
    ],
)
def test_what_a_page_does_not_promise_fails(course: Course, source: str, option: str, complaint: str) -> None:
    course.script("second.py", source)
    course.blocks("run_script(cog.inFile, 'first.py')", f"run_script(cog.inFile, 'second.py', {option})")
    verdict = course.go("build")
    assert verdict.state == "failed"
    assert verdict.report.startswith(f"{course.page}:11: second.py: ")
    assert complaint in verdict.report


def test_output_that_differs_between_two_runs_is_unstable_not_stale(course: Course) -> None:
    course.script("first.py", "import time; print('at', time.monotonic_ns())")
    verdict = course.go("check")
    assert verdict.state == "unstable"
    assert verdict.report.startswith(f"{course.page}:5: first.py: unstable: two runs differ\n")
    assert "    -at " in verdict.report


def test_a_page_that_is_unstable_and_fails_is_failed(course: Course) -> None:
    course.script("first.py", "import time; print('at', time.monotonic_ns())")
    course.script("second.py", "raise SystemExit(1)")
    verdict = course.go("check")
    assert verdict.state == "failed"
    assert [
        line[len(f"{course.page}:") :].split(":")[0] for line in verdict.report.split("\n") if line[:1] == "/"
    ] == [
        "5",
        "11",
    ], "both problems, each with its line"


def test_an_output_edited_by_hand_is_refused(course: Course) -> None:
    course.go("build")
    edited = course.page.read_text().replace("   two\n", "   2\n")
    course.page.write_text(edited)
    verdict = course.go("build")
    assert verdict.state == "failed"
    assert verdict.report.startswith(f"{course.page}:27: Output has been edited!")
    assert course.page.read_text() == edited


def test_a_broken_marker_names_the_page(course: Course) -> None:
    course.page.write_text("Test\n====\n\n.. {{{cog\n.. cog.out('x')\n")
    verdict = course.go("check")
    assert (verdict.state, verdict.report) == ("failed", f"{course.page}:4: Cog block begun but never ended.")


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        (".. {{{cog\n.. cog.out('x')\n.. }}}\n", "6: Missing '{{{end}}}' before end of file."),
        ("Prose.\n.. {{{end}}}\n", "5: Unexpected '{{{end}}}'"),
        (".. {{{cog\n.. }}}\n.. {{{cog\n", "6: Unexpected '{{{cog'"),
        (".. {{{cog\n.. cog.out('x'\n.. }}}\n.. {{{end}}}\n", "5: SyntaxError"),
    ],
)
def test_a_broken_block_is_named_by_page_and_line(course: Course, text: str, complaint: str) -> None:
    broken = f"Test\n====\n\n{text}"
    course.page.write_text(broken)
    verdict = course.go("build")
    assert verdict.state == "failed"
    assert f"{course.page}:{complaint}" in verdict.report
    assert course.page.read_text() == broken


def test_the_prose_is_not_blamed_for_what_was_not_run(course: Course) -> None:
    course.script("first.py", "raise SystemExit(1)")
    course.page.write_text(
        "Test\n====\n\n.. {{{cog\n.. text = run_script(cog.inFile, 'first.py')\n.. cog.out(text)\n"
        ".. refuse_if('one' not in text, 'the prose says one')\n.. }}}\n.. {{{end}}}\n"
    )
    report = course.go("build").report
    assert "index.rst:5: first.py: python3 first.py: exit status 1" in report
    assert "the prose says one" not in report


def test_an_example_that_writes_outside_its_room_fails_at_its_line(course: Course) -> None:
    course.script("first.py", "import os\nopen('/usr/lib/mine', 'w')\n")
    report = course.go("build").report
    assert report.startswith(f"{course.page}:5: first.py: python3 first.py: exit status 1")
    assert "Read-only file system: '/usr/lib/mine'" in report
    assert report.endswith("  at first.py:2")


def test_a_daemon_does_not_hold_up_the_page(course: Course) -> None:
    course.script(
        "first.py", "import os, time\nif os.fork() == 0:\n    os.setsid()\n    time.sleep(1000)\nprint('one')\n"
    )
    assert course.go("build").state == "filled"
    assert "   $ python3 first.py\n\n   one\n" in course.page.read_text()


def test_terminal_escapes_are_spelled_out(course: Course) -> None:
    course.script("first.py", r"print('\033[31mred\033[0m\a')")
    assert course.go("build").state == "filled"
    assert "   ^[[31mred^[[0m^G\n" in course.page.read_text()


@pytest.mark.parametrize(
    ("call", "complaint"),
    [
        ("run_script(cog.inFile, 'no.py')", "no.py: python3 no.py: exit status 2"),
        ("run_session(cog.inFile, 'no.msh')", "no.msh: [Errno 2] No such file or directory"),
        ("picture(cog.inFile, 'no.py', alt='x')", "no.py: python3 no.py: "),
    ],
)
def test_a_missing_file_is_named_by_page_and_line(course: Course, call: str, complaint: str) -> None:
    course.blocks("run_script(cog.inFile, 'first.py')", call)
    assert f"{course.page}:11: {complaint}" in course.go("build").report


def test_a_picture_of_a_script_that_fails_names_its_line(course: Course) -> None:
    course.script("first.py", "import os\n\nos.rmdir('no')\n")
    course.blocks("picture(cog.inFile, 'first.py', alt='x')")
    assert course.go("build").report == (
        f"{course.page}:5: first.py: python3 first.py: observed, it ended with 1, expected 0\n  at first.py:3"
    )


def test_the_bar_tells_how_far_it_is(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True, raising=False)
    draw = build.progress_bar(2)
    draw(1, Path("01-first/index.rst"))
    draw(2, Path("02-second/index.rst"))
    assert capsys.readouterr().err == (
        "\r\x1b[K██████████░░░░░░░░░░ 1/2  01-first\r\x1b[K████████████████████ 2/2  02-second\n"
    )


def test_a_gigabyte_is_not_waited_for(course: Course) -> None:
    course.script("first.py", "import os\nblock = b'y' * 65536\nfor _ in range(1 << 14): os.write(1, block)\n")
    assert (
        f"{course.page}:5: first.py: python3 first.py: more output than a page can take" in course.go("build").report
    )


def test_an_error_in_a_block_is_a_failure(course: Course) -> None:
    course.blocks("undefined_name")
    verdict = course.go("check")
    assert verdict.state == "failed"
    assert verdict.report == f"{course.page}:5: NameError: name 'undefined_name' is not defined"


def test_one_bad_page_does_not_hide_the_others(course: Course) -> None:
    other = course.top / "02-other"
    other.mkdir()
    (other / "index.rst").write_text("Other\n=====\n")
    course.script("first.py", "raise SystemExit(1)")
    verdicts = build.go_through([course.page, other / "index.rst"], "build", lambda done, page: None)
    assert [verdict.state for verdict in verdicts] == ["failed", "fresh"]


def test_input_and_environment_are_given(course: Course) -> None:
    course.script("first.py", "import os; print(input(), os.environ['PLANT'])")
    course.blocks("run_script(cog.inFile, 'first.py', stdin='a line', env={'PLANT': 'mint'})")
    assert course.go("build").state == "filled"
    assert "   a line mint\n" in course.page.read_text()


def test_a_script_on_a_terminal_is_typed_at(course: Course) -> None:
    course.script(
        "first.py", "import os, sys; print(os.get_terminal_size().columns, sys.stdin.isatty(), sys.stdin.read())"
    )
    course.blocks("run_script(cog.inFile, 'first.py', pty=True, width=60, stdin='typed\\n')")
    assert course.go("build").report == ""
    assert "   $ python3 first.py\n\n   typed\n   60 True typed\n" in course.page.read_text()


def test_a_line_is_explained_as_on_a_terminal(course: Course) -> None:
    course.blocks("explain(cog.inFile, 'cd ..')", "explain(cog.inFile, 'ls | wc', view='tokens')")
    assert course.go("build").report == ""
    page = course.page.read_text()
    assert (
        "   minishell$ explain cd ..\n"
        "   cd ..\n"
        "     A  runs cd in this process: a child could change only its own\n"
        "        chdir -> /home/learner/lessons\n"
        "   $? is 0\n"
    ) in page
    assert (
        "   minishell$ explain --tokens ls | wc\n"
        "       1–2  'ls'                  word\n"
        "       4–4  '|'                   operator\n"
        "       6–7  'wc'                  word\n"
    ) in page


def test_shells_that_agree_are_shown_together(course: Course) -> None:
    course.blocks(
        "compare(cog.inFile, 'echo one; false')", r"compare(cog.inFile, 'echo a\\\\nb', shells=['dash', 'bash'])"
    )
    assert course.go("build").report == ""
    page = course.page.read_text()
    assert (
        ".. code-block:: console\n   :caption: minishell, dash and bash\n\n"
        "   $ echo one; false\n   one\n   $ echo $?\n   1\n"
    ) in page
    assert "   :caption: minishell and bash\n\n   $ echo a\\\\nb\n   a\\nb\n" in page
    assert "   :caption: dash\n\n   $ echo a\\\\nb\n   a\n   b\n" in page


@pytest.mark.parametrize(
    ("call", "complaint"),
    [
        ("compare(cog.inFile, 'true', shells=['no-such-shell'])", "true: no-such-shell is not installed here"),
        ("compare(cog.inFile, 'read x; sleep 9', timeout=0.4)", "minishell: still running after 0.4 s"),
        ("picture(cog.inFile, 'first.py', alt='x', as_user='root')", "as_user= are for run_script"),
        ("story(cog.inFile, 'first.py', pty=True)", "pty= and as_user= are for run_script"),
        ("run_script(cog.inFile, 'first.py', as_user='me')", "as_user='me': there are learner, nobody, root"),
        ("explain(cog.inFile, 'ls |')", "ls |: explain: exit status 2"),
        ("explain(cog.inFile, 'ls', view='picture')", 'there are "tokens", "tree" and "words"'),
        ("refuse_if(2 > 1, 'the prose says one')", "the prose says one"),
    ],
)
def test_what_shells_cannot_do_fails_at_its_line(course: Course, call: str, complaint: str) -> None:
    course.blocks("run_script(cog.inFile, 'first.py')", call)
    verdict = course.go("build")
    assert verdict.state == "failed"
    assert verdict.report.startswith(f"{course.page}:11: ")
    assert complaint in verdict.report


def test_a_condition_that_does_not_hold_refuses_nothing(course: Course) -> None:
    course.page.write_text("Test\n====\n\n.. {{{cog\n.. refuse_if(1 > 2, 'why')\n.. }}}\n.. {{{end}}}\n")
    assert course.go("build").state == "filled"


def test_changing_a_file_of_the_lesson_changes_the_key(course: Course) -> None:
    keys = {cache.key(course.folder, "q"), cache.key(course.folder, "other")}
    course.script("first.py", "print('new')")
    keys.add(cache.key(course.folder, "q"))
    os.rename(course.folder / "first.py", course.folder / "renamed.py")
    keys.add(cache.key(course.folder, "q"))
    (course.folder / "renamed.py").chmod(0o755)
    keys.add(cache.key(course.folder, "q"))
    assert len(keys) == 5


def test_prose_does_not_change_the_key(course: Course) -> None:
    before = cache.key(course.folder, "q")
    course.page.write_text("Changed\n=======\n")
    assert cache.key(course.folder, "q") == before


def test_the_command_reports_and_fails(course: Course, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--lessons", str(course.top), "check"]) == 1
    assert capsys.readouterr().out == (
        f"{course.page}: stale: minishell-lessons build writes what was run now\n1 stale\n"
    )
    assert main(["--lessons", str(course.top), "build", "test"]) == 0
    assert main(["--lessons", str(course.top), "check", "--diff", "01"]) == 0
    assert capsys.readouterr().out == "1 filled\n1 fresh\n"


def test_the_command_lists(course: Course, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--lessons", str(course.top), "list"]) == 0
    assert capsys.readouterr().out == "01-test  Test\n    first.py\n    second.py\n"


def test_the_table_tells_how_each_example_ends(course: Course, capsys: pytest.CaptureFixture[str]) -> None:
    course.blocks(
        "run_script(cog.inFile, '-u first.py one', exit=3)",
        "picture(cog.inFile, 'first.py', alt='x', exit=3)",
        "run_script(cog.inFile, 'second.py', signal='SIGTERM', as_user='root')",
        "run_session(cog.inFile, 'talk.msh')",
        "picture_line(cog.inFile, 'ls | wc', name='count', alt='x')",
        "compare(cog.inFile, 'echo')",
    )
    assert main(["--lessons", str(course.top), "list", "--table"]) == 0
    assert capsys.readouterr().out == (
        "lesson   example    ends with                  picture\n"
        "01-test  first.py   status 3                   first.svg\n"
        "01-test  second.py  killed by SIGTERM as root\n"
        "01-test  talk.msh   a session\n"
        "01-test  ls | wc    status 0                   count.svg\n"
        "01-test  echo       compare\n"
    )


def test_the_list_is_without_markup(course: Course, capsys: pytest.CaptureFixture[str]) -> None:
    course.page.write_text("What ``ls | wc`` *is*, :doc:`there <x>`\n=======\n")
    assert main(["--lessons", str(course.top), "list"]) == 0
    assert capsys.readouterr().out.startswith("01-test  What ls | wc is, there\n")


def test_a_new_lesson_works_as_it_is(course: Course, capsys: pytest.CaptureFixture[str]) -> None:
    command = ["--lessons", str(course.top)]
    assert main([*command, "new", "named-pipes", "--title", "Pipes with names"]) == 0
    folder = course.top / "02-named-pipes"
    made = [str(folder / name) for name in ("index.rst", "example.py", "example.msh")]
    assert capsys.readouterr().out.splitlines() == made
    assert main([*command, "build", "named-pipes"]) == 0
    assert main([*command, "list"]) == 0
    assert "02-named-pipes  Pipes with names\n    example.msh\n    example.py\n" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("topic", "complaint"), [("Named Pipes", "small letters"), ("test", "such a lesson already")]
)
def test_a_new_lesson_needs_a_name_of_its_own(
    course: Course, topic: str, complaint: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["--lessons", str(course.top), "new", topic]) == 1
    assert complaint in capsys.readouterr().err


def test_the_command_runs_one_example(course: Course, capsys: pytest.CaptureFixture[str]) -> None:
    course.script("first.py", "import sys; print(sys.argv[1:]); sys.exit(7)")
    assert main(["run", str(course.folder / "first.py"), "-x", "a b"]) == 7
    assert capsys.readouterr().out == "['-x', 'a b']\n"


@pytest.mark.parametrize("words", [["check", "no-such"], ["run", "nowhere.py"]])
def test_what_is_missing_is_named(course: Course, words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--lessons", str(course.top), *words]) == 1
    assert f"minishell-lessons: {words[1]}: no such" in capsys.readouterr().err


def test_a_folder_without_lessons_is_an_error(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--lessons", str(tmp_path), "list"]) == 1
    assert "no lesson here" in capsys.readouterr().err


def test_the_site_is_not_built_over_other_files(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "thesis.tex").write_text("years of work")
    assert main(["site", "--output", str(tmp_path)]) == 1
    assert "nothing was removed" in capsys.readouterr().err
    assert (tmp_path / "thesis.tex").read_text() == "years of work"


def without_namespaces(monkeypatch: pytest.MonkeyPatch) -> None:
    """Be a machine whose kernel refuses namespaces."""
    for module in (run, stage):
        monkeypatch.setattr(module, "namespace", lambda user="learner": ())


def test_a_machine_without_namespaces_gives_the_same_page(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "family.py").write_text(
        "import os, sys\n"
        "print('I am', os.getpid(), os.getcwd())\n"
        "sys.stdout.flush()\n"
        "for _ in range(2):\n"
        "    child = os.fork()\n"
        "    if child == 0:\n"
        "        print('child', os.getpid())\n"
        "        sys.exit()\n"
        "    print(os.waitpid(child, 0))\n"
        "    sys.stdout.flush()\n"
        "os.kill(os.getpid(), 15)\n"
    )
    example = run.Example(tmp_path, "family.py", signal="SIGTERM")
    pages = [run.transcript(example)]
    without_namespaces(monkeypatch)
    pages.append(run.transcript(example))
    assert pages[0] == pages[1]
    assert pages[0].count(str(stage.first_pid(example.seed) + 1)) == 2


def test_without_namespaces_time_is_limited_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "hang.py").write_text("import signal; print('so far', flush=True); signal.pause()")
    without_namespaces(monkeypatch)
    for limit_s in LIMITS_S:
        with pytest.raises(run.Failed) as caught:
            run.once(run.Example(tmp_path, "hang.py", timeout_s=limit_s))
        if "so far" in str(caught.value):
            break
    assert f"still running after {limit_s:g} s, expected exit status 0\n    | so far" in str(caught.value)
