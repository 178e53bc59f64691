"""What strace says about a program that the observer has watched as well."""

from __future__ import annotations

import os
import shutil
import subprocess
from typing import TYPE_CHECKING

from minishell.trace import strace
from minishell.trace.names import FILE_SIGN
from minishell.trace.observer import observe
from tests import shells
from tests.truth.canonical import by_process, differences
from tests.truth.lines import prepared

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path


def logged(argv: Sequence[str], folder: Path, inside: Path | None = None) -> strace.Reader:
    """What strace writes about this program, with the same standard descriptors as the observer gives it.

    The log is left in `folder`; the program runs in `inside`.
    """
    log = folder / "log"
    source, output = (os.memfd_create(f"{FILE_SIGN}{name}") for name in ("input", "output"))
    try:
        subprocess.run(
            [*strace.COMMAND, "-o", log, *argv],
            stdin=source,
            stdout=output,
            stderr=output,
            cwd=inside,
            env=None if inside is None else shells.clean_environment(),
            start_new_session=True,
            timeout=shells.TIMEOUT_S,
            check=False,
        )
    finally:
        os.close(source)
        os.close(output)
    with log.open() as lines:
        return strace.Reader(lines)


def compare(line: str, folder: Path, *, shell: str, controlled: bool) -> tuple[int, list[str]]:
    """Run a line twice, once for each witness: how many events they agree about, and where they do not agree."""
    argv = [*shells.START[shell], "-c", line]
    inside = prepared(folder)
    surroundings = shells.clean_environment()
    ours = observe(argv, cwd=str(inside), env=surroundings, controlled=controlled, timeout_s=shells.TIMEOUT_S)
    shutil.rmtree(inside)
    log = logged(argv, folder, prepared(folder))
    seen = by_process(ours.events)
    not_understood = [f"not understood: {text}" for text in log.passed_over]
    return sum(map(len, seen.values())), not_understood + differences(seen, by_process(log.events))
