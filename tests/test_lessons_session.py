"""Recording a session: a small terminal, and minishell typed at on a real one."""

from pathlib import Path

import pytest

from minishell.lessons import run
from minishell.lessons.command import main
from minishell.lessons.run import Failed
from minishell.lessons.screen import Screen, Unknown
from minishell.lessons.session import Recording, once, transcript
from minishell.lessons.stage import Refused
from tests.limits import LIMITS_S


def shown(*pieces: str) -> str:
    """What is on a screen after these pieces were written to it."""
    screen = Screen()
    for piece in pieces:
        screen.feed(piece)
    return screen.text()


@pytest.mark.parametrize(
    ("written", "text"),
    [
        ("one\r\ntwo", "one\ntwo"),
        ("one\ntwo", "one\n   two"),
        ("abc\rX", "Xbc"),
        ("abc\b\bX", "aXc"),
        ("a\tb", "a       b"),
        ("\x1b[1;31mred\x1b[0m", "red"),
        ("abc\x1b[2DX", "aXc"),
        ("abc\x1b[DX", "abX"),
        ("a\x1b[3Cb", "a   b"),
        ("abc\x1b[2D\x1b[K", "a"),
        ("abc\x1b[2K", ""),
        ("one\r\ntwo\r\nthree\x1b[2A\x1b[J", "one"),
        ("one\r\ntwo\x1b[A\rX", "Xne\ntwo"),
        ("\x1b[?2004h\x1b[?25lx\x1b[?25h", "x"),
        ("\x1b]0;title\x07x", "x"),
        ("a\x07b", "ab"),
        ("abc\x1b[2GX", "aXc"),
    ],
)
def test_the_screen_shows_what_a_terminal_would(written: str, text: str) -> None:
    assert shown(written) == text
    assert shown(*written) == text, "also when it comes byte by byte"


def test_what_the_screen_does_not_know_is_refused() -> None:
    with pytest.raises(Unknown, match=r"ESC \[ 3 L"):
        shown("a\x1b[3L")


def record(tmp_path: Path, *lines: str, timeout_s: float = 60) -> Recording:
    """A session file in a lesson of its own."""
    folder = tmp_path / "01-session"
    folder.mkdir(exist_ok=True)
    (folder / "test.msh").write_text("".join(f"{line}\n" for line in lines))
    return Recording(folder, "test.msh", timeout_s)


def test_lines_are_typed_and_answered(tmp_path: Path) -> None:
    recording = record(tmp_path, "# a remark", "echo one two | wc -w", "false", "echo $?")
    assert transcript(recording) == ("minishell$ echo one two | wc -w\n2\nminishell$ false\nminishell$ echo $?\n1")


def test_keys_reach_the_job_in_the_foreground(tmp_path: Path) -> None:
    recording = record(tmp_path, "sleep 100", "@key ^Z", "fg", "@key ^C", "echo $?")
    text = once(recording)
    assert "minishell$ sleep 100\n^Z\n[1]+  Stopped                 sleep 100\nminishell$ fg\nsleep 100\n^C\n" in text
    assert text.endswith("minishell$ echo $?\n130")


def test_a_session_without_a_namespace_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(run, "namespace", lambda: ())
    with pytest.raises(Refused, match="needs a pid namespace"):
        once(record(tmp_path, "true"))


def test_a_suggestion_is_not_taken_for_typed(tmp_path: Path) -> None:
    recording = record(tmp_path, "echo a b c", "echo a b")
    assert once(recording) == "minishell$ echo a b c\na b c\nminishell$ echo a b\na b"


def test_a_notice_about_a_job_does_not_end_the_line_that_is_typed(tmp_path: Path) -> None:
    recording = record(tmp_path, "sleep 100 &", "kill %1", "echo after")
    assert "minishell$ echo after\nafter" in once(recording)


def test_an_unfinished_line_goes_on_at_the_second_prompt(tmp_path: Path) -> None:
    assert once(record(tmp_path, "echo a |", "cat")) == "minishell$ echo a |\n> cat\na"


def test_text_on_the_screen_can_be_awaited(tmp_path: Path) -> None:
    recording = record(tmp_path, "sh -c 'echo ready; exec cat'", "@await ready", "@key ^D", "echo $?")
    assert once(recording).endswith("ready\nminishell$ echo $?\n0")


def test_pids_in_a_session_are_the_same_every_time(tmp_path: Path) -> None:
    recording = record(tmp_path, "echo $$; sh -c 'echo $$'")
    assert once(recording) == once(recording)


def test_the_command_plays_a_session(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    recording = record(tmp_path, "echo hello")
    assert main(["run", str(recording.lesson / recording.name)]) == 0
    assert capsys.readouterr().out == "minishell$ echo hello\nhello\n"


def test_a_shell_that_leaves_early_is_a_failure(tmp_path: Path) -> None:
    with pytest.raises(Failed, match=r"minishell ended before its last line(?s:.*)\n  at test.msh:2$"):
        once(record(tmp_path, "exit", "echo never"))


def test_what_does_not_come_is_not_awaited_for_ever(tmp_path: Path) -> None:
    for limit_s in LIMITS_S:
        with pytest.raises(Failed) as caught:
            once(record(tmp_path, "echo something else", "@await never", timeout_s=limit_s))
        if "\n    | something else" in str(caught.value):
            break
    assert str(caught.value).startswith("'never' was awaited and did not come\n")
