"""How a shell is started: -c, a script, standard input; options; closed descriptors; bytes that are no text.

POSIX.1-2024 XCU sh.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from tests.shells import INSTALLED, START, Result, clean_environment, closing, run

if TYPE_CHECKING:
    from pathlib import Path

POSIX = [shell for shell in INSTALLED if shell != "yash"]
"""Where yash goes its own way it is no help here."""

NOT_AHEAD = [shell for shell in POSIX if shell != "dash"]
"""dash reads standard input ahead in blocks, which POSIX does not allow."""

ONE_LINE = "sh -c 'read -r line; echo \"$line\"'"
"""A command that reads a line and not a byte more, from a pipe as well."""

everywhere = pytest.mark.parametrize("shell", POSIX)


@pytest.fixture
def script(tmp_path: Path) -> Path:
    file = tmp_path / "script"
    file.write_text('echo "$0 $#:$@"\n')
    return file


# -c


@everywhere
def test_c_takes_a_line_then_its_name_then_arguments(shell: str) -> None:
    assert run("-c", 'echo "$0 $#:$@"', "name", "a b", "c", shell=shell).output == "name 2:a b c\n"
    assert run("-c", 'echo "$#"', shell=shell).output == "0\n"


@everywhere
def test_the_status_is_that_of_the_last_command(shell: str) -> None:
    assert run("-c", "true; (exit 5)", shell=shell).status == 5
    assert run("-c", "exit 300", shell=shell).status == 300 - 256
    assert run("-c", "", shell=shell) == Result("", "", 0)
    assert run("-c", "kill -TERM $$", shell=shell).status == 128 + 15


@everywhere
def test_what_a_new_shell_starts_with_whatever_the_environment_says(shell: str) -> None:
    environment = clean_environment(IFS="x", OPTIND="5", PPID="1")
    script = 'set -- -a; getopts a letter; echo "$letter$IFS"; [ $PPID -ne 1 ] && echo parent'
    assert run("-c", script, shell=shell, environment=environment).output == "a \t\n\nparent\n"


@everywhere
def test_c_may_hold_several_lines_and_options_may_be_joined(shell: str) -> None:
    assert run("-ec", "echo a\nfalse\necho b", shell=shell) == Result("a\n", "", 1)
    assert run("-c", "-e", "echo $-; false; echo b", shell=shell).status == 1
    assert run("-c", "--", "echo a", shell=shell).output == "a\n"
    assert run("-f", "-c", "+f", "echo /etc/passw[d]", shell=shell).output == "/etc/passwd\n"


def test_minishell_calls_itself_so_without_a_name() -> None:
    assert run("-c", "echo $0").output == "minishell\n"


# Scripts


@everywhere
def test_a_script_gets_its_name_and_arguments(shell: str, script: Path) -> None:
    assert run(str(script), "a b", "-x", shell=shell).output == f"{script} 2:a b -x\n"
    assert run("--", str(script), shell=shell).output == f"{script} 0:\n"


@everywhere
def test_a_script_does_not_read_standard_input(shell: str, tmp_path: Path) -> None:
    (tmp_path / "script").write_text("cat\n")
    assert run("./script", shell=shell, directory=tmp_path, input="from stdin\n").output == "from stdin\n"


def test_a_script_may_name_minishell_in_its_first_line(tmp_path: Path) -> None:
    interpreter = tmp_path / "minishell"
    interpreter.write_text(f'#!/bin/sh\nexec {" ".join(START["minishell"])} "$@"\n')
    interpreter.chmod(0o755)
    script = tmp_path / "script"
    script.write_text('#!/usr/bin/env minishell\necho "$1" $#\n')
    script.chmod(0o755)
    environment = clean_environment(PATH=f"{tmp_path}:/usr/bin:/bin")
    assert run("-c", "./script 'a b'", directory=tmp_path, environment=environment).output == "a b 1\n"


@everywhere
def test_text_without_an_interpreter_is_run_as_a_script(shell: str, script: Path) -> None:
    script.chmod(0o755)
    assert run("-c", "x=1; ./script a; echo $x", shell=shell, directory=script.parent).output == "./script 1:a\n1\n"


@pytest.mark.parametrize("shell", [name for name in POSIX if name != "dash"])
def test_a_script_that_is_missing_or_no_script(shell: str, tmp_path: Path) -> None:
    (tmp_path / "binary").write_bytes(b"\x7fELF\0\0\0\n")
    assert run("./missing", shell=shell, directory=tmp_path).status == 127
    assert run(".", shell=shell, directory=tmp_path).status == 126
    assert run("./binary", shell=shell, directory=tmp_path).status == 126


def test_why_a_script_cannot_be_run_is_told(tmp_path: Path) -> None:
    (tmp_path / "binary").write_bytes(b"\x7fELF\0\0\0\n")
    assert run("./missing", directory=tmp_path).errors == "minishell: ./missing: No such file or directory\n"
    assert run(".", directory=tmp_path).errors == "minishell: .: Is a directory\n"
    assert run("./binary", directory=tmp_path).errors == "minishell: ./binary: is a binary file, not a script\n"


# Standard input


@pytest.mark.parametrize("shell", NOT_AHEAD)
def test_a_pipe_is_read_no_further_than_the_current_line(shell: str) -> None:
    assert run(shell=shell, input=f"{ONE_LINE}\nfirst\necho rest\n").output == "first\nrest\n"


@pytest.mark.parametrize("shell", NOT_AHEAD)
def test_a_file_is_read_no_further_than_the_current_line(shell: str, tmp_path: Path) -> None:
    file = tmp_path / "lines"
    file.write_text("cat; echo never read\nfirst\nsecond\n")
    descriptor = os.open(file, os.O_RDONLY)
    try:
        assert run(shell=shell, stdin=descriptor).output == "first\nsecond\nnever read\n"
    finally:
        os.close(descriptor)


@pytest.mark.parametrize("shell", NOT_AHEAD)
def test_here_documents_and_brackets_on_standard_input(shell: str) -> None:
    text = f"cat <<e; {ONE_LINE}\nbody\ne\nfor the reader\n{{ echo a\necho b; }}\necho `echo c\n`"
    assert run(shell=shell, input=text).output == "body\nfor the reader\na\nb\nc\n"


@pytest.mark.parametrize("shell", NOT_AHEAD)
def test_exec_changes_where_commands_come_from(shell: str, tmp_path: Path) -> None:
    (tmp_path / "more").write_text("echo from more\n")
    assert run(shell=shell, input="exec <more\necho never\n", directory=tmp_path).output == "from more\n"


@everywhere
def test_s_reads_standard_input_and_takes_arguments(shell: str) -> None:
    assert run("-s", "a b", "c", shell=shell, input='echo "$#:$1"\n').output == "2:a b\n"


@everywhere
def test_the_last_line_needs_no_newline(shell: str) -> None:
    assert run(shell=shell, input="echo a\necho b").output == "a\nb\n"


@everywhere
def test_a_syntax_error_ends_a_script_on_standard_input(shell: str) -> None:
    result = run(shell=shell, input="echo a\n)\necho b\n")
    assert (result.output, result.status) == ("a\n", 2)


def test_an_input_that_stops_too_early_is_told() -> None:
    assert run(input="echo a\n(echo b\n") == Result(
        "a\n", "stdin:2:1: the input ends before the ) that belongs to this (\n", 2
    )


# Options


@everywhere
@pytest.mark.parametrize(
    ("options", "line", "output"),
    [
        (("-e",), "false; echo on", ""),
        (("-u",), "echo $none; echo on", ""),
        (("-f",), "echo /etc/passw[d]", "/etc/passw[d]\n"),
        (("-C",), "echo x >f; echo y >f; cat f", "x\n"),
        (("-n",), "echo no", ""),
        (("-a",), "x=1; sh -c 'echo $x'", "1\n"),
        (("-o", "noglob"), "echo /etc/passw[d]", "/etc/passw[d]\n"),
        (("-fo", "errexit"), "echo /etc/passw[d]; false; echo on", "/etc/passw[d]\n"),
        (("-f", "+f"), "echo /etc/passw[d]", "/etc/passwd\n"),
        (("-o", "noglob", "+o", "noglob"), "echo /etc/passw[d]", "/etc/passwd\n"),
    ],
)
def test_options_of_the_command_line(
    shell: str, options: tuple[str, ...], line: str, output: str, tmp_path: Path
) -> None:
    assert run(*options, "-c", line, shell=shell, directory=tmp_path).output == output


@everywhere
def test_x_and_v_show_what_is_done(shell: str) -> None:
    assert run("-x", "-c", "echo a b", shell=shell).errors == "+ echo a b\n"
    assert run("-v", shell=shell, input="echo a\n").errors == "echo a\n"


@everywhere
@pytest.mark.parametrize("words", [("-Z",), ("-o", "nonsense"), ("-c",), ("-o",)])
def test_what_is_no_option_is_refused(shell: str, words: tuple[str, ...]) -> None:
    if words != ("-o",) or shell == "minishell":
        result = run(*words, shell=shell)
        assert (result.output, result.status) == ("", 2)
        assert result.errors


def test_help_and_version() -> None:
    assert run("--help").output.startswith("usage: minishell [-abCefhimnsuvx]")
    name, number = run("--version").output.split()
    assert name == "minishell"
    assert number[0].isdigit()


def test_an_unknown_option_leads_to_help() -> None:
    assert run("-Z").errors == "minishell: there is no option -Z\nhelp: minishell --help\n"


# Closed descriptors


@everywhere
def test_without_standard_input_there_are_no_commands(shell: str) -> None:
    assert run(shell=shell, input=None, first=closing(0)) == Result("", "", 0)


@everywhere
def test_without_standard_input_everything_else_works(shell: str, tmp_path: Path) -> None:
    line = "echo a | cat; echo b >f; cat f; x=$(echo c); echo $x; cat 2>/dev/null; cat <f | cat; cat <<e\nd\ne"
    result = run("-c", line, shell=shell, input=None, first=closing(0), directory=tmp_path)
    assert (result.output, result.errors) == ("a\nb\nc\nb\nd\n", "")


def test_without_standard_output_writing_fails_and_says_so(tmp_path: Path) -> None:
    line = "echo a; echo $? >f; /bin/echo b 2>/dev/null; echo c | cat >g"
    result = run("-c", line, first=closing(1), directory=tmp_path)
    assert ((tmp_path / "f").read_text(), (tmp_path / "g").read_text()) == ("1\n", "c\n")
    assert result.errors == "-c:1:1: echo: Bad file descriptor\n"


@everywhere
def test_without_standard_error_nothing_is_said(shell: str) -> None:
    result = run("-c", "no-such-command-here; echo $?; cd /missing; echo on", shell=shell, first=closing(2))
    assert result.output == "127\non\n"


@everywhere
def test_without_any_of_the_three_a_file_is_still_no_standard_output(shell: str, tmp_path: Path) -> None:
    line = "echo lost; echo a >f; echo b >>f; echo c | cat >>f; x=$(echo d); echo $x >>f"
    run("-c", line, shell=shell, input=None, first=closing(0, 1, 2), directory=tmp_path)
    assert (tmp_path / "f").read_text() == "a\nb\nc\nd\n"


# Bytes


EVERY_BYTE = bytes(range(1, 256)).decode("utf-8", "surrogateescape")


@everywhere
def test_every_byte_but_nul_goes_through_unharmed(shell: str, tmp_path: Path) -> None:
    line = 'printf %s "$1"; x=$1; printf %s "$x"; y=$(printf %s "$x"; echo); env printf %s "$y" | cat'
    assert run("-c", line, "sh", EVERY_BYTE, shell=shell).output == EVERY_BYTE * 3


@everywhere
def test_file_names_may_be_any_bytes(shell: str, tmp_path: Path) -> None:
    name = "\udcff \udc80é*\n"
    line = 'echo inside >"$1"; cat *; printf %s *; echo "$1"x >"$1"; cat "$1"'
    result = run("-c", line, "sh", name, shell=shell, directory=tmp_path)
    assert result.output == f"inside\n{name}{name}x\n"


@everywhere
def test_bytes_in_scripts_and_here_documents(shell: str) -> None:
    text = "x='\udcff\udcfe'\necho \"$x\" \udc80é\ncat <<e\n\udcff$x\ne\ncat <<'e'\n\udc81\ne\n"
    assert run(shell=shell, input=text).output == "\udcff\udcfe \udc80é\n\udcff\udcff\udcfe\n\udc81\n"


def test_a_nul_byte_is_refused_where_it_stands() -> None:
    assert run(input="echo a\necho b\0c\n") == Result("a\n", "stdin:2:7: a NUL byte cannot be part of a command\n", 2)


@everywhere
def test_a_line_of_a_megabyte(shell: str, tmp_path: Path) -> None:
    word = "x" * 1_000_000
    word_by_word = " ".join(["y" * 19] * 50_000)
    (tmp_path / "script").write_text(f"echo '{word}' b\necho {word_by_word}\n")
    assert run("./script", shell=shell, directory=tmp_path).output == f"{word} b\n{word_by_word}\n"


@everywhere
def test_a_long_line_through_a_pipe(shell: str) -> None:
    word = "x" * 200_000
    assert run(shell=shell, input=f"echo '{word}'\necho after\n").output == f"{word}\nafter\n"


def test_too_long_an_argument_is_told() -> None:
    result = run(input=f"/bin/echo {'x' * 200_000}\necho $?\n")
    assert result.output == "126\n"
    assert "too long" in result.errors
