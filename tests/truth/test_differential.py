"""Scripts drawn at random do the same in minishell and in dash.

Standard output, the exit status and the files left behind are compared; what is said on standard error is not.
MINISHELL_SCRIPTS says how many scripts, other ones each time; without it, the same 2,000 are compared every day.

A shell is started once and runs many scripts, each in a subshell and a directory of its own.
"""

from __future__ import annotations

import os
import select
import shutil
import signal
import subprocess
import time
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import pytest
from hypothesis import HealthCheck, given, note, settings

from tests import shells
from tests.truth.scripts import FILES, scripts

if TYPE_CHECKING:
    from collections.abc import Iterator

COUNT = int(os.environ.get("MINISHELL_SCRIPTS", "2000"))
ALWAYS_THE_SAME = "MINISHELL_SCRIPTS" not in os.environ
DEADLINE_S = 120.0
"""Far more than any script takes: what is still running then hangs."""

CASES = sorted((Path(__file__).parent / "cases").glob("*.sh"))


class Outcome(NamedTuple):
    """What is left of a script: `status` "hangs" if it did not end."""

    status: str
    output: bytes
    files: tuple[tuple[str, bytes], ...]


class Server:
    """A shell that is told on its standard input which script to run next."""

    def __init__(self, shell: str, folder: Path) -> None:
        self.shell = shell
        self.folder = folder
        self.process: subprocess.Popen[bytes] | None = None
        self.untouched = False

    def run(self, script: str) -> Outcome:
        directory = self.folder / "directory"
        if not self.untouched:
            prepare(directory)
        (self.folder / "script").write_text(script)
        status = self.ask("(cd directory; . ../script) >output 2>/dev/null </dev/null; echo $?\n")
        status = "1 or 2" if status in ("1", "2") else status  # the status of an error is each shell's own affair
        left = tuple(contents(directory))
        self.untouched = left == AS_PREPARED
        return Outcome(status, (self.folder / "output").read_bytes(), left)

    def ask(self, line: str) -> str:
        """Send a line, and wait for the one that it prints."""
        process = self.process or self.start()
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdin.write(line.encode())
        process.stdin.flush()
        answer = b""
        end = time.monotonic() + DEADLINE_S
        while not answer.endswith(b"\n"):
            ready, _, _ = select.select([process.stdout], [], [], max(end - time.monotonic(), 0))
            chunk = os.read(process.stdout.fileno(), 100) if ready else b""
            if not chunk:
                self.stop()
                return "hangs" if not ready else "died"
            answer += chunk
        return answer.decode().strip()

    def start(self) -> subprocess.Popen[bytes]:
        self.process = subprocess.Popen(
            shells.START[self.shell],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            cwd=self.folder,
            env=shells.clean_environment(),
            start_new_session=True,
        )
        return self.process

    def stop(self) -> None:
        """End the shell, and with it all that its scripts may have left running."""
        if self.process is None:
            return
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.communicate()
        self.process = None


def prepare(directory: Path) -> None:
    shutil.rmtree(directory, ignore_errors=True)
    (directory / "sub").mkdir(parents=True)
    for name, text in FILES.items():
        (directory / name).write_text(text)


def contents(directory: Path) -> Iterator[tuple[str, bytes]]:
    for folder, _, names in os.walk(directory):
        for name in sorted(names):
            path = os.path.join(folder, name)
            with open(path, "rb") as file:
                yield os.path.relpath(path, directory), file.read()


AS_PREPARED = tuple((name, FILES[name].encode()) for name in sorted(FILES, key=lambda name: ("/" in name, name)))


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("scripts")


def server(shell: str, folder: Path) -> Server:
    (folder / shell).mkdir(exist_ok=True)
    return Server(shell, folder / shell)


@pytest.mark.skipif("dash" not in shells.INSTALLED, reason="there is no dash to compare with")
def test_scripts_do_what_they_do_in_dash(folder: Path) -> None:
    ours, theirs = server("minishell", folder), server("dash", folder)

    @settings(
        max_examples=COUNT,
        database=None,
        derandomize=ALWAYS_THE_SAME,
        suppress_health_check=list(HealthCheck),
    )
    @given(scripts())
    def compare(script: str) -> None:
        note(script)
        assert ours.run(script) == theirs.run(script)

    try:
        compare()
    finally:
        ours.stop()
        theirs.stop()


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.stem)
@pytest.mark.parametrize("shell", shells.INSTALLED)
def test_a_script_that_once_differed(case: Path, shell: str, tmp_path: Path) -> None:
    """The expected output stands behind the script, in comments that start with `#>`."""
    script, expected = read_case(case, shell)
    if expected is None:
        return
    prepare(tmp_path)
    result = shells.run("-c", script, shell=shell, directory=tmp_path)
    assert f"{result.output}[{result.status}]\n" == expected


def read_case(case: Path, shell: str) -> tuple[str, str | None]:
    """The script and its expected output with the status; None: the file says why this shell differs."""
    lines = case.read_text().splitlines(keepends=True)
    script = "".join(line for line in lines if not line.startswith("#"))
    expected = "".join(line[2:].removeprefix(" ") for line in lines if line.startswith("#>"))
    differs = any(line.startswith(f"# {shell}:") for line in lines)
    return script, None if differs else expected
