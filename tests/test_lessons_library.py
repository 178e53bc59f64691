"""Finding lessons, and how a session is coloured."""

from pathlib import Path

import pytest
from pygments.token import Generic, Token

from minishell.lessons import library
from minishell.lessons.lexer import SessionLexer
from minishell.lessons.library import Missing, lesson, lessons


@pytest.fixture
def shelf(tmp_path: Path) -> Path:
    """Two lessons, and two folders that are none."""
    for name, title in (("02-second", "Second\n======\n"), ("01-first", "..\n   a remark\n\nThe first\n=========\n")):
        (tmp_path / name).mkdir()
        (tmp_path / name / "index.rst").write_text(title)
    (tmp_path / "03-empty").mkdir()
    (tmp_path / "notes").mkdir()
    return tmp_path


def test_lessons_come_in_the_order_of_their_numbers(shelf: Path) -> None:
    assert [(found.folder.name, found.title) for found in lessons(shelf)] == [
        ("01-first", "The first"),
        ("02-second", "Second"),
    ]


@pytest.mark.parametrize("name", ["02-second", "02", "2", "second"])
def test_a_lesson_is_found_by_folder_number_or_topic(shelf: Path, name: str) -> None:
    assert lesson(shelf, name).folder.name == "02-second"


@pytest.mark.parametrize("name", ["03", "empty", "notes", ""])
def test_what_is_no_lesson_is_not_found(shelf: Path, name: str) -> None:
    with pytest.raises(Missing, match="no such lesson"):
        lesson(shelf, name)


def test_an_installed_package_carries_the_lessons(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    package = tmp_path / "site-packages" / "minishell" / "lessons"
    monkeypatch.setattr(library, "PACKAGE", package)
    assert library.default_folder() == package / "pages"


def test_a_checkout_uses_its_own_lessons() -> None:
    assert library.default_folder() == Path(__file__).parent.parent / "lessons"


def test_a_session_has_prompts_input_and_output() -> None:
    tokens = list(SessionLexer().get_tokens("minishell$ ls | wc -l\n3\nminishell$ echo a |\n> cat\na\n$ true\n"))
    assert [text for kind, text in tokens if kind is Generic.Prompt] == ["minishell$ ", "minishell$ ", "> ", "$ "]
    assert "".join(text for kind, text in tokens if kind is Generic.Output) == "3\na\n"
    assert (
        "".join(text for kind, text in tokens) == "minishell$ ls | wc -l\n3\nminishell$ echo a |\n> cat\na\n$ true\n"
    )
    assert Token.Error not in [kind for kind, _ in tokens]
