"""From the command to the shell: the first prompt is painted before anything that takes time is imported.

What is typed meanwhile waits in the terminal.  This module imports next to nothing: that is its point.
"""

import _signal  # type: ignore[import-not-found]  # the C half of signal
import gc
import posix  # the C half of os: that alone would take a millisecond
import sys

STDIN, STDERR = 0, 2

painted = ""
"""The prompt that stands on the screen; "" if none does."""


def main() -> None:
    """Paint, import, run.  A Ctrl-C that comes meanwhile waits until `prepare` has said what to do about it."""
    _signal.pthread_sigmask(_signal.SIG_BLOCK, {_signal.SIGINT})
    paint()
    gc.disable()  # importing makes no garbage
    from minishell import cli

    gc.freeze()
    gc.enable()
    cli.main()


def paint() -> None:
    """Show the prompt if this is plainly an interactive start: no file or line to run, a terminal, and we own it.

    The prompt is the one that repl/prompt.py makes when there are no jobs and nothing has failed.
    """
    global painted
    environment = posix.environ
    if sys.argv[1:] not in ([], ["-i"]) or environment.get(b"TERM", b"dumb") == b"dumb":
        return
    try:
        in_foreground = posix.isatty(STDERR) and posix.tcgetpgrp(STDIN) == posix.getpgrp()
    except OSError:  # no terminal
        return
    if in_foreground:
        own = environment.get(b"PS1")
        prompt = short(environment) + sign() if own is None else own
        posix.write(STDERR, prompt + b"\r")
        painted = prompt.decode("utf-8", "surrogateescape")


def short(environment: "dict[bytes, bytes]") -> bytes:
    """The working directory with HOME as `~`; PWD is believed if it names the directory we are in."""
    where = environment.get(b"PWD", b"")
    if not where.startswith(b"/") or {b".", b".."}.intersection(where.split(b"/")) or not is_here(where):
        try:
            where = posix.getcwdb()
        except OSError:
            return b"(removed)"
    home = environment.get(b"HOME", b"").rstrip(b"/")
    if home and (where + b"/").startswith(home + b"/"):
        return b"~" + where[len(home) :]
    return where


def is_here(path: bytes) -> bool:
    try:
        there, here = posix.stat(path), posix.stat(b".")
    except OSError:
        return False
    return (there.st_dev, there.st_ino) == (here.st_dev, here.st_ino)


def sign() -> bytes:
    return b" # " if posix.geteuid() == 0 else b" $ "
