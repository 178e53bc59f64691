"""What the shell itself does about signals: which it ignores, notes, or dies of.  POSIX.1-2024 XCU 2.12, trap."""

from __future__ import annotations

from minishell.errors import Interrupted, ShellExit
from minishell.kernel.signals import NAMES, NUMBERS, PYTHONS, TERMINAL_STOPS

TYPE_CHECKING = False
if TYPE_CHECKING:
    import signal as _signal
    from collections.abc import Callable
    from types import FrameType
    from typing import NoReturn

    from minishell.shell import Shell
else:
    import _signal

NEEDED = (NUMBERS["CHLD"], NUMBERS["TSTP"])
"""Signals that job control lives by, whoever blocked them; start.py blocks SIGINT."""
INT, TERM, HUP, CHLD = NUMBERS["INT"], NUMBERS["TERM"], NUMBERS["HUP"], NUMBERS["CHLD"]


def prepare(shell: Shell) -> None:
    """Set the shell's own dispositions, once, as it starts.

    Python ignores SIGPIPE and SIGXFSZ by itself, so whether our parent did cannot be known: a script's shell
    takes the default, and dies in silence when nobody reads what it writes, as others do.  tmux starts its
    shells with SIGTTIN and SIGTTOU ignored; jobs need them, so an interactive shell does not count them, as bash.
    """
    shell.kernel.sigaction(CHLD, _signal.SIG_DFL)  # ignored, the kernel would throw statuses away
    not_counted = (*PYTHONS, *TERMINAL_STOPS) if shell.interactive else PYTHONS
    shell.ignored_at_start = frozenset(
        signum for signum in NAMES if signum not in not_counted and _signal.getsignal(signum) == _signal.SIG_IGN
    )
    if shell.interactive:
        shell.typed = True
        shell.handlers = {INT: noting(shell), TERM: _signal.SIG_IGN}
        if HUP not in shell.ignored_at_start:  # nohup
            shell.handlers[HUP] = hang_up
    else:
        shell.handlers = dict.fromkeys(PYTHONS, _signal.SIG_DFL)
        if INT not in shell.ignored_at_start:
            shell.handlers[INT] = interruption(shell)
    for signum, action in shell.handlers.items():
        shell.kernel.sigaction(signum, action)
    shell.kernel.sigprocmask(_signal.SIG_UNBLOCK, (INT, *NEEDED))


def noting(shell: Shell) -> Callable[[int, FrameType | None], None]:
    """A handler that notes the signal; it is acted upon between two commands."""

    def note(signum: int, frame: FrameType | None) -> None:
        note_signal(shell, signum)

    return note


def note_signal(shell: Shell, signum: int) -> None:
    """Note a signal for the moment between two commands.  Raises Interrupted if a Ctrl-C finds `read` waiting."""
    if shell.reads and signum == INT and shell.interactive and INT not in shell.traps:
        shell.complain("\n")
        raise Interrupted(128 + INT)
    if signum not in shell.pending:
        shell.pending.append(signum)
    if shell.traps.get(signum):
        shell.when_trapped()


def interruption(shell: Shell) -> Callable[[int, FrameType | None], None]:
    """Ctrl-C in a script: if a command runs, it decides, for it has got the signal too; else the shell dies of it.

    The reasons are in `Proper handling of SIGINT/SIGQUIT` by Martin Cracauer.
    """

    def interrupt(signum: int, frame: FrameType | None) -> None:
        if shell.waits_for_foreground:
            shell.pending.append(signum)
        else:
            die_of(shell, signum)

    return interrupt


def hang_up(signum: int, frame: FrameType | None) -> NoReturn:
    """The terminal is gone: end as if by `exit`, which tells the jobs."""
    raise ShellExit(128 + signum)


def die_of(shell: Shell, signum: int) -> NoReturn:
    """End by the signal itself, so that our parent sees how."""
    shell.kernel.sigaction(signum, _signal.SIG_DFL)
    shell.kernel.sigprocmask(_signal.SIG_UNBLOCK, {signum})
    shell.kernel.kill(shell.kernel.getpid(), signum)
    shell.kernel._exit(128 + signum)  # not reached, unless the signal cannot kill


def set_trap(shell: Shell, signum: int, action: str | None) -> None:
    """Run `action` when the signal comes; "" ignores it, None goes back to what the shell did without a trap.

    A signal that was ignored when a shell that is not interactive was started cannot be trapped.
    """
    if signum in shell.ignored_at_start and not shell.interactive:
        return
    shell.traps_before = None
    if action is None:
        shell.traps.pop(signum, None)
    else:
        shell.traps[signum] = action
    if signum == 0:  # EXIT is no signal
        return
    own = _signal.SIG_DFL if shell.subshell else shell.handlers.get(signum, _signal.SIG_DFL)
    if action is None:
        shell.kernel.sigaction(signum, own)
    elif action == "":
        shell.kernel.sigaction(signum, _signal.SIG_IGN if signum != CHLD else own)  # programs will ignore that one
    elif not (signum == INT and shell.interactive):  # its own handler notes it too, and gives up a line being typed
        shell.kernel.sigaction(signum, noting(shell))
    else:
        shell.kernel.sigaction(signum, own)


def reset_in_subshell(shell: Shell) -> None:
    """Traps are not inherited by subshells; signals that are ignored stay ignored.  XCU 2.13."""
    if shell.traps_before is None:
        shell.traps_before = shell.traps
    shell.traps = {signum: action for signum, action in shell.traps.items() if action == "" and signum}
    shell.pending.clear()


def deliver(shell: Shell) -> None:
    """Act upon the signals noted so far, between two commands.  Raises Interrupted for an untrapped Ctrl-C."""
    if shell.captured is not None:
        return  # in the middle of a `$(…)`, which has no traps; they wait until it is over
    for signum in list(shell.pending):
        action = shell.traps.get(signum)
        if signum not in shell.pending:
            continue  # the action before has seen to it
        if action:
            shell.pending.remove(signum)
            if signum != CHLD:
                run_trap(shell, signum, action)
            elif not shell.in_trap_of_children:
                run_trap_of_children(shell, action)
        elif signum == INT and shell.interactive:
            shell.pending.clear()
            shell.complain("\n")
            raise Interrupted(128 + INT)
        # anything else is a Ctrl-Z that the next foreground job is to get


def run_trap_of_children(shell: Shell, action: str) -> None:
    """Run the action of SIGCHLD.  The children that it has itself are no reason to run it again, for ever."""
    shell.in_trap_of_children = True
    try:
        run_trap(shell, CHLD, action)
    finally:
        shell.in_trap_of_children = False
        shell.pending[:] = [signum for signum in shell.pending if signum != CHLD]


def run_trap(shell: Shell, signum: int, action: str) -> None:
    """Run a trap's action; `$?` is afterwards what it was before."""
    from minishell.run.script import run_text
    from minishell.source import Source

    before = shell.status_before_trap = shell.status
    try:
        run_text(shell, Source(f"trap {NAMES.get(signum, 'EXIT')}", action))
    finally:
        shell.status_before_trap = None
    shell.status = before
