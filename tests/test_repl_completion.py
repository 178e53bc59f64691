"""What Tab offers at each place of a line, and that what is accepted means what was offered."""

from __future__ import annotations

import os
import tempfile
import threading
from contextlib import chdir, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from prompt_toolkit.buffer import Buffer
from prompt_toolkit.completion import CompleteEvent, Completion, get_common_complete_suffix
from prompt_toolkit.document import Document

from minishell.expand.words import fields
from minishell.ids import Pid
from minishell.jobs.job import Job, Process
from minishell.kernel.calls import Kernel
from minishell.repl import programs
from minishell.repl.completion import completer
from minishell.repl.sources import LIMIT
from minishell.repl.tab import complete
from minishell.shell import Shell
from minishell.source import Source
from minishell.syntax.parser import parse
from minishell.syntax.tree import Simple

if TYPE_CHECKING:
    from collections.abc import Iterator

TAB = CompleteEvent(completion_requested=True)


@pytest.fixture
def shell(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Shell:
    """A shell with two programs in PATH, in a directory with a few files."""
    for program in ("bin/prog", "bin/project", "here/run", "here/dir/inner-run"):
        make_program(tmp_path / program)
    for file in ("bin/README", "here/my file", "here/plain", "here/.hidden", "here/my dir/deep", "here/dir/other"):
        (tmp_path / file).parent.mkdir(exist_ok=True)
        (tmp_path / file).touch()
    here = tmp_path / "here"
    monkeypatch.chdir(here)
    return Shell(Kernel(), {"PATH": f"{tmp_path}/bin", "HOME": str(here), "HOST": "h", "PWD": str(here)})


def make_program(path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("#!/bin/true\n")
    path.chmod(0o755)


def offered(shell: Shell, line: str, after: str = "") -> list[Completion]:
    return list(completer(shell).get_completions(Document(line + after, len(line)), TAB))


def accepted(line: str, completion: Completion) -> str:
    return line[: len(line) + completion.start_position] + completion.text


def lines(shell: Shell, line: str, after: str = "") -> list[str]:
    """The line up to the cursor after accepting each completion."""
    return [accepted(line, completion) for completion in offered(shell, line, after)]


def names(shell: Shell, line: str) -> list[str]:
    return [completion.display_text for completion in offered(shell, line)]


def add_job(shell: Shell, text: str) -> None:
    command = parse(Source("typed", text))
    assert isinstance(command, Simple)
    job = Job(command, None)
    job.processes.append(Process(Pid(2**30)))
    shell.jobs.give_number(job)


# Commands


@pytest.mark.parametrize(
    "before",
    [
        "",
        "ls | ",
        "a; ",
        "a &",
        "a && ",
        "a || ",
        "(",
        "{ ",
        "! ",
        "A=1 ",
        "> out ",
        "echo $(",
        'echo "$(',
        "echo `",
        "a\n",
        "if ",
        "while ",
        "sudo ",
        "exec ",
        "env A=1 ",
        "nohup sudo -n ",
        "cat <<E\n$(",
        "case a in a) ",
    ],
)
def test_where_a_command_can_stand_commands_are_offered(shell: Shell, before: str) -> None:
    assert lines(shell, before + "pro") == [f"{before}prog ", f"{before}project "]


@pytest.mark.parametrize("before", ["prog ", "> ", "A=", "case ", "for ", "# ", "cat <<", "cat <<E\n", "'"])
def test_elsewhere_none_are(shell: Shell, before: str) -> None:
    assert not [line for line in lines(shell, before + "proj") if line.endswith("project ")]


def test_a_builtin_comes_with_the_first_line_of_its_help(shell: Shell) -> None:
    [echo] = offered(shell, "ech")
    assert echo.text == "echo "
    assert echo.display_meta_text.startswith("Print the words with a blank between them")


def test_a_program_comes_with_its_path(shell: Shell, tmp_path: Path) -> None:
    assert [completion.display_meta_text for completion in offered(shell, "proj")] == [f"{tmp_path}/bin/project"]


def test_a_file_in_path_that_cannot_be_executed_is_no_command(shell: Shell) -> None:
    assert names(shell, "READ") == []


def test_reserved_words_are_commands_too(shell: Shell) -> None:
    assert "while" in names(shell, "whi")


def test_nothing_typed_offers_what_the_shell_itself_can_do(shell: Shell) -> None:
    found = names(shell, "")
    assert "cd" in found
    assert "prog" not in found


def test_a_directory_of_path_is_read_again_only_when_it_changes(
    shell: Shell, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    read: list[str] = []
    really = programs.executables

    def noted(path: str) -> list[str]:
        read.append(path)
        return really(path)

    monkeypatch.setattr(programs, "executables", noted)
    complete = completer(shell)
    for _ in range(3):
        list(complete.get_completions(Document("pro"), TAB))
    assert len(read) == 1
    make_program(tmp_path / "bin" / "process")
    os.utime(tmp_path / "bin", ns=(0, 1))  # the clock of the file system may be too coarse to tell
    assert [each.text for each in complete.get_completions(Document("proc"), TAB)] == ["process "]
    assert len(read) == 2


def test_completing_starts_no_thread(shell: Shell) -> None:
    for line in ("", "pro", "ls my", "fg %", "echo $", "~r"):
        offered(shell, line)
    assert threading.active_count() == 1


# Files


def test_files_are_offered_as_arguments_but_hidden_ones_only_after_a_dot(shell: Shell) -> None:
    assert names(shell, "prog ") == ["dir/", "my dir/", "my file", "plain", "run"]
    assert names(shell, "prog .") == [".hidden"]


@pytest.mark.parametrize("before", [">", "> ", "prog >", "prog 2>", "prog >>", "prog <", "prog <>", ">| "])
def test_and_after_redirections(shell: Shell, before: str) -> None:
    assert lines(shell, before + "pl") == [f"{before}plain "]


@pytest.mark.parametrize("before", ["prog >&", "prog <& "])
def test_but_not_for_descriptors(shell: Shell, before: str) -> None:
    assert offered(shell, before) == []


def test_a_directory_ends_in_a_slash_and_nothing_else(shell: Shell) -> None:
    assert lines(shell, "prog di") == ["prog dir/"]
    assert lines(shell, "prog dir/") == ["prog dir/inner-run ", "prog dir/other "]


def test_files_say_what_they_are(shell: Shell) -> None:
    os.symlink("dir", "link")
    os.symlink("missing", "nowhere")
    kinds = {each.display_text: each.display_meta_text for each in offered(shell, "prog ")}
    assert kinds["dir/"] == "directory"
    assert kinds["run"] == "executable"
    assert kinds["plain"] == ""
    assert kinds["link/"] == "link to a directory"
    assert kinds["nowhere"] == "link that leads nowhere"


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("prog my\\ f", "prog my\\ file "),
        ("prog my\\", None),
        ('prog "my f', 'prog "my file" '),
        ("prog 'my f", "prog 'my file' "),
        ('prog my" f', 'prog "my file" '),
        ('prog "my d', 'prog "my dir/'),
        ('prog "my dir/d', 'prog "my dir/deep" '),
        ('prog "my dir"/d', 'prog "my dir"/deep '),
        ('echo "$(prog my\\ f', 'echo "$(prog my\\ file '),
        ("prog $HOME/pl", "prog $HOME/plain "),
        ('prog "$HOME/my f', 'prog "$HOME/my file" '),
        ("prog ~/pl", "prog ~/plain "),
        ("A=pl", "A=plain "),
        ("A=x:~/pl", "A=x:~/plain "),
        ("prog --file=pl", "prog --file=plain "),
        ("dd if=pl", "dd if=plain "),
        ("export A=pl", "export A=plain "),
        ("prog PL", "prog plain "),
        ("cd ..", "cd ../"),
        ("cd my\\ d", "cd my\\ dir/"),
    ],
)
def test_what_was_typed_keeps_its_manner(shell: Shell, line: str, expected: str | None) -> None:
    if expected is None:
        assert lines(shell, line) == ["prog my\\ dir/", "prog my\\ file "]
    else:
        assert lines(shell, line) == [expected]


@pytest.mark.parametrize("line", ["prog $(pwd)/", "prog ${A:-x}/", "prog nowhere/", "prog plain/"])
def test_where_one_cannot_look_nothing_is_offered(shell: Shell, line: str) -> None:
    assert offered(shell, line) == []


def test_behind_backquotes_that_hold_half_a_quote_nothing_is_offered(shell: Shell) -> None:
    assert offered(shell, 'prog `prog "my` pl') == []


def test_what_stands_behind_the_cursor_is_not_typed_twice(shell: Shell) -> None:
    assert lines(shell, 'prog "my f', after='"') == ['prog "my file']
    assert lines(shell, "prog pl", after=" x") == ["prog plain"]
    assert lines(shell, "echo ${HOS", after="}") == ["echo ${HOST"]


def test_the_words_of_a_for_are_files(shell: Shell) -> None:
    assert lines(shell, "for x in cd pl") == ["for x in cd plain "]


def test_cd_is_offered_directories_only(shell: Shell) -> None:
    assert names(shell, "cd ") == ["dir/", "my dir/"]


def test_a_command_with_a_slash_is_something_that_runs_or_leads_there(shell: Shell) -> None:
    assert lines(shell, "./") == ["./dir/", "./my\\ dir/", "./run "]
    assert lines(shell, "dir/") == ["dir/inner-run "]


def test_a_file_that_looks_like_an_option_is_given_a_path(shell: Shell) -> None:
    Path("-rf").touch()
    assert lines(shell, "prog -") == ["prog ./-rf "]
    assert lines(shell, "prog ./-") == ["prog ./-rf "]


def test_of_very_many_files_some_are_offered_but_not_a_wrong_common_beginning(shell: Shell) -> None:
    for number in range(LIMIT + 50):
        Path(f"n{number:05}").touch()
    Path("nz").touch()
    found = offered(shell, "prog n")
    assert len(found) == LIMIT
    assert get_common_complete_suffix(Document("prog n"), found) == ""


def test_users_have_home_directories(shell: Shell) -> None:
    assert [(each.text, each.display_meta_text) for each in offered(shell, "prog ~roo")] == [("~root/", "/root")]


# Quoting

STRANGE = " '\"\\$`*?[]#~=-!{}()|&;<>\n\té%^,+:.@\udcff"
NAMES = st.text(st.one_of(st.sampled_from(STRANGE + "ab"), st.characters()), min_size=1, max_size=8)


@given(NAMES, st.sampled_from(["", "'", '"']), st.integers(0, 8), st.booleans())
def test_an_accepted_completion_is_read_as_the_name_offered(
    name: str, quote: str, typed: int, is_directory: bool
) -> None:
    assume(is_possible(name))
    complete_and_read_back(name, quote, name[:typed], is_directory)


@pytest.mark.parametrize("quote", ["", "'", '"'])
@pytest.mark.parametrize("character", STRANGE)
def test_every_strange_character_is_quoted_where_it_must_be(character: str, quote: str) -> None:
    for name in (f"{character}a", f"a{character}", f"a{character}b", character * 3, f"[{character}]"):
        for typed in range(len(name)):
            complete_and_read_back(name, quote, name[:typed], is_directory=False)


def complete_and_read_back(name: str, quote: str, prefix: str, is_directory: bool) -> None:
    """In a directory where `name`, were it a pattern, would mean other files too."""
    shell = Shell(Kernel(), {"PATH": ""})
    prefix = prefix or name[0] if name[0] == "." else prefix  # a hidden file is offered only after a dot
    line = f"prog {quote}{spelled(prefix, quote)}"
    with directory_with(name, is_directory):
        found = lines(shell, line)
        meant = [meaning(shell, each, quote * each.endswith("/")) for each in found]
    expected = f"./{name}" if name[0] == "-" else name
    assert [expected + "/" * is_directory] in meant


def is_possible(name: str) -> bool:
    """Whether a file can be called so."""
    try:
        data = os.fsencode(name)
    except UnicodeEncodeError:
        return False
    return name != "" and not {"/", "\0"} & {*name} and name not in (".", "..") and os.fsdecode(data) == name


def spelled(text: str, quote: str) -> str:
    """`text` as a careful user types it inside `quote`, without the closing one."""
    if quote == "'":
        return text.replace("'", "'\\''")
    if quote == '"':
        return "".join(f"\\{each}" if each in '$`"\\' else each for each in text)
    return "".join("'\n'" if each == "\n" else f"\\{each}" for each in text)


@contextmanager
def directory_with(name: str, is_directory: bool) -> Iterator[None]:
    """Work in a directory with this file in it, and others that it would match if it were a pattern."""
    similar = {name.replace("*", "xy").replace("?", "z"), "a", "c", name[-2:-1]}
    with tempfile.TemporaryDirectory() as directory, chdir(directory):
        if is_directory:
            os.mkdir(name)
        for other in {name, *filter(is_possible, similar)} - {name if is_directory else ""}:
            os.close(os.open(other, os.O_CREAT))
        yield


def meaning(shell: Shell, line: str, closing: str) -> list[str]:
    """The arguments of the command, as the command gets them."""
    command = parse(Source("typed", line + closing))
    assert isinstance(command, Simple)
    return [str(field) for field in fields(shell, command.words)][1:]


def test_the_common_beginning_may_end_in_the_middle_of_an_escape(shell: Shell) -> None:
    Path("a b").touch()
    Path("a$b").touch()
    assert get_common_complete_suffix(Document("prog a"), offered(shell, "prog a")) == "\\"
    assert lines(shell, "prog a\\") == ["prog a\\ b ", "prog a\\$b "]


def test_a_command_called_bracket_needs_no_escape(shell: Shell, tmp_path: Path) -> None:
    make_program(tmp_path / "bin" / "[")
    assert lines(shell, "[") == ["[ "]


# What the shell knows


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("echo $HOS", ["echo $HOST"]),
        ("echo ${HOS", ["echo ${HOST}"]),
        ("echo ${#HOS", ["echo ${#HOST}"]),
        ('echo "a $HOS', ['echo "a $HOST']),
        ("cat <<E\n$HOS", ["cat <<E\n$HOST"]),
        ('echo "$(prog $HOS', ['echo "$(prog $HOST']),
        ("$HOS", ["$HOST"]),
        ("A=$HOS", ["A=$HOST"]),
        ("export HOS", ["export HOST "]),
        ("unset HOS", ["unset HOST "]),
        ("echo '$HOS", []),
        ("echo \\$HOS", []),
        ("echo $?", []),
    ],
)
def test_variables_where_they_are_meant(shell: Shell, line: str, expected: list[str]) -> None:
    assert lines(shell, line) == expected


def test_a_dollar_alone_offers_all_variables_with_whether_programs_get_them(shell: Shell) -> None:
    shell.variables.set("mine", "1")
    found = {each.text: each.display_meta_text for each in offered(shell, "echo $")}
    assert found["HOME"] == "exported"
    assert found["mine"] == "not exported"


@pytest.mark.parametrize("command", ["fg", "bg", "kill", "wait", "jobs", "disown", "kill -s INT"])
def test_jobs_are_offered_with_what_they_run(shell: Shell, command: str) -> None:
    add_job(shell, "sleep 100")
    add_job(shell, "vi notes")
    assert [(each.text, each.display_meta_text) for each in offered(shell, f"{command} %")] == [
        ("%1 ", "sleep 100"),
        ("%2 ", "vi notes"),
    ]
    assert lines(shell, f"{command} %vi") == [f"{command} %2 "]
    assert lines(shell, f"{command} %?100") == [f"{command} %1 "]


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("kill -s TS", ["kill -s TSTP "]),
        ("kill -s SIGTS", ["kill -s TSTP "]),
        ("kill -TS", ["kill -TSTP "]),
        ("kill -ts", ["kill -TSTP "]),
        ("trap 'echo bye' EX", ["trap 'echo bye' EXIT "]),
        ("trap - HU", ["trap - HUP "]),
        ("trap '' INT TER", ["trap '' INT TERM "]),
        ("trap HU", []),
    ],
)
def test_signals_where_they_are_meant(shell: Shell, line: str, expected: list[str]) -> None:
    assert lines(shell, line) == expected


def test_a_signal_comes_with_what_it_says(shell: Shell) -> None:
    assert [each.display_meta_text for each in offered(shell, "kill -s INT")] == ["Interrupt"]


def test_options_of_builtins_come_from_their_usage_and_are_explained_by_their_help(shell: Shell) -> None:
    assert [(each.text, each.display_meta_text) for each in offered(shell, "jobs -")] == [
        ("-l ", "with each process"),
        ("-p ", "only the number of the first"),
    ]
    assert lines(shell, "pwd -") == ["pwd -L ", "pwd -P "]
    assert lines(shell, "umask -") == ["umask -S "]
    assert ("-e ", "errexit: end when a command fails") in [
        (each.text, each.display_meta_text) for each in offered(shell, "set -")
    ]
    assert lines(shell, "set +e") == ["set +e "]


def test_kill_has_options_and_signals_after_a_dash(shell: Shell) -> None:
    assert {"-s", "-l", "-HUP", "-KILL"} <= {*names(shell, "kill -")}


def test_names_of_shell_options(shell: Shell) -> None:
    shell.options.add("noglob")
    found = {each.text: each.display_meta_text for each in offered(shell, "set -o no")}
    assert found["noglob "] == "on"
    assert found["noclobber "] == "off"
    assert lines(shell, "set +o nog") == ["set +o noglob "]


def test_help_takes_builtins_and_type_any_command(shell: Shell) -> None:
    assert lines(shell, "help uma") == ["help umask "]
    assert lines(shell, "help pro") == []
    assert lines(shell, "type proj") == ["type project "]


def test_lessons_are_offered_by_name(shell: Shell) -> None:
    assert lines(shell, "lesson ne") == ["lesson next "]
    assert lines(shell, "lesson run 22") == ["lesson run 22-pipelines "]
    assert lines(shell, "lesson run ne") == []


# Anything


@given(st.text(st.sampled_from("ab \t\n'\"\\$`(){};|&<>!#*?[~=-/:%E.0"), max_size=30), st.integers(0, 30))
def test_no_line_is_too_strange(line: str, cursor: int) -> None:
    shell = Shell(Kernel(), {"PATH": "", "a": "1"})
    cursor = min(cursor, len(line))
    for completion in completer(shell).get_completions(Document(line, cursor), TAB):
        assert -cursor <= completion.start_position <= 0


# The key


def pressed(shell: Shell, line: str, times: int = 1) -> Buffer:
    buffer = Buffer(completer=completer(shell), document=Document(line))
    for _ in range(times):
        complete(buffer)
    return buffer


def test_tab_types_the_only_completion_at_once(shell: Shell) -> None:
    buffer = pressed(shell, "proj")
    assert buffer.text == "project "
    assert buffer.complete_state is None


def test_tab_goes_on_from_one_directory_into_the_next(shell: Shell) -> None:
    assert pressed(shell, "prog di", times=2).text == "prog dir/"
    assert pressed(shell, "prog dir/in").text == "prog dir/inner-run "


def test_tab_types_what_all_completions_share_and_shows_them(shell: Shell) -> None:
    buffer = pressed(shell, "p")
    assert buffer.text == "p"  # printf and pwd are builtins
    buffer = pressed(shell, "prog my")
    assert buffer.text == "prog my\\ "
    assert buffer.complete_state is not None
    assert [each.display_text for each in buffer.complete_state.completions] == ["my dir/", "my file"]


def test_tab_again_chooses_one_after_the_other(shell: Shell) -> None:
    assert pressed(shell, "pro", times=2).text == "prog "
    assert pressed(shell, "pro", times=3).text == "project "
    assert pressed(shell, "prog my", times=3).text == "prog my\\ file "


def test_tab_where_nothing_fits_changes_nothing(shell: Shell) -> None:
    buffer = pressed(shell, "prog nothing-like-that")
    assert buffer.text == "prog nothing-like-that"
    assert buffer.complete_state is None
