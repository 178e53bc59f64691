"""What each part of a typed line is taken for, and that no line is too strange to be coloured."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st
from prompt_toolkit.document import Document

from minishell.kernel.calls import Kernel
from minishell.repl.highlight import LONGEST, ShellLexer, highlighter
from minishell.repl.parts import parts
from minishell.repl.style import style
from minishell.shell import Shell

if TYPE_CHECKING:
    from pathlib import Path

    from prompt_toolkit.styles import Attrs

CHARACTERS = "abx01 \t\n'\"\\$`(){};|&<>!#*?[]~=-/:+%@\0é"
EXPANSIONS = ["$(", "${", "${x:-", "$((", "<<", "<<-E\n", "E\n", "2>&", "\\\n", "\r\n", "a=", "&&", "||", ";;"]
WORDS = ["echo ", "cat ", "if ", "then ", "fi ", "do ", "done ", "esac ", "case a in ", "for x in ", "f() {"]
PIECES = st.sampled_from([*CHARACTERS, *EXPANSIONS, *WORDS])
LINES = st.lists(PIECES, max_size=40).map("".join)


def named(text: str) -> list[tuple[str, str]]:
    """The parts that are something, without a shell that knows programs."""
    return [(name, part) for name, part in parts(text) if name]


@pytest.fixture
def shell(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Shell:
    """A shell in an empty directory, whose PATH has one directory with one program, `prog`."""
    programs = tmp_path / "bin"
    programs.mkdir()
    make_program(programs / "prog")
    here = tmp_path / "here"
    here.mkdir()
    monkeypatch.chdir(here)
    return Shell(Kernel(), {"PATH": str(programs), "HOME": str(here), "PWD": str(here)})


def make_program(path: Path) -> None:
    path.write_text("#!/bin/true\n")
    path.chmod(0o755)


def shown(shell: Shell, text: str) -> list[list[tuple[str, str]]]:
    """Each line as the editor shows it."""
    line = highlighter(shell).lex_document(Document(text))
    return [
        [(fragment[0].replace("class:shell.", ""), fragment[1]) for fragment in line(number)]
        for number in range(text.count("\n") + 1)
    ]


def test_each_part_of_a_line_is_named() -> None:
    assert named("A=1 ls -l *.py 2>&1 | wc > out && echo \"a $B\" 'c' \\d $(pwd) # why") == [
        ("assignment", "A="),
        ("command", "ls"),
        ("option", "-l"),
        ("glob", "*"),
        ("redirection", "2>&1"),
        ("operator", "|"),
        ("command", "wc"),
        ("redirection", ">"),
        ("operator", "&&"),
        ("builtin", "echo"),
        ("string", '"a '),
        ("parameter", "$B"),
        ("string", '"'),
        ("string", "'c'"),
        ("escape", "\\d"),
        ("substitution", "$("),
        ("builtin", "pwd"),
        ("substitution", ")"),
        ("comment", "# why"),
    ]


def test_a_command_stands_after_each_operator_and_after_opening_words() -> None:
    text = "a; b & c && d || e | f; ( g ); { h; }; ! i\nj"
    assert [part for name, part in named(text) if name == "command"] == list("abcdefghij")


def test_compound_commands_say_what_their_words_are() -> None:
    text = "case x in a|b) for y in cd cd; do c; done;; (*) if d; then e; fi;; esac; f() { g; }"
    named_parts = [(name, part) for name, part in named(text) if name not in ("reserved", "operator", "error")]
    assert named_parts == [
        ("glob", "a"),
        ("glob", "b"),
        ("parameter", "y"),
        ("command", "c"),
        ("glob", "*"),
        ("command", "d"),
        ("command", "e"),
        ("command", "f"),
        ("command", "g"),
    ]


def test_commands_inside_substitutions_are_commands_again_however_deep() -> None:
    text = 'echo "$(a "$(b `c`)")"'
    assert [part for name, part in named(text) if name == "command"] == ["a", "b", "c"]


def test_what_redirections_are_followed_by_is_no_command() -> None:
    assert named("> cd cd") == [("redirection", ">"), ("builtin", "cd")]


def test_a_here_document_is_text_with_parameters_in_it() -> None:
    assert named("cat <<E\nls $x\nE\nls") == [
        ("command", "cat"),
        ("redirection", "<<"),
        ("delimiter", "E"),
        ("string", "ls "),
        ("parameter", "$x"),
        ("string", "\n"),
        ("delimiter", "E\n"),
        ("command", "ls"),
    ]


def test_a_here_document_with_a_quoted_delimiter_is_text_alone() -> None:
    assert ("parameter", "$x") not in named("cat <<'E'\nls $x\nE\n")


@pytest.mark.parametrize(
    ("text", "opening"),
    [("echo 'a b", "'"), ('echo "a b', '"'), ("echo `a b", "`"), ("echo $(a", "$("), ("{ a", "{"), ("a |", "|")],
)
def test_what_waits_for_its_end_is_marked(text: str, opening: str) -> None:
    assert [part for name, part in named(text) if name == "unfinished"] == [opening]


@pytest.mark.parametrize(("text", "wrong"), [("a ) b", ")"), ("a | | b", "|"), ("echo ${}", "${}"), ("& a", "&")])
def test_what_the_parser_refuses_is_marked(text: str, wrong: str) -> None:
    assert [part for name, part in named(text) if name == "error"] == [wrong]


def test_what_comes_after_an_error_keeps_its_colours() -> None:
    assert named("a ) b | echo 'c'")[2:] == [
        ("command", "b"),
        ("operator", "|"),
        ("builtin", "echo"),
        ("string", "'c'"),
    ]


@given(LINES)
def test_any_line_is_coloured_and_nothing_is_lost(text: str) -> None:
    assert "".join(part for _, part in parts(text)) == text
    assert "".join(part for _, _, part in ShellLexer().get_tokens_unprocessed(text)) == text


@given(st.text())
def test_any_text_at_all_is_coloured_and_nothing_is_lost(text: str) -> None:
    assert "".join(part for _, part in parts(text)) == text


@pytest.mark.parametrize(
    "opening", ["$(", "`", '"', "(", "{ ", "${x:-", '"$(', "if ", "case x in a) ", "$((", "<<E\n"]
)
def test_thousands_of_openings_exhaust_nothing(opening: str) -> None:
    text = opening * 2000
    assert "".join(part for _, part in parts(text)) == text


def test_known_commands_look_different_from_unknown_ones(shell: Shell) -> None:
    assert shown(shell, "cd; prog; prgo; ./prog; $x; pr\\og")[0] == [
        ("builtin", "cd"),
        ("operator", ";"),
        ("", " "),
        ("program", "prog"),
        ("operator", ";"),
        ("", " "),
        ("unknown", "prgo"),
        ("operator", ";"),
        ("", " "),
        ("unknown", "./prog"),
        ("operator", ";"),
        ("", " "),
        ("parameter", "$x"),
        ("operator", ";"),
        ("", " "),
        ("program", "pr"),
        ("escape", "\\o"),
        ("program", "g"),
    ]


def test_a_program_is_known_as_soon_as_it_exists(shell: Shell, tmp_path: Path) -> None:
    lexer = highlighter(shell)
    assert lexer.lex_document(Document("new"))(0) == [("class:shell.unknown", "new")]
    before = lexer.invalidation_hash()
    make_program(tmp_path / "bin" / "new")
    os.utime(tmp_path / "bin", ns=(0, 1))  # the clock of the file system may be too coarse to tell
    assert lexer.invalidation_hash() != before
    assert lexer.lex_document(Document("new"))(0) == [("class:shell.program", "new")]


def test_files_that_exist_are_underlined(shell: Shell, tmp_path: Path) -> None:
    (tmp_path / "here" / "my file").touch()
    assert shown(shell, "prog 'my file' > my\\ file ~/my\\ file my")[0] == [
        ("program", "prog"),
        ("", " "),
        ("string file", "'my file'"),
        ("", " "),
        ("redirection", ">"),
        ("", " "),
        ("file", "my"),
        ("escape file", "\\ "),
        ("file", "file"),
        ("", " "),
        ("file", "~/my"),
        ("escape file", "\\ "),
        ("file", "file"),
        ("", " my"),
    ]


def test_lines_come_one_by_one(shell: Shell) -> None:
    assert shown(shell, "cd \\\n  'a\nb'\n") == [
        [("builtin", "cd"), ("", " \\")],
        [("", "  "), ("string", "'a")],
        [("string", "b'")],
        [],
    ]


def test_a_long_text_stays_plain(shell: Shell) -> None:
    text = "echo a\n" * (LONGEST // 7 + 1)
    assert highlighter(shell).lex_document(Document(text))(0) == [("", "echo a")]


@given(st.lists(LINES, min_size=2, max_size=4), st.data())
def test_what_is_remembered_of_the_text_before_makes_no_difference(texts: list[str], data: st.DataObject) -> None:
    shell = Shell(Kernel(), {"PATH": ""})
    used = highlighter(shell)
    for text in texts:
        used.lex_document(Document(text))
    keep = data.draw(st.integers(0, len(texts[-1])))
    text = texts[-1][:keep] + texts[0]
    lines = range(text.count("\n") + 1)
    again, fresh = used.lex_document(Document(text)), highlighter(shell).lex_document(Document(text))
    assert [again(number) for number in lines] == [fresh(number) for number in lines]


# Colours


def colours(environment: dict[str, str], *names: str) -> set[str | None]:
    attributes: list[Attrs] = [style(environment).get_attrs_for_style_str(f"class:{name}") for name in names]
    return {value for each in attributes for value in (each.color, each.bgcolor)}


NAMES = ("shell.string", "shell.unknown", "prompt.directory", "prompt.failed", "toolbar.stopped", "completion-menu")


def test_there_are_colours() -> None:
    assert len(colours({"TERM": "xterm"}, *NAMES)) > 3


@pytest.mark.parametrize("environment", [{"NO_COLOR": "1"}, {"TERM": "dumb"}])
def test_no_color_means_no_colours(environment: dict[str, str]) -> None:
    assert colours(environment, *NAMES) <= {"", "default", None}


def test_an_empty_no_color_means_nothing() -> None:
    assert colours({"NO_COLOR": ""}, *NAMES) == colours({}, *NAMES)


def test_light_and_dark_backgrounds_get_colours_of_their_own() -> None:
    assert colours({"COLORFGBG": "0;15"}, "shell.parameter") == {"ansiblue", ""}
    assert colours({"COLORFGBG": "15;0"}, "shell.parameter") == {"ansibrightcyan", ""}
    assert (
        colours({"COLORFGBG": "0;default"}, "shell.parameter") == colours({}, "shell.parameter") == {"ansicyan", ""}
    )
