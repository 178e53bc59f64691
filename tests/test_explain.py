"""explain: what a line will do is told before anything runs, and nothing is run or changed by telling it."""

from __future__ import annotations

import os
import shutil
import textwrap
from typing import TYPE_CHECKING

import pytest

from tests import shells

if TYPE_CHECKING:
    from pathlib import Path

DEFAULTS = "signals back to their default: INT QUIT PIPE XFSZ CHLD TERM TSTP TTIN TTOU HUP WINCH"
OUTPUT = "a pipe from outside (fd 1)"
"""What standard output is under test; the others are /dev/null."""


def explained(line: str, directory: Path | None = None, *, options: str = "", before: str = "") -> str:
    """What explain says of the line; `before` is run first."""
    quoted = line.replace("'", "'\\''")
    script = f"exec 2>/dev/null </dev/null\n{before}\nexplain {options} -- '{quoted}'"
    done = shells.run("-c", script, directory=directory)
    assert done.status == 0
    return done.output


def expected(text: str) -> str:
    return textwrap.dedent(text).lstrip("\n")


def where(program: str) -> str:
    """The path of a program."""
    path = shutil.which(program, path=shells.clean_environment()["PATH"])
    assert path is not None
    return path


def test_a_pipeline_in_the_background(tmp_path: Path) -> None:
    (tmp_path / "f").write_text("b\na\n")
    assert explained("X=1 sort < f 2>&- | uniq -c > out 2>&1 &", tmp_path) == expected(f"""
        X=1 sort < f 2>&- | uniq -c > out 2>&1 &
          A  pipe() -> pipe 1: read end fd 3, write end fd 4
             fork -> new process B, a copy of A with the same open files
             closes fd 4 (pipe 1): as long as it were open, whoever reads the pipe would not see end of file
             fork -> new process C, a copy of A with the same open files
             closes fd 3 (pipe 1)
          X=1 sort < f 2>&-
            B  {DEFAULTS}
               signals ignored: INT QUIT
               opens /dev/null as fd 0 (standard input), to read
               dup2(4, 1): fd 1 is now pipe 1
               closes fd 3 (pipe 1)
               closes fd 4 (pipe 1)
               opens f as fd 0 (standard input), to read
               closes fd 2 (/dev/null)
               exec {where("sort")} [sort]
                  with 0 f · 1 pipe 1 (write end)
                  with X=1 in its environment
          uniq -c > out 2>&1
            C  {DEFAULTS}
               signals ignored: INT QUIT
               dup2(3, 0): fd 0 is now pipe 1
               closes fd 3 (pipe 1)
               opens out as fd 1 (standard output), to write: it is made if there is none, and EMPTIED NOW if there is one
               dup2(1, 2): fd 2 is now out
               exec {where("uniq")} [uniq -c]
                  with 0 pipe 1 (read end) · 1 out · 2 out
          A  does not wait: $? is 0 at once, and $! the process number of C
        $? is 0
    """)  # noqa: E501
    assert os.listdir(tmp_path) == ["f"]


def test_job_control_puts_each_job_into_a_group_of_its_own() -> None:
    told = explained("true | cat", before="set -m").splitlines()
    assert [line.strip() for line in told if "group" in line] == [
        "B goes into a process group of its own",
        "C goes into the process group of B",
        "B  goes into a process group of its own",
        "C  goes into the process group of B",
    ]


def test_why_a_builtin_runs_in_the_shell_itself() -> None:
    assert explained("cd /") == expected("""
        cd /
          A  runs cd in this process: a child could change only its own
             chdir -> /
        $? is 0
    """)


def test_a_builtin_with_a_redirection(tmp_path: Path) -> None:
    assert explained("echo a > f", tmp_path) == expected(f"""
        echo a > f
          A  runs echo in this process
             dup(1): fd 10 is now {OUTPUT}
             opens f as fd 1 (standard output), to write: it is made if there is none, and EMPTIED NOW if there is one
             writes 2 bytes to f: "a\\n"
             dup2(10, 1): fd 1 is now {OUTPUT}
             closes fd 10 ({OUTPUT})
        $? is 0
    """)
    assert os.listdir(tmp_path) == []


def test_what_depends_on_how_a_program_ends_is_told_both_ways() -> None:
    assert explained("cat /nosuch && echo a || exit 3") == expected(f"""
        cat /nosuch
          A  fork -> new process B, a copy of A with the same open files
          B  {DEFAULTS}
             exec {where("cat")} [cat /nosuch]
                with 0 /dev/null · 1 {OUTPUT} · 2 /dev/null
          A  waits until B has ended
        only if the status of B is 0:
          echo a
            A  runs echo in this process
               writes 2 bytes to {OUTPUT}: "a\\n"
        only if $? then is not 0:
          exit 3
            A  runs exit in this process: a child could end only itself
          A  leaves the shell here, with status 3
        $? is 0 if that of B is 0, else 3
    """)


def test_a_subshell_becomes_its_last_program_without_another_fork() -> None:
    assert explained("(cd /; pwd; cat)") == expected(f"""
        (cd /; pwd; cat)
          A  fork -> new process B, a copy of A with the same open files
          B  {DEFAULTS}
             is a copy of the shell, and goes on as one: it runs (cd /; pwd; cat)
          cd /
            B  runs cd in this process: a child could change only its own
               chdir -> /
          pwd
            B  runs pwd in this process
               writes 2 bytes to {OUTPUT}: "/\\n"
          cat
            B  needs no fork: this process has nothing else to do
               {DEFAULTS}
               exec {where("cat")} [cat]
                  with 0 /dev/null · 1 {OUTPUT} · 2 /dev/null
          A  waits until B has ended
        $? is that of B
    """)


def last_words(line: str, **more: str) -> str:
    """What explain says of the last thing that the line writes."""
    return [text.strip() for text in explained(line, **more).splitlines() if "writes" in text][-1]  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("line", "written"),
    [
        ("x=1; y=$((x + 1)); echo $y", "2"),
        ("x=$(echo a; echo b); echo $x", "a b"),
        ("x=$(date); echo $x", "⟨the output of date⟩"),
        ("cat; echo $?", "⟨status: that of B⟩"),
        ("false; echo $?", "1"),
        ("nosuch; echo $?", "127"),
        ("cat & echo $!", "⟨process number of B⟩"),
        ("f() { echo $2 $#; }; f a b", "b 2"),
        ("set -- a b; shift; echo $1", "b"),
        ("for i in a b c; do :; done; echo $i", "c"),
        ("i=0; while [ $i -lt 20 ]; do i=$((i + 1)); done; echo $i", "20"),
        ("i=0; while :; do i=$((i + 1)); [ $i = 7 ] && break; done; echo $i", "7"),
        ("case abc in a) echo 1;; a*) echo 2;; esac", "2"),
        ("if [ -d / ]; then echo yes; else echo no; fi", "yes"),
        ("eval 'x=5; echo $x'", "5"),
        ("(x=2; cd /); echo ${x-unset}", "unset"),
        ("read x < /etc/passwd; echo $x", "⟨what read puts into x⟩"),
        ("trap 'echo bye' EXIT; (trap 'echo sub' EXIT; :)", "sub"),
        ("f() { return 3; }; f; echo $?", "3"),
        ("! false; echo $?", "0"),
        ("cat /x || :; cat $(echo f) || set -- z; echo $#", "0"),
    ],
)
def test_what_needs_no_process_is_known_beforehand(line: str, written: str) -> None:
    count = "" if "⟨" in written else f" {len(written) + 1} bytes"  # nobody knows how long it will be
    data = f'"{written}\\n"'
    shortened = data if len(data) <= 40 else f'{data[:38]}…"'
    told = last_words(line).removeprefix("A  ").removeprefix("B  ")
    assert told == f"writes{count} to {OUTPUT}: {shortened}"


def test_the_shell_is_not_changed_by_explaining(tmp_path: Path) -> None:
    script = """
        x=1; set -- a b; f() { echo old; }
        explain 'x=2; set -- c; f() { echo new; }; cd /; umask 077; set -e; trap "echo t" EXIT; alias a=b; exit 5' >/dev/null
        echo $x "$@"; f; pwd; umask; echo $-; trap; alias
    """  # noqa: E501
    done = shells.run("-c", script, directory=tmp_path)
    before = shells.run("-c", "umask; echo $-", directory=tmp_path)
    assert done.output == f"1 a b\nold\n{tmp_path}\n{before.output}"
    assert done.errors == ""


def test_files_that_the_line_makes_are_there_for_the_rest_of_it(tmp_path: Path) -> None:
    told = explained("echo a > new; cat < new; ls n*", tmp_path)
    assert "opens new as fd 0 (standard input), to read" in told
    assert "n* becomes new" in told
    assert os.listdir(tmp_path) == []


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("cat < nosuch", "opens nosuch: fails, ENOENT"),
        ("cat > /", "opens /: fails, EISDIR"),
        ("cat > nosuch/f", "opens nosuch/f: fails, ENOENT"),
        ("cat < /dev/null/x", "opens /dev/null/x: fails, ENOTDIR"),
        ("exec cat", "the shell is gone: its process is that program now"),
        ("kill 1", "what comes of it cannot be known beforehand"),
        ("while cat; do ls; done", "again and again, as long as the status of the condition is 0:"),
        ("for i in $(ls); do ls; done", "again and again, for each word of ⟨the output of ls⟩:"),
        (
            "case $(date) in a) ls;; esac",
            "perhaps, for nobody knows which pattern ⟨the output of",
        ),
        ("$(date) x", "$? is not to be known beforehand: which command ⟨the output of date⟩ names"),
        ("set -e; cat; ls", "leaves the shell, for set -e is on here, with status that of B"),
        ("i=0; while :; do :; done", "and so on: many more rounds of the loop"),
        ("f() { f; }; f", "functions call each other"),
        ("set -o pipefail; cat | ls", "$? is the last that is not 0 of that of B, that of C (pipefail)"),
        ("cat <<e\nhere\ne", "fd 0 is now pipe 1"),
        ("wait", "runs wait in this process: only a parent can wait for a child"),
        ("sleep 1 & wait $!", "$? is that of B"),
    ],
)
def test_what_is_said(line: str, said: str, tmp_path: Path) -> None:
    assert said in explained(line, tmp_path)


def test_a_redirected_group_has_a_heading_of_its_own(tmp_path: Path) -> None:
    assert explained("{ echo a; } > f", tmp_path) == expected(f"""
        {{ echo a; }} > f
          A  dup(1): fd 10 is now {OUTPUT}
             opens f as fd 1 (standard output), to write: it is made if there is none, and EMPTIED NOW if there is one
          echo a
            A  runs echo in this process
               writes 2 bytes to f: "a\\n"
          A  dup2(10, 1): fd 1 is now {OUTPUT}
             closes fd 10 ({OUTPUT})
        $? is 0
    """)


def test_a_copy_of_the_shell_ends_as_its_last_command_does() -> None:
    told = explained("f | cat", before="f() { ls; }")
    assert "B  exits; its status is that of D" in told
    assert told.endswith("$? is that of C\n")


def behind(line: str, words: str, **more: str) -> list[str]:
    """What explain says from the line with these words on."""
    told = [text.strip().removeprefix("A  ") for text in explained(line, **more).splitlines()]  # type: ignore[arg-type]
    return told[next(number for number, text in enumerate(told) if words in text) :]


def test_a_shell_that_sends_itself_a_signal_dies_of_it() -> None:
    assert behind("kill -s HUP $$; ls", "sends") == [
        "sends SIGHUP to A",
        "is killed by SIGHUP",
        "the shell is gone",
        "$? is 129",
    ]


def test_a_script_that_is_interrupted_dies_by_the_signal_itself() -> None:
    assert behind("kill -INT $$; ls", "sends") == [
        "sends SIGINT to A",
        "signals back to their default: INT",
        "sends SIGINT to A",
        "is killed by SIGINT",
        "the shell is gone",
        "$? is 130",
    ]


def test_a_trap_runs_between_two_commands(tmp_path: Path) -> None:
    assert behind("trap 'exit 4' TERM; { kill $$; echo a; } > o; ls", "sends", directory=tmp_path) == [  # type: ignore[arg-type]
        "sends SIGTERM to A",
        "notes SIGTERM, and acts upon it between two commands",
        "runs its trap for TERM",
        "exit 4",
        "runs exit in this process: a child could end only itself",
        f"dup2(10, 1): fd 1 is now {OUTPUT}",
        f"closes fd 10 ({OUTPUT})",
        "leaves the shell here, with status 4",
        "$? is 4",
    ]


def test_a_copy_of_the_shell_may_kill_the_shell() -> None:
    assert behind("x=$(kill $$; echo a); ls", "sends") == [
        "sends SIGTERM to A",
        "is killed by SIGTERM",
        "echo a",
        "B  runs echo in this process",
        'writes 2 bytes to pipe 1: "a\\n"',
        "B  exits with 0",
        "the shell is gone",
        "$? is 143",
    ]


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("trap '' USR1; kill -USR1 $$; echo on", "ignores SIGUSR1"),
        ("kill -CHLD $$; echo on", "takes no notice, as by default, of SIGCHLD"),
        ("kill -STOP $$; echo on", "goes on when somebody sends it SIGCONT"),
        ("kill -0 $$; echo on", "sends 0 to A"),
        ("cat & kill $!; echo on", "sends SIGTERM to B"),
        ("(kill $$) & echo on", "what comes of it cannot be known beforehand"),
        ("kill $$ | cat; echo on", "what comes of it cannot be known beforehand"),
        ("kill -l 9; echo on", 'writes 5 bytes to a pipe from outside (fd 1): "KILL\\n"'),
        ("cat && kill $$; echo on", "is killed by SIGTERM"),
    ],
)
def test_a_shell_goes_on_after_signals_that_are_nothing_to_it_or_that_may_not_come(line: str, said: str) -> None:
    told = explained(line)
    assert said in told
    assert f'writes 3 bytes to {OUTPUT}: "on\\n"\n$? is 0' in told


def test_the_commands_of_a_file_are_told(tmp_path: Path) -> None:
    (tmp_path / "lib").write_text("x=5\nls\nreturn 3\n")
    told = explained(". ./lib; echo $? $x", tmp_path)
    assert "opens ./lib as fd 3, to read" in told
    assert "runs the commands of ./lib in this process" in told
    assert f"exec {where('ls')} [ls]" in told
    assert "$? becomes 3" in told
    assert "$x becomes 5" in told
    assert "./lib: No such file or dir…" in explained(". ./lib")
    assert explained(". ./lib; echo on").endswith("A  leaves the shell here, with status 1\n$? is 1\n")
    assert "runs what the line itself has put there" in explained("echo a > lib; . ./lib", tmp_path)


def test_what_a_program_that_has_taken_the_place_of_the_shell_leaves_undone(tmp_path: Path) -> None:
    assert explained("{ exec ls; } > o", tmp_path).splitlines()[-3:] == [
        "          with 0 /dev/null · 1 o · 2 /dev/null",
        "A  the shell is gone: its process is that program now",
        "$? is that of A",
    ]


def test_tokens() -> None:
    assert explained("if a 2>'x y'", options="--tokens").splitlines() == [
        "    1–2  'if'                  word (reserved, where a command can begin)",
        "    4–4  'a'                   word",
        "    6–6  '2'                   descriptor number",
        "    7–7  '>'                   operator",
        """   8–12  "'x y'"               word""",
    ]


def test_tokens_with_here_documents() -> None:
    line = "cat <<a - <<-'b' | wc\n$x a\na\n\tb c\n\tb\nls"
    assert explained(line, options="--tokens").splitlines() == [
        "    1–3  'cat'                 word",
        "    5–6  '<<'                  operator",
        "    7–7  'a'                   word: the line that will end the here-document",
        "    9–9  '-'                   word",
        "  11–13  '<<-'                 operator",
        """  14–16  "'b'"                 word: the line that will end the here-document""",
        "  18–18  '|'                   operator",
        "  20–21  'wc'                  word",
        "  22–22  '\\n'                  newline",
        "  23–27  '$x a\\n'              here-document: no tokens; expanded as between double quotes",
        "  28–29  'a\\n'                 the line that ends it",
        "  30–34  '\\tb c\\n'             here-document: no tokens; taken as it stands;"
        " tabs at the beginning of a line go",
        "  35–37  '\\tb\\n'               the line that ends it",
        "  38–39  'ls'                  word",
    ]


def test_tree() -> None:
    assert explained('ls *.py | wc > "$x" &', options="--tree") == expected("""
        Background  ls *.py | wc > "$x" &
        └─Pipeline  ls *.py | wc > "$x"
          ├─Simple  ls *.py
          │ ├─Word  ls
          │ │ └─Literal 'ls'
          │ └─Word  *.py
          │   └─Literal '*.py'
          └─Simple  wc > "$x"
            ├─Word  wc
            │ └─Literal 'wc'
            └─Redirect '>'  > "$x"
              └─Word  "$x"
                └─DoubleQuoted
                  └─Parameter 'x'  $x
    """)


def test_words(tmp_path: Path) -> None:
    for name in ("a.py", "b c.py"):
        (tmp_path / name).touch()
    told = explained('ls *.py $x "$x" $(date) ~', tmp_path, options="--words", before="x='1 2'; HOME=/h")
    assert told == expected("""
        ls                        ls
        *.py                      a.py 'b c.py'
        $x                        1 2
        "$x"                      '1 2'
        $(date)                   ⟨the output of date⟩
        ~                         /h
    """)


def test_words_of_all_kinds(tmp_path: Path) -> None:
    (tmp_path / "a b").touch()
    line = """\
x=* y=$(date) ls $y; x=$(echo 1 2); echo $x
for i in $x *; do echo $i; done >> "$x"
for j do :; done
case $x in $x | *) ;; esac 2> err
(ls) < in
f() { pwd; } > "$1"
cat <<e 2>&$x
$x
e"""
    assert explained(line, tmp_path, options="--words") == expected("""
        x=*                       '*'
        y=$(date)                 ⟨the output of date⟩
        ls                        ls
        $y                        nothing
        x=$(echo 1 2)             '1 2'
        echo                      echo
        $x                        1 2
        $x                        1 2
        *                         'a b'
        echo                      echo
        $i                        ⟨one of 1 2 'a b'⟩
        >> "$x"                   '1 2'
        :                         :
        case $x                   '1 2'
        $x)                       '1 2'
        *)                        '*'
        2> err                    err
        ls                        ls
        < in                      in
        pwd                       pwd
        > "$1"                    ''
        cat                       cat
        <<e                       "1 2\\n"
        2>&$x                     '1 2'
    """)


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("explain", "there is no line to explain"),
        ("explain --nonsense ls", "--nonsense is no option here"),
        ("explain 'ls |'", "the input ends before the command after |"),
        ("explain --tree 'ls )'", ") cannot stand here"),
    ],
)
def test_what_cannot_be_explained_is_said(line: str, message: str) -> None:
    done = shells.run("-c", f"{line}; echo $?")
    assert message in done.errors
    assert done.output == "2\n"
