"""Run one script after another in this process, each in a shell of its own: a million of them are compared so.

Each line on standard input tells the places `for place in 0 1 …;`: in each, `script` is run in `directory` and
writes to `output`; its status is the answer.
Starting minishell takes a hundred times as long, and copying it five times.  What a script may change of the
process (descriptors, working directory, umask, signals) is put back behind it.
"""

from __future__ import annotations

import gc
import os
import signal
from importlib import import_module
from pkgutil import iter_modules

from minishell.builtins.registry import lookup
from minishell.kernel.calls import Kernel
from minishell.run.script import read_script, run_shell, run_text
from minishell.run.signals import prepare
from minishell.shell import Shell
from minishell.source import Source

ROOMS = ("syntax", "expand", "run", "builtins", "jobs", "kernel")
FIRST_OWN_FD = 200
"""Where no script puts descriptors."""

START = (("/dev/null", os.O_RDONLY), ("output", os.O_WRONLY | os.O_CREAT | os.O_TRUNC), ("/dev/null", os.O_WRONLY))
"""Standard input, output and error of a script."""

SIGNALS = [signum for signum in range(1, signal.SIGSYS + 1) if signum not in (signal.SIGKILL, signal.SIGSTOP)]


def main() -> None:
    import_everything()
    asked, answers, home = range(FIRST_OWN_FD, FIRST_OWN_FD + 3)
    for fd, ours in ((0, asked), (1, answers), (os.open(".", os.O_RDONLY), home)):
        os.dup2(fd, ours, inheritable=False)
    for line in os.fdopen(asked):
        for place in line.partition(";")[0].split()[3:]:
            os.chdir(place)
            status = run_script()
            os.fchdir(home)
            os.write(answers, f"{status}\n".encode())


def import_everything() -> None:
    """What is imported here is imported once, and what is frozen is no work for the children's collector."""
    for room in ROOMS:
        package = import_module(f"minishell.{room}")
        for module in iter_modules(package.__path__, f"{package.__name__}."):
            import_module(module.name)
    gc.collect()
    gc.freeze()


def run_script() -> int:
    for fd, (path, flags) in enumerate(START):
        opened = os.open(path, flags, 0o666)
        os.dup2(opened, fd)
        os.close(opened)
    os.chdir("directory")
    os.umask(0o022)
    for signum in SIGNALS:
        signal.signal(signum, signal.SIG_DFL)
    kernel = Kernel()
    shell = Shell(kernel, kernel.environ())
    shell.find_builtin = lookup
    prepare(shell)
    source = Source("script", read_script(shell, "../script"))
    status = run_shell(shell, lambda: run_text(shell, source))
    os.closerange(3, FIRST_OWN_FD)
    return status


if __name__ == "__main__":
    main()
