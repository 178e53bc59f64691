"""minishell never hands work to another shell: strace shows each execve of everything that it starts."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

STRACE = shutil.which("strace")
SHELLS = {"sh", "bash", "dash", "ash", "ksh", "mksh", "yash", "zsh", "busybox", "csh", "tcsh", "fish", "rbash"}

pytestmark = pytest.mark.skipif(STRACE is None, reason="strace is not installed")

EXECVE = re.compile(r'execve\("((?:[^"\\]|\\.)*)"')


class Traced(NamedTuple):
    output: str
    executed: list[str]

    def programs(self) -> list[str]:
        """What was executed by the shell, without the shell itself, in alphabetical order."""
        return sorted(Path(path).name for path in self.executed[1:])


@pytest.fixture
def trace(tmp_path: Path) -> Callable[..., Traced]:
    """Run minishell under strace, in a folder of its own."""

    def run(*words: str, typed: str = "") -> Traced:
        log = tmp_path.with_suffix(".strace")
        assert STRACE is not None
        shell = subprocess.run(
            [
                STRACE,
                "-f",
                "-qq",
                "-s",
                "200",
                "-e",
                "trace=execve",
                "-o",
                str(log),
                *(sys.executable, "-m", "minishell"),
                *words,
            ],
            input=typed,
            capture_output=True,
            cwd=tmp_path,
            env={"PATH": "/usr/bin:/bin", "SHELL": "/bin/bash", "PYTHONPATH": str(Path(__file__).parents[1])},
            start_new_session=True,
            text=True,
            timeout=120,
        )
        executed = EXECVE.findall(log.read_text())
        assert executed[0] == sys.executable
        return Traced(shell.stdout + shell.stderr, executed)

    return run


LINES = {
    "ls | wc -l": ["ls", "wc"],
    "ls >list; cat <list 2>&1 | sort -r >>list": ["cat", "ls", "sort"],
    "echo *; ls -d * ? [a-z]*": ["ls"],
    'x=$(uname; echo "$(uname | cat)"); echo $x': ["cat", "uname", "uname"],
    "(cd /; uname) && { uname; } || uname": ["uname", "uname"],
    "uname & wait; ! uname": ["uname", "uname"],
    "cat <<E; uname <&-\n$(uname) $HOME\nE": ["cat", "uname", "uname"],
    "echo ~root 'a b' \"c\" \\d $? $$ $# $0 ${none:-$(uname)}": ["uname"],
    "trap 'uname' EXIT; uname": ["uname", "uname"],
    "env A=b | cat; A=b env uname": ["cat", "uname"],
    "exec uname": ["uname"],
    "set -m; uname | uname": ["uname", "uname"],
    "kill -0 $$; umask; type ls; help cd; jobs; pwd; echo a": [],
    "no-such-program; ./no/such; /": [],
}


@pytest.mark.parametrize(("line", "programs"), LINES.items(), ids=LINES)
def test_a_line_starts_the_programs_it_names_and_nothing_else(
    trace: Callable[..., Traced], line: str, programs: list[str]
) -> None:
    traced = trace("-c", line)
    assert traced.programs() == programs, traced.output


def test_so_do_lines_from_a_pipe(trace: Callable[..., Traced]) -> None:
    lines = [line for line in LINES if not line.startswith(("exec", "trap"))]  # after these nothing follows
    programs = sorted(program for line in lines for program in LINES[line])
    assert trace(typed="".join(f"{line}\n" for line in lines)).programs() == programs


@pytest.mark.parametrize(
    "line", ["./script a b", "./script a b | cat", "x=$(./script a b); echo $x", "exec ./script a b"]
)
def test_a_file_without_a_first_line_is_run_by_minishell_itself(
    trace: Callable[..., Traced], tmp_path: Path, line: str
) -> None:
    """execve refuses it with ENOEXEC; the copy of the shell that asked goes on as a new shell."""
    script = tmp_path / "script"
    script.write_text('echo "$0 $2 $1"; uname | cat >/dev/null\n')
    script.chmod(0o755)
    traced = trace("-c", line)
    assert traced.output == "./script b a\n"
    assert not SHELLS & set(traced.programs())
    assert traced.programs()[-1] == "uname"


def test_what_is_asked_for_by_name_is_started(trace: Callable[..., Traced]) -> None:
    """A shell that the line names is a program like others; and this test can see one."""
    traced = trace("-c", "sh -c 'echo a'; :")
    assert (traced.output, traced.programs()) == ("a\n", ["sh"])
    assert SHELLS & set(traced.programs())
