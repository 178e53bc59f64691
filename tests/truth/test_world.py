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
from pathlib import Path
from typing import Any

import pytest

from minishell.trace.observer import observe
from minishell.trace.world import World
from tests.truth.lines import EXAMPLES as EXAMPLE_LINES
from tests.truth.lines import lines
from tests.truth.scripts_seen import EXAMPLES
from tests.truth.worlds import of_line, of_script

BESIDE = [
    "uname | cat",
    "(exit 3) | cat <&7",
    "sleep 0 & wait",
    "sleep 9 & kill -STOP $!; kill -CONT $!; kill $!; wait",
    "cd /; umask 077; kill -USR1 $$; exec 8<&7 7<&-",
]


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda path: Path(path).stem)
def test_scripts(example: str, tmp_path: Path) -> None:
    compared, differences = of_script(example, tmp_path)
    assert differences == []
    assert compared > 1000


@pytest.mark.parametrize(
    ("shell", "line"),
    [("dash", line) for line in lines(60)]
    + [("bash", line) for line in EXAMPLE_LINES[::2]]
    + [("minishell", line) for line in EXAMPLE_LINES[1::2]],
)
def test_lines(shell: str, line: str, tmp_path: Path) -> None:
    compared, differences = of_line(line, tmp_path, shell=shell)
    assert differences == []
    assert compared > 50


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
            timeout=120,
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
