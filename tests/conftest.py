"""What every test owes the next one: it leaves nothing behind.

A shell's tests start processes, open descriptors and turn terminals raw. A test that forgets one of these
makes a later, innocent test fail. So each is looked at when it ends, is told what it left, and the litter is
removed. The look costs about 0.1 ms.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import termios
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

import pytest
from hypothesis import HealthCheck, settings

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

settings.register_profile("patient", settings(), deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("patient")  # how long a drawn example takes depends on the machine

SET_BY_PYTEST = "PYTEST_CURRENT_TEST"

Answer = TypeVar("Answer")
Modes = list[Any]


def pytest_addoption(parser: pytest.Parser) -> None:
    group = parser.getgroup("minishell")
    group.addoption(
        "--presses",
        type=int,
        default=int(os.environ.get("MINISHELL_PRESSES", "60")),
        help="how often the tests of races press Ctrl-C and Ctrl-Z (60; before a release: 1000)",
    )
    group.addoption(
        "--shell",
        default="minishell",
        help="the shell that tests/pty drives: minishell (this source), the path of an installed one, or bash",
    )
    group.addoption(
        "--traced", action="store_true", help="the shell that tests/pty drives is watched: nothing may be different"
    )


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The site, built once for all who look at it."""
    return build_site(tmp_path_factory.mktemp("site") / "html")


def build_site(target: Path, *options: str, **environment: str) -> Path:
    """Build the site; fail with what Sphinx said if it said anything."""
    command = [sys.executable, "-m", "minishell.lessons.command", "site", *options, "--output", str(target)]
    answer = subprocess.run(
        command, capture_output=True, text=True, env=os.environ | environment, check=False, cwd=target.parent
    )
    assert (answer.returncode, answer.stderr) == (0, ""), answer.stderr
    return target


def pytest_configure(config: pytest.Config) -> None:
    """Ignore no signal: nohup and the `&` of a script ignore some for what they start, and our children would too."""
    for number in signal.valid_signals() - {signal.SIGPIPE, signal.SIGXFSZ}:  # these two Python ignores by itself
        if signal.getsignal(number) is signal.SIG_IGN:
            signal.signal(number, signal.default_int_handler if number == signal.SIGINT else signal.SIG_DFL)


class Surroundings(NamedTuple):
    """What a test shares with the rest of the test run."""

    children: frozenset[int]
    descriptors: dict[int, str]
    directory: str
    environment: dict[str, str]
    blocked_signals: frozenset[int]
    terminal: Modes | None


@pytest.fixture(autouse=True)
def leaves_nothing_behind() -> Iterator[None]:
    """Fail a test after which a process, descriptor, directory, variable or terminal mode differs."""
    before = look_around()
    yield
    after = look_around()
    if after != before:
        litter = list(differences(before, after))
        tidy_up(before, after)
        pytest.fail("this test " + "; it ".join(litter), pytrace=False)


def look_around() -> Surroundings:
    return Surroundings(
        children=frozenset(children()),
        descriptors=dict(descriptors()),
        directory=os.getcwd(),
        environment={name: value for name, value in os.environ.items() if name != SET_BY_PYTEST},
        blocked_signals=frozenset(signal.pthread_sigmask(signal.SIG_BLOCK, ())),
        terminal=terminal_modes(),
    )


def children() -> Iterator[int]:
    for thread in os.listdir("/proc/self/task"):
        try:
            yield from map(int, Path(f"/proc/self/task/{thread}/children").read_text().split())
        except (
            FileNotFoundError,
            ProcessLookupError,
        ):  # it has just ended
            continue


def descriptors() -> Iterator[tuple[int, str]]:
    """Each open descriptor and what it refers to, without the one that reads the list."""
    for number in os.listdir("/proc/self/fd"):
        try:
            yield int(number), os.readlink(f"/proc/self/fd/{number}")
        except FileNotFoundError:
            continue


def terminal_modes() -> Modes | None:
    """The modes of the terminal that pytest itself was started on; None when there is none."""
    return with_own_terminal(lambda terminal: termios.tcgetattr(terminal))


def with_own_terminal(use: Callable[[int], Answer]) -> Answer | None:
    try:
        terminal = os.open("/dev/tty", os.O_RDWR | os.O_NOCTTY)
    except OSError:
        return None
    try:
        return use(terminal)
    finally:
        os.close(terminal)


def differences(before: Surroundings, after: Surroundings) -> Iterator[str]:
    for pid in after.children - before.children:
        yield f"left a child process behind: {pid} ({command(pid)})"
    for number in after.descriptors.keys() - before.descriptors.keys():
        yield f"left descriptor {number} open: {after.descriptors[number]}"
    for number in before.descriptors.keys() - after.descriptors.keys():
        yield f"closed descriptor {number}, which it had not opened: {before.descriptors[number]}"
    for number in before.descriptors.keys() & after.descriptors.keys():
        if before.descriptors[number] != after.descriptors[number]:
            yield f"made descriptor {number} mean {after.descriptors[number]}"
    if before.directory != after.directory:
        yield f"changed the working directory from {before.directory} to {after.directory}"
    for name in sorted(before.environment.keys() | after.environment.keys()):
        was, now = before.environment.get(name), after.environment.get(name)
        if was != now:
            yield f"changed the environment variable {name} from {was!r} to {now!r}"
    if before.blocked_signals != after.blocked_signals:
        changed = sorted(before.blocked_signals ^ after.blocked_signals)
        yield f"changed which signals are blocked: {changed}"
    if before.terminal != after.terminal:
        yield "changed the modes of the terminal"


def command(pid: int) -> str:
    words = Path(f"/proc/{pid}/cmdline").read_bytes().rstrip(b"\0").split(b"\0")
    return " ".join(os.fsdecode(word) for word in words) or "a zombie: nobody waited for it"


def tidy_up(before: Surroundings, after: Surroundings) -> None:
    """Put back what can be put back, so that only the guilty test fails."""
    for pid in after.children - before.children:
        os.kill(pid, signal.SIGKILL)
        os.waitpid(pid, 0)
    for number in after.descriptors.keys() - before.descriptors.keys():
        os.close(number)
    os.chdir(before.directory)
    for name in after.environment.keys() - before.environment.keys() - {SET_BY_PYTEST}:
        del os.environ[name]
    os.environ.update(before.environment)
    signal.pthread_sigmask(signal.SIG_SETMASK, before.blocked_signals)
    if (modes := before.terminal) is not None:
        with_own_terminal(lambda terminal: termios.tcsetattr(terminal, termios.TCSANOW, modes))
