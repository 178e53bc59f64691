"""`$(…)` run in this process does all that one run in a copy of the shell does, and leaves as little behind."""

from __future__ import annotations

import os

import pytest

from minishell.builtins.registry import lookup
from minishell.kernel.calls import Kernel
from minishell.run.script import run_shell, run_text
from minishell.run.substitution import can_be_undone
from minishell.shell import Shell
from minishell.source import Source
from minishell.syntax.parser import End, Unfinished, parse
from tests import shells

BODIES = [
    "echo a b; printf '%s-' 1 2",
    "printf '\\303'; printf '\\251'",
    "printf 'a\\0b\\n\\n'",
    "x=changed; echo $x",
    "unset_before=${unset_before:=made}; echo $unset_before",
    "echo $((n += 5))",
    "exit 4; echo never",
    "f 1 2 3",
    "for i in a b c; do echo $i; [ $i = b ] && break; done",
    "for i in a b; do continue; echo never; done; false",
    "break; echo on",
    "return 5",
    "false; echo $?",
    "if [ $x = old ]; then echo yes; else echo no; fi",
    "case $x in o*) echo o; exit 3;; esac",
    "false || ! true || { echo reached; }",
    "echo $(echo $(/bin/echo deep; x=1; echo $x) $x)",
    "IFS=:; echo $path",
    "echo ${none?is missing}; echo never",
    "echo $((1 / 0)); echo never",
    "k=2; echo never",
    "[ -t 1 ] || echo piped",
    "echo to stderr >&2; echo $?",
    "cd /; pwd",
    "recursive 5",
    "echo 1 2 | { read a b; echo $b; }",
    "umask 77; umask",
    "eval 'x=2; echo $x'",
    "trap 'echo bye' EXIT; echo first",
]
BEFORE = """
x=old n=2 path=a:b k=1
readonly k
f() { x=from_f; set -- "$1" "$@"; echo $# "$@"; return 7; }
recursive() { [ $1 -gt 0 ] && { echo $1; recursive $(($1 - 1)); }; }
set -- one two
false
"""
AFTER = 'echo "status $? args $# $1 x $x n $n i ${i-unset} u ${unset_before-unset} IFS ${#IFS} $(umask)"; pwd'


def run(text: str, *, watched: bool) -> int:
    shell = Shell(Kernel(), dict(os.environ))
    shell.find_builtin, shell.watched = lookup, watched
    return run_shell(shell, lambda: run_text(shell, Source("test", text)))


@pytest.mark.parametrize("options", ["", "set -e;", "set -eu;", "set -x;"])
@pytest.mark.parametrize("body", BODIES)
def test_both_ways_give_the_same(body: str, options: str, capfd: pytest.CaptureFixture[str]) -> None:
    text = (
        f'{BEFORE}{options} y=$({body}) || echo failed $?\n{AFTER}; echo "[$y]"; z=$({body}); echo "$? $z"\n{AFTER}\n'
    )
    statuses = [run(text, watched=False)]
    here = capfd.readouterr()
    statuses.append(run(text, watched=True))
    copied = capfd.readouterr()
    assert here == copied
    assert statuses[0] == statuses[1]


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("echo a", True),
        ("f", True),
        ("for i in a; do x=$i; done; echo $x", True),
        ("recursive", False),
        ("echo a > /dev/null", False),
        ("{ echo a; } 2>&1", False),
        ("echo a | cat", False),
        ("(echo a)", False),
        ("echo a &", False),
        ("cat", False),
        ("$command", False),
        ("read x", False),
        ("while true; do :; done", False),
        ("g() { :; }", False),
        ("exec 3>&1", False),
    ],
)
def test_only_what_can_be_undone_is_run_without_a_copy(body: str, expected: bool) -> None:
    shell = Shell(Kernel(), {})
    shell.find_builtin, shell.watched = lookup, False
    run_text(shell, Source("test", "f() { echo; }; recursive() { recursive; }"))
    command = parse(Source("test", body))
    assert not isinstance(command, End | Unfinished)
    assert can_be_undone(shell, command, ()) is expected


def test_a_function_that_takes_the_name_of_a_builtin_is_looked_at_instead() -> None:
    shell = Shell(Kernel(), {})
    shell.find_builtin = lookup
    run_text(shell, Source("test", "echo() { cat; }"))
    command = parse(Source("test", "echo a"))
    assert not isinstance(command, End | Unfinished)
    assert not can_be_undone(shell, command, ())


@pytest.mark.parametrize("shell", shells.INSTALLED)
def test_a_script_dies_of_an_interrupt_while_it_waits_for_a_substitution(shell: str) -> None:
    """The default action of the signal.  A foreground command is another matter: it may have dealt with it."""
    result = shells.run("-c", "x=$(kill -INT $$; echo no); echo after $x", shell=shell)
    assert (result.output, result.status) == ("", 130)
