"""From words to fields: which fields each word becomes, and which word each field came from.  POSIX.1-2024 XCU 2.6.

What can be seen from outside is in tests/transcripts; here are the fields themselves, and their places.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from minishell.errors import AssignmentProblem, ExpansionProblem
from minishell.expand.pieces import BREAK, Piece, joined, split
from minishell.expand.words import fields, text
from minishell.kernel.calls import Kernel
from minishell.shell import Shell
from minishell.source import Source
from minishell.syntax.parser import parse
from minishell.syntax.tree import Simple
from tests.trees import simple

if TYPE_CHECKING:
    from pathlib import Path

    from minishell.syntax.tree import Command


@pytest.fixture
def shell() -> Shell:
    """One without a process of its own: a `$(…)` gives the first word of its command, in capitals."""
    shell = Shell(
        Kernel(), {"HOME": "/home/x", "x": "a b", "e": "", "p": "*", "c": "a:b::c"}, arguments=["1 2", "", "3"]
    )
    shell.capture = in_capitals
    return shell


def in_capitals(shell: Shell, body: Command) -> bytes:
    assert isinstance(body, Simple)
    return f"{body.words[0].span.text} {body.words[-1].span.text}\n\n".upper().encode()


def expand(shell: Shell, line: str) -> list[str]:
    command = parse(Source("test", f"echo {line}"))
    assert isinstance(command, Simple)
    return [str(field) for field in fields(shell, command.words)][1:]


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("a 'b c' \"d\" e\\ f", ["a", "b c", "d", "e f"]),
        ("''", [""]),
        ("$x", ["a", "b"]),
        ('"$x"', ["a b"]),
        ("-$x-", ["-a", "b-"]),
        ("$e $none", []),
        ('"$e" "$none"', ["", ""]),
        ("$e''", [""]),
        ("$@", ["1", "2", "3"]),
        ('"$@"', ["1 2", "", "3"]),
        ('"a$@b"', ["a1 2", "", "3b"]),
        ('"$*"', ["1 2  3"]),
        ("$#", ["3"]),
        ("$1$3", ["1", "23"]),
        ("${4-d e}", ["d", "e"]),
        ("~ ~/a ~x'' '~'", ["/home/x", "/home/x/a", "~x", "~"]),
        ("$(a b)", ["A", "B"]),
        ('"$(a b)"', ["A B"]),
        ("`a b`c", ["A", "Bc"]),
        ("$p '*' \"$p\"", ["*", "*", "*"]),
        ("${x:-w} ${e:-w} ${e-w} ${none+w} ${x:+w}", ["a", "b", "w", "w"]),
        ("${#x} ${#none} ${#@}", ["3", "0", "3"]),
        ("${x#a} ${x%b}", ["b", "a"]),
        ('"${@#?}" "${x#?}"', [" 2", "", "", " b"]),
        ("${c%%:*} ${c#*:}", ["a", "b::c"]),
        ("$- $? ${!-none}", ["0", "none"]),
    ],
)
def test_fields(
    shell: Shell, line: str, expected: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert expand(shell, line) == expected


def test_files_are_sorted_and_remember_the_pattern(
    shell: Shell, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    for name in ("b", "a", ".c", "B"):
        (tmp_path / name).touch()
    command = parse(Source("test", "echo * $x"))
    assert isinstance(command, Simple)
    found = fields(shell, command.words)
    assert [*map(str, found)] == ["echo", "B", "a", "b", "a", "b"]
    assert [field.span.text for field in found if field.span] == ["echo", "*", "*", "*", "$x", "$x"]


def test_where_nothing_is_split_the_arguments_are_joined(shell: Shell) -> None:
    command = parse(Source("test", "a=$* b=$x/* c=~/d:~"))
    assert isinstance(command, Simple)
    shell.variables.set("IFS", "+")
    values = [str(text(shell, each.value, assignment=True)) for each in command.assignments]
    assert values == ["1 2++3", "a b/*", "/home/x/d:/home/x"]


@pytest.mark.parametrize(
    ("line", "message", "place"),
    [
        ("${none?}", "none: is not set", "${none?}"),
        ("${e:?}", "e: is empty", "${e:?}"),
        ("a${none?not $x}", "none: not a b", "${none?not $x}"),
        ("${9=a}", "$9 cannot be assigned this way", "${9=a}"),
        ('"${@=a}${9:=b}"', "$9 cannot be assigned this way", "${9:=b}"),
    ],
)
def test_what_cannot_be_expanded_is_told_where(shell: Shell, line: str, message: str, place: str) -> None:
    with pytest.raises(ExpansionProblem) as caught:
        expand(shell, line)
    assert caught.value.message == message
    assert caught.value.span is not None
    assert caught.value.span.text == place


@pytest.mark.parametrize("line", ["$none", "${none}", "${#none}", "${none#a}", "${none%%a}", '"$none"', "$4", "$!"])
def test_nounset_refuses_what_has_no_value(shell: Shell, line: str) -> None:
    shell.options.add("nounset")
    with pytest.raises(ExpansionProblem, match="is not set"):
        expand(shell, line)


def test_assigning_in_an_expansion(shell: Shell) -> None:
    assert expand(shell, "${new:=a  b} $new") == ["a", "b", "a", "b"]
    assert shell.variables.get("new") == "a  b"
    shell.variables.protect("fixed")
    with pytest.raises(AssignmentProblem):
        expand(shell, "${fixed=a}")


def made(shell_ifs: str | None, *pieces: Piece) -> list[str]:
    return ["".join(piece.text for piece in field) for field in split(pieces, shell_ifs)]


@pytest.mark.parametrize(
    ("ifs", "value", "expected"),
    [
        (None, " a  b\tc\n", ["a", "b", "c"]),
        ("", " a  b ", [" a  b "]),
        (":", "a:b::c:", ["a", "b", "", "c"]),
        (":", ":", [""]),
        (" :", " a : b ", ["a", "b"]),
        (" :", "a::b", ["a", "", "b"]),
        (" :", ": a", ["", "a"]),
        ("\n", "a b\n\nc", ["a b", "c"]),
        (None, "", []),
        (None, "  ", []),
    ],
)
def test_splitting(ifs: str | None, value: str, expected: list[str]) -> None:
    assert made(ifs, Piece(value, splits=True)) == expected
    assert made(ifs, Piece(value, quoted=True)) == [value], "quoted text is never split"


def test_a_break_parts_fields_whatever_ifs_is() -> None:
    assert made("", Piece("a"), BREAK, Piece("b")) == ["a", "b"]
    assert joined([Piece("a"), BREAK, Piece("b")], None) == "a b"
    assert joined([Piece("a"), BREAK, Piece("b")], ":;") == "a:b"
    assert joined([Piece("a"), BREAK, Piece("b")], "") == "ab"


def test_a_plain_word_is_one_field(shell: Shell) -> None:
    assert [*map(str, fields(shell, simple("a", "b=c").words))] == ["a", "b=c"]
