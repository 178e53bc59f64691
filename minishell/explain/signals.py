"""`kill`, foretold: what a signal does to the shell that is asked, and what it may do to a process in the background.

What the shell does about a signal is decided by its traps, its own handlers and the defaults, as in
`run/signals.py`.  A trap is run between two commands: `deliver`.
"""

from __future__ import annotations

import signal
from typing import TYPE_CHECKING

from minishell.errors import Interrupted, ShellExit
from minishell.explain.foretell import whole_text
from minishell.explain.prediction import Known, Unknown
from minishell.explain.rehearsal import SHELL, Died
from minishell.explain.telling import process_number
from minishell.ids import Pid
from minishell.kernel.signals import JOB_CONTROL, named_signal
from minishell.run.simple import run_alone
from minishell.source import Source
from minishell.trace.event import Kill, Killed, SigAction, Stop
from minishell.trace.names import letter
from minishell.trace.words import signal_name

if TYPE_CHECKING:
    from collections.abc import Sequence

    from minishell.explain.prediction import Status
    from minishell.explain.telling import Telling
    from minishell.source import Field

IGNORED_BY_DEFAULT = frozenset((signal.SIGCHLD, signal.SIGCONT, signal.SIGURG, signal.SIGWINCH))
STOPS_BY_DEFAULT = frozenset((signal.SIGSTOP, signal.SIGTSTP, signal.SIGTTIN, signal.SIGTTOU))
NOBODY_CAN_CHANGE = frozenset((signal.SIGKILL, signal.SIGSTOP))


def kill(telling: Telling, words: Sequence[Field]) -> Status:
    """To this shell itself, and to processes that the line has started; what becomes of others nobody knows."""
    from minishell.explain.simple import nobody_knows

    shell = telling.shell
    if words[1:2] == ["-l"]:
        return Known(run_alone(shell, shell.find_builtin("kill"), words))  # type: ignore[arg-type]
    signum, operands = named_signal(list(words[1:]))
    targets = [target_of(telling, word) for word in operands]
    if not targets or not all(targets) or not certain(telling, targets, signum):
        return nobody_knows(telling, words)
    for target in targets:
        telling.kernel.kill(Pid(target), signum)
        if signum:
            reaches(telling, target, signum)
    return Known(0)


def target_of(telling: Telling, word: Field) -> int:
    """The process that the word means; 0: another one than those of this line."""
    if word == str(telling.kernel.getpid()):
        return SHELL
    return next((pid for pid in telling.background if process_number(pid) == word), 0)


def certain(telling: Telling, targets: Sequence[int], signum: int) -> bool:
    """False for what is a matter of luck: what runs beside the shell may find it anywhere."""
    if SHELL not in targets or telling.kernel.pid == SHELL or without_effect(telling, signum):
        return True
    waits_and_decides_later = signum == signal.SIGINT and not trap(telling, signum)
    return not telling.beside and not waits_and_decides_later


def reaches(telling: Telling, target: int, signum: int) -> None:
    """What the signal does to the process.  Raises Died or ShellExit, if it ends the shell that sends it."""
    if target != SHELL:
        if isinstance(telling.ends[target], Known):
            telling.ends[target] = Unknown(f"whether {letter(target)} ends before the signal comes")
        return
    name, handlers = signal_name(signum), telling.shell.handlers
    if why := without_effect(telling, signum):
        says(telling, f"{why} {name}")
    elif trap(telling, signum) or (signum == signal.SIGINT and telling.shell.interactive):
        says(telling, f"notes {name}, and acts upon it between two commands")
        if signum not in telling.caught:
            telling.caught.append(signum)
    elif signum == signal.SIGHUP and signum in handlers:
        raise ShellExit(128 + signum)
    elif signum in STOPS_BY_DEFAULT:
        telling.will(Stop(pid=SHELL, sig=name))
        says(telling, "goes on when somebody sends it SIGCONT")
    else:
        if handlers.get(signum, signal.SIG_DFL) != signal.SIG_DFL:
            ends_by_the_signal_itself(telling, name)
        telling.will(Killed(pid=SHELL, sig=name))
        telling.kernel.gone.add(SHELL)
        telling.died = Died(128 + signum)
        if telling.kernel.pid == SHELL:
            raise telling.died


def without_effect(telling: Telling, signum: int) -> str:
    """Why the signal is nothing to the shell, in words; empty: it is something to it."""
    shell, action = telling.shell, trap(telling, signum)
    if signum in (0, *NOBODY_CAN_CHANGE) or action:
        return ""
    ignored = action == "" or shell.handlers.get(signum) == signal.SIG_IGN or signum in shell.ignored_at_start
    if ignored or (shell.terminal is not None and signum in JOB_CONTROL):
        return "ignores"
    default = signum not in shell.handlers and signum in IGNORED_BY_DEFAULT
    return "takes no notice, as by default, of" if default else ""


def trap(telling: Telling, signum: int) -> str | None:
    """The shell's own action, also while a copy of it is told of, which has none; None: nothing was said."""
    traps = telling.shell.traps if telling.kernel.pid == SHELL else telling.shells_traps
    return None if signum in NOBODY_CAN_CHANGE else traps.get(signum)


def ends_by_the_signal_itself(telling: Telling, name: str) -> None:
    """What the shell's handler does, so that its parent sees how it ended: `die_of`."""
    telling.kernel.note(SigAction(pid=SHELL, sig=name, action="default"))
    telling.kernel.note(Kill(pid=SHELL, target=SHELL, sig=name))


def says(telling: Telling, words: str) -> None:
    with telling.kernel.being(SHELL):
        telling.says(words)


def deliver(telling: Telling) -> None:
    """Between two commands: `deliver` of `run/signals.py`, foretold."""
    shell = telling.shell
    while telling.caught and telling.kernel.pid == SHELL:
        signum = telling.caught.pop(0)
        action = shell.traps.get(signum)
        if not action:
            raise Interrupted(128 + signum)
        name = signal_name(signum).removeprefix("SIG")
        telling.says(f"runs its trap for {name}")
        before = shell.status_before_trap = shell.status
        try:
            whole_text(telling, Source(f"trap {name}", action))
        finally:
            shell.status_before_trap = None
        shell.status = before
