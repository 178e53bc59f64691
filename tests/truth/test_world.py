"""The World, rebuilt from events alone, is at every stop what /proc shows."""

from __future__ import annotations

import fcntl
import json
import os
import pty
import select
import subprocess
import sys
import termios
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from minishell.trace import observer
from minishell.trace.observer import observe, observe_script
from minishell.trace.world import World
from tests import shells
from tests.truth.lines import FILES, lines
from tests.truth.worlds import Compared

if TYPE_CHECKING:
    from collections.abc import Iterator

COUNT = int(os.environ.get("MINISHELL_LINES", "200"))

BESIDE = [
    "uname | cat",
    "(exit 3) | cat <&7",
    "sleep 0 & wait",
    "sleep 9 & kill -STOP $!; kill -CONT $!; kill $!; wait",
    "cd /; umask 077; kill -USR1 $$; exec 8<&7 7<&-",
]
EXAMPLES = sorted((Path(__file__).parent / "examples").glob("*.py"))


@pytest.fixture
def compared(monkeypatch: pytest.MonkeyPatch) -> type[Compared]:
    """Every program that is observed is compared."""
    monkeypatch.setattr(observer, "Observer", Compared)
    monkeypatch.setattr(Compared, "found", [], raising=False)
    monkeypatch.setattr(Compared, "counts", Counter(), raising=False)
    return Compared


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda path: path.stem)
def test_scripts(example: Path, compared: type[Compared]) -> None:
    observe_script(str(example), timeout_s=120)
    assert compared.found == []
    assert compared.counts["descriptors"] > 20


def cases() -> Iterator[tuple[str, str]]:
    """Every line in dash, which is quick, and every third in one of the others."""
    for number, line in enumerate(lines(COUNT)):
        yield "dash", line
        if number % 3 < 2:
            yield ("bash", "minishell")[number % 3], line


@pytest.mark.parametrize(("shell", "line"), [*cases()])
def test_lines(shell: str, line: str, compared: type[Compared], tmp_path: Path) -> None:
    for name, text in FILES.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text)
    observe([*shells.START[shell], "-c", line], cwd=str(tmp_path), env=shells.clean_environment(), timeout_s=120)
    assert compared.found == []
    assert compared.counts["descriptors"] > 5


@pytest.mark.parametrize("line", ["echo a | cat | cat; (exec 3>/dev/null)", "sleep 1 & (sleep 2 &) ; kill $!"])
def test_when_all_have_ended_nothing_is_left(line: str) -> None:
    world = World()
    for event in observe(["sh", "-c", line]).events:
        world.apply(event)
    assert (world.processes, world.pipes, world.foreground) == ({}, {}, {})


@pytest.mark.parametrize("line", BESIDE)
def test_beside_the_shell(line: str, tmp_path: Path) -> None:
    """The observer comes in the middle of the shell's life, which has a terminal, descriptors and a job."""
    script = f"set -m; exec 7</dev/null; trap : USR1; sleep 0.3 & cd /usr; umask 027; picture -o /dev/null '{line}'"
    report = tmp_path / "report"
    main, terminal = pty.openpty()
    try:
        subprocess.run(
            [sys.executable, "-m", "tests.truth.beside", str(report), "-c", script],
            stdin=terminal,
            stdout=terminal,
            stderr=terminal,
            start_new_session=True,
            preexec_fn=lambda: fcntl.ioctl(0, termios.TIOCSCTTY, 0),
            cwd=Path(__file__).parents[2],
            timeout=60,
            check=False,
        )
        said = os.read(main, 1 << 16) if select.select([main], [], [], 0)[0] else b""
    finally:
        os.close(main)
        os.close(terminal)
    told: dict[str, Any] = json.loads(report.read_text()) if report.exists() else {"problem": said.decode()}
    assert told["problem"] == ""
    assert told["found"] == []
    assert told["counts"]["terminals"] > 50
