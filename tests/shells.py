"""Run scripts in minishell, and in the shells that tell us what POSIX means: dash, bash and yash."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

START: dict[str, tuple[str, ...]] = {
    "minishell": (sys.executable, "-m", "minishell"),
    "dash": ("dash",),
    "bash": ("bash", "--posix"),
    "yash": ("yash", "-o", "posixly-correct"),
}
"""How each shell is started."""

INSTALLED = tuple(name for name, words in START.items() if shutil.which(words[0]))
"""minishell is always among them: its first word is this Python."""

TIMEOUT_S = 120.0
"""Far more than any of these scripts takes, so that only a shell that hangs is ended by it."""


class Result(NamedTuple):
    """What a shell wrote, and `$?` as its parent would see it: 128 + n after signal n."""

    output: str
    errors: str
    status: int


def run(
    *arguments: str,
    shell: str = "minishell",
    input: str | None = "",
    stdin: int | None = None,
    directory: Path | None = None,
    environment: Mapping[str, str] | None = None,
    merged: bool = False,
    first: Callable[[], object] | None = None,
) -> Result:
    """Run a shell with these arguments, in an environment that owes nothing to the caller's.

    `input` goes through a pipe, unless `stdin` is a descriptor to read.  `merged`: standard error is the same
    pipe as standard output.  `first` is called in the child before it becomes the shell.
    """
    done = subprocess.run(
        [*START[shell], *arguments],
        input=None if stdin is not None or input is None else encoded(input),
        stdin=stdin,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT if merged else subprocess.PIPE,
        cwd=directory,
        env=clean_environment() if environment is None else environment,
        timeout=TIMEOUT_S,
        preexec_fn=first,
        check=False,
    )
    status = done.returncode if done.returncode >= 0 else 128 - done.returncode
    return Result(decoded(done.stdout), decoded(done.stderr or b""), status)


def clean_environment(**more: str) -> dict[str, str]:
    """What every shell under test starts with."""
    return {
        "HOME": "/home/learner",
        "LC_ALL": "C.UTF-8",
        "PATH": f"{Path(sys.executable).parent}:/usr/local/bin:/usr/bin:/bin",
        **more,
    }


def encoded(text: str) -> bytes:
    """Text as bytes; a byte that is no UTF-8 is written as its surrogate, as `os.fsencode` has it."""
    return text.encode("utf-8", "surrogateescape")


def decoded(data: bytes) -> str:
    return data.decode("utf-8", "surrogateescape")


def closing(*descriptors: int) -> Callable[[], object]:
    """For `first`: the shell starts without these descriptors."""

    def close() -> None:
        for fd in descriptors:
            os.close(fd)

    return close
