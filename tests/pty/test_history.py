"""Lines typed before, listed, edited and run again: fc.  POSIX.1-2024 XCU fc."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    from tests.pty.shell import Shell


def test_lines_are_listed_by_number_from_the_end_and_by_how_they_begin(shell: Shell) -> None:
    for line in ("echo one", "echo two", "printf three", "echo four"):
        shell.run(line)
    first = int(shell.run("fc -l -4 -4").split()[0])
    assert shell.run("fc -ln -3 -2").split("\n") == ["        printf three", "        echo four"]
    assert shell.run("fc -lnr printf echo").split("\n") == ["        echo four", "        printf three"]
    assert shell.run(f"fc -ln {first} {first + 1}").split("\n") == ["        echo one", "        echo two"]
    assert shell.run(f"fc -l {first + 1} {first}").split("\n") == [
        f"{first + 1:<8}echo two",
        f"{first:<8}echo one",
    ]


def test_a_line_is_run_again_with_a_change_and_remembered(shell: Shell) -> None:
    shell.run("echo one two")
    assert shell.run("fc -s one=three") == "echo three two\nthree two"
    assert shell.run("fc -s") == "echo three two\nthree two"
    assert shell.run("fc -ln -2").split() == ["echo", "three", "two", "echo", "three", "two"]


def test_lines_are_edited_and_run_unless_the_editor_fails(shell: Shell, tmp_path: Path) -> None:
    editor = tmp_path / "editor"
    editor.write_text("#!/bin/sh\nls -l $1 | cut -c1-10 >mode\nsed -i s/one/changed/ $1\n")
    editor.chmod(0o755)
    shell.run(f"TMPDIR={tmp_path}; cd $TMPDIR")
    shell.run("echo one; (exit 5)")
    assert shell.run("FCEDIT=./editor fc") == "echo changed; (exit 5)\nchanged"
    assert shell.last_status() == 5
    assert (tmp_path / "mode").read_text() == "-rw-------\n"
    shell.run("echo one")
    assert shell.run("fc -e false echo") == ""
    assert shell.last_status() == 1
    assert [*tmp_path.glob("minishell-fc-*")] == []


def test_what_is_not_there_is_said(shell: Shell) -> None:
    assert shell.run("fc -l") == "fc -l\n^^ the history is empty"
    assert (
        shell.run("fc -l nosuchline")
        == "fc -l nosuchline\n      ^^^^^^^^^^ no line in the history begins with nosuchline"
    )
    assert shell.last_status() == 1


def test_with_nolog_definitions_of_functions_are_not_remembered(shell: Shell) -> None:
    shell.run("before() { :; }")
    shell.run("set -o nolog")
    shell.run("one() { :; }; echo one")
    shell.run("echo two")
    assert shell.run("fc -ln -3 -1").split("\n") == [
        "        before() { :; }",
        "        set -o nolog",
        "        echo two",
    ]
