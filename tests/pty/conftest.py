"""The shell of a test: started at a clean home, closed with everything it started."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

import pytest

from tests.pty.shell import SIGNS_OF_A_BUG, STARTS, Shell, clean_environment, command_line, start_of
from tests.pty.terminal import Terminal

if TYPE_CHECKING:
    from pathlib import Path


def pytest_configure(config: pytest.Config) -> None:
    """With `--traced` every shell under test is watched, and what is seen goes nowhere."""
    if config.getoption("--traced"):
        subject = config.getoption("--shell")
        STARTS[subject] = (*start_of(subject), "--trace", "/dev/null")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Left out are what watching does change, who watches imports more, and those that watch by themselves."""
    if config.getoption("--traced"):
        names = ("test_the_line_editor_is_not_loaded", "test_traced.py", "test_beliefs.py", "test_pictures.py")
        left_out = [item for item in items if item.name.startswith(names) or item.path.name in names]
        config.hook.pytest_deselected(items=left_out)
        items[:] = [item for item in items if item not in left_out]


@pytest.fixture
def presses(request: pytest.FixtureRequest) -> int:
    """How often to press a key that has to work every time."""
    count: int = request.config.getoption("--presses")
    return count


@pytest.fixture
def subject(request: pytest.FixtureRequest) -> str:
    """The name of the shell under test."""
    name: str = request.config.getoption("--shell")
    return name


@pytest.fixture
def minishell(subject: str) -> str:
    """The shell under test, as a command to type in another shell."""
    return command_line(subject)


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """The empty directory in which the shells of the test start."""
    directory = tmp_path / "home"
    directory.mkdir()
    return directory


Script = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def script(subject: str, home: Path) -> Script:
    """Run `minishell -c` without a terminal; what it printed, and its status."""

    def run(text: str, *wrapper: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [*wrapper, *start_of(subject), "-c", text],
            capture_output=True,
            cwd=home,
            env=clean_environment(home),
            errors="replace",
            start_new_session=True,
            text=True,
            timeout=120,
        )

    return run


class Door(NamedTuple):
    """A FIFO: whoever reads it (`cat door`) waits until the test opens it."""

    path: Path

    def open(self) -> None:
        """Let everybody pass who is waiting. ENXIO: nobody is."""
        os.close(os.open(self.path, os.O_WRONLY | os.O_NONBLOCK))

    def lets_through(self) -> bool:
        """Open the door if somebody waits at it."""
        try:
            self.open()
        except OSError:
            return False
        return True


@pytest.fixture
def door(home: Path) -> Door:
    """A door named `door` in the shell's directory."""
    path = home / "door"
    os.mkfifo(path)
    return Door(path)


OpenTerminal = Callable[..., Terminal]
OpenShell = Callable[..., Shell]


@pytest.fixture
def terminals() -> Iterator[list[Terminal]]:
    """The terminals of this test. At its end none of them may tell of a bug, and all are closed."""
    opened: list[Terminal] = []
    yield opened
    transcripts = [bytes(terminal.transcript).decode(errors="replace") for terminal in opened]
    for terminal in opened:
        terminal.close()
    for transcript in transcripts:
        for sign in SIGNS_OF_A_BUG:
            assert sign not in transcript, f"the terminal shows {sign!r}:\n{transcript}"


@pytest.fixture
def open_terminal(terminals: list[Terminal], home: Path) -> OpenTerminal:
    """Start any program on a terminal."""

    def start(argv: Sequence[str], **settings: Any) -> Terminal:
        terminal = Terminal(argv, environment=clean_environment(home), directory=home, **settings)
        terminals.append(terminal)
        return terminal

    return start


@pytest.fixture
def open_shell(terminals: list[Terminal], home: Path, subject: str) -> OpenShell:
    """Start an interactive shell, the one under test unless another is named, and wait for its prompt."""

    def start(name: str = subject, variables: dict[str, str] | None = None, **settings: Any) -> Shell:
        environment = clean_environment(home) | (variables or {})
        shell = Shell([*start_of(name), "-i"], environment=environment, directory=home, **settings)
        terminals.append(shell)
        shell.prompt()
        return shell

    return start


@pytest.fixture
def shell(open_shell: OpenShell) -> Shell:
    """The shell under test, at its first prompt."""
    return open_shell()


@pytest.fixture
def bash(open_shell: OpenShell) -> Shell:
    """Bash, at its first prompt: a shell to start the shell under test from."""
    return open_shell("bash")
