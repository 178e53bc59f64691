"""From a plan to a process: by fork, with both halves visible.

The child's half is `NoReturn`: an exception must not climb into a second copy of the shell.
"""

from __future__ import annotations

import errno
import os
import stat

from minishell.errors import CommandNotRunnable, ShellError, ShellExit, report
from minishell.ids import Pid
from minishell.kernel.signals import NAMES, NUMBERS
from minishell.run.plan import OWN_GROUP, Open
from minishell.run.redirect import perform
from minishell.run.spawn import by_spawn, expressible

TYPE_CHECKING = False
if TYPE_CHECKING:
    import signal as _signal
    from collections.abc import Callable
    from typing import NoReturn, TypeAlias

    from minishell.kernel.calls import Kernel
    from minishell.run.plan import Action, ChildPlan, Program
    from minishell.shell import Shell

    Body: TypeAlias = "Callable[[], int]"
else:
    import _signal

ALL_SIGNALS = frozenset(NAMES)


def launch(shell: Shell, plan: ChildPlan, body: Body | None = None) -> Pid:
    """Start a child that carries out `plan`; one without a program then runs `body`.  Raises OSError."""
    if body is None and may_spawn(shell, plan):
        try:
            return by_spawn(shell.kernel, plan)
        except (OSError, ValueError):
            pass  # it does not tell what failed: the child of a fork can
    return by_fork(shell, plan, body)


def may_spawn(shell: Shell, plan: ChildPlan) -> bool:
    """Whether posix_spawn will do: twice as fast as fork, but the shell sleeps until the child has exec'd.

    Not with a terminal: a Ctrl-Z in that moment stops the child, and nothing can wake the shell.  Not for an
    `open` that may block, such as a FIFO's: the process that would open its other end may be our next child.
    Not for one that only the first can do (O_EXCL): when the program is refused, all is done again by fork.
    """
    return (
        shell.terminal is None
        and shell.sidecar is None
        and not has_controlling_terminal(shell)
        and expressible(plan)
        and all(opens_at_once_and_again(shell.kernel, step) for step in plan.actions)
    )


def has_controlling_terminal(shell: Shell) -> bool:
    if shell.on_terminal is None:
        try:
            shell.kernel.close(shell.kernel.open("/dev/tty", os.O_RDONLY | os.O_NOCTTY))
            shell.on_terminal = True
        except OSError:
            shell.on_terminal = False
    return shell.on_terminal


def opens_at_once_and_again(kernel: Kernel, step: Action) -> bool:
    if not isinstance(step, Open) or step.path == "/dev/null":
        return True
    if step.flags & os.O_EXCL:
        return False
    try:
        return stat.S_ISREG(kernel.stat(step.path).st_mode)
    except (OSError, ValueError):  # it will be made, or refused
        return True


def by_fork(shell: Shell, plan: ChildPlan, body: Body | None) -> Pid:
    """Fork, and in the child carry out the plan.  Returns only in the parent.

    No signal may come between: a Ctrl-C would be noted in the child's copy of the shell, and lost.
    """
    kernel = shell.kernel
    before = kernel.sigprocmask(_signal.SIG_SETMASK, ALL_SIGNALS)
    try:
        pid = kernel.fork()
        if pid == 0:
            child(shell, plan, body)
    finally:
        kernel.sigprocmask(_signal.SIG_SETMASK, before)
    return pid


def child(shell: Shell, plan: ChildPlan, body: Body | None) -> NoReturn:
    """The child's half of by_fork."""
    kernel = shell.kernel
    status = 125  # never seen, unless this shell has a bug
    try:
        if shell.sidecar is not None:
            shell.sidecar.bind()
        _signal.set_wakeup_fd(-1)  # it is shared with the parent, whose editor would wake for our signals
        set_up(kernel, plan)
        if plan.program is not None:
            become(shell, plan.program)
        assert body is not None
        status = body()
    except ShellError as problem:
        shell.complain(report(problem, shell.typed))
        status = problem.status
    except ShellExit as leaving:
        status = leaving.status
    except OSError as refusal:
        shell.complain(f"minishell: a child cannot be set up: {refusal.strerror}\n")
        status = 126
    except Exception:  # a bug: its traceback helps, but no second shell may go on
        import traceback

        traceback.print_exc()
    finally:
        kernel._exit(status)


def set_up(kernel: Kernel, plan: ChildPlan) -> None:
    """What a child does before it becomes its program, or goes on as a shell.  Raises RedirectionProblem."""
    if plan.group is not None:
        kernel.setpgid(Pid(0), plan.group)
    if plan.terminal is not None:  # SIGTTOU is blocked here: asking from the background does not stop us
        kernel.tcsetpgrp(plan.terminal, kernel.getpgrp())
    for signum in plan.default_signals:
        kernel.sigaction(signum, _signal.SIG_DFL)
    for signum in plan.ignored_signals:
        kernel.sigaction(signum, _signal.SIG_IGN)
    kernel.sigprocmask(_signal.SIG_SETMASK, ())
    perform(kernel, plan.actions)


def become(shell: Shell, program: Program) -> NoReturn:
    """execve; a file of text without `#!` is run as a script of ours.  Raises CommandNotRunnable."""
    try:
        shell.kernel.execve(program.path, program.argv, program.env)
    except (OSError, ValueError) as refusal:
        if isinstance(refusal, OSError) and refusal.errno == errno.ENOEXEC:
            from minishell.run.script import run_as_script

            run_as_script(shell, program)
        raise CommandNotRunnable(f"{program.argv[0]}: {why(shell, program.path, refusal)}", program.span) from None


def why(shell: Shell, path: str, refusal: Exception) -> str:
    """The reason in a learner's words."""
    number = refusal.errno if isinstance(refusal, OSError) else errno.EINVAL
    if number == errno.ENOENT:
        interpreter = named_interpreter(shell, path)
        if interpreter:
            return f"its first line asks for {interpreter}, and there is no such interpreter"
    if number == errno.E2BIG:
        return "the arguments and the environment together are too long for the system (E2BIG)"
    return getattr(refusal, "strerror", None) or str(refusal)


def named_interpreter(shell: Shell, path: str) -> str:
    """What stands behind `#!` in the first line of a file; "" if nothing does."""
    try:
        fd = shell.kernel.open(path, os.O_RDONLY)
    except OSError:
        return ""
    first = shell.kernel.read(fd, 256).partition(b"\n")[0]
    shell.kernel.close(fd)
    words = first[2:].split(None, 1) if first.startswith(b"#!") else []
    return os.fsdecode(words[0]) if words else ""


def joins_group(shell: Shell, pid: Pid, group: Pid) -> None:
    """The parent's half of putting a child into its group: whoever comes first, it is done before it matters."""
    try:
        shell.kernel.setpgid(pid, group if group != OWN_GROUP else pid)
    except (PermissionError, ProcessLookupError):  # it has done so itself, and has exec'd; or it has ended
        pass


def default_signals(shell: Shell, *, in_group_of_shell: bool = False) -> tuple[int, ...]:
    """What this shell and Python treat in a way of their own, and a child must not inherit.

    Signals that were ignored when the shell was started stay so: `nohup` relies on it.  A child in the
    group of an interactive shell keeps ignoring Ctrl-Z: nobody could continue it.
    """
    changed = CHANGED_IN_GROUP_OF_SHELL if in_group_of_shell else CHANGED
    if not shell.traps and not shell.ignored_at_start:
        return changed
    trapped = [signum for signum in shell.traps if signum and shell.traps[signum]]
    return tuple(
        [
            signum
            for signum in (*changed, *trapped)
            if signum not in shell.ignored_at_start and not ignored(shell, signum)
        ]
    )


CHANGED_IN_GROUP_OF_SHELL = tuple([NUMBERS[name] for name in ("INT", "QUIT", "PIPE", "XFSZ", "CHLD", "TERM")])
CHANGED = (*CHANGED_IN_GROUP_OF_SHELL, *[NUMBERS[name] for name in ("TSTP", "TTIN", "TTOU", "HUP", "WINCH")])


def ignored(shell: Shell, signum: int) -> bool:
    return shell.traps.get(signum) == ""
