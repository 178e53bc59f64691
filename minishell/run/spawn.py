"""From a plan to a process: by posix_spawn, which need not copy the shell first.

The same plan as in launch.py; tests/test_launch_paths.py compares what becomes of the child.
"""

from __future__ import annotations

import os

from minishell.kernel.signals import NUMBERS
from minishell.run.plan import Close, Duplicate, Here, Open

TYPE_CHECKING = False
if TYPE_CHECKING:
    import signal as _signal

    from minishell.ids import Pid
    from minishell.kernel.calls import FileAction, Kernel
    from minishell.run.plan import Action, ChildPlan
else:
    import _signal

MODE_OF_NEW_FILES = 0o666  # less the umask, XCU 2.7.2


def expressible(plan: ChildPlan) -> bool:
    """Whether posix_spawn can do all that the plan asks for.

    What the child is to ignore, the shell has to ignore for a moment; with SIGCHLD it would miss the end of children.
    """
    return (
        plan.terminal is None
        and NUMBERS["CHLD"] not in plan.ignored_signals
        and not any(isinstance(step, Here) for step in plan.actions)
    )


def by_spawn(kernel: Kernel, plan: ChildPlan) -> Pid:
    """Start the program of an expressible plan.  Raises OSError, which does not tell what was refused."""
    if not plan.ignored_signals:
        return spawn(kernel, plan)
    mask = kernel.sigprocmask(_signal.SIG_BLOCK, plan.ignored_signals)  # one that comes meanwhile is for us: it waits
    before = [(signum, kernel.sigaction(signum, _signal.SIG_IGN)) for signum in plan.ignored_signals]
    try:
        return spawn(kernel, plan)
    finally:
        for signum, action in before:
            kernel.sigaction(signum, action)
        kernel.sigprocmask(_signal.SIG_SETMASK, mask)


def spawn(kernel: Kernel, plan: ChildPlan) -> Pid:
    program = plan.program
    assert program is not None
    return kernel.posix_spawn(
        program.path,
        program.argv,
        program.env,
        file_actions=[file_action(step) for step in plan.actions],
        group=plan.group,
        default_signals=[signum for signum in plan.default_signals if signum not in plan.ignored_signals],
    )


def file_action(step: Action) -> FileAction:
    match step:
        case Open(fd, path, flags):
            return os.POSIX_SPAWN_OPEN, fd, path, flags, MODE_OF_NEW_FILES
        case Duplicate(old, new):
            return os.POSIX_SPAWN_DUP2, old, new
        case Close(fd):
            return os.POSIX_SPAWN_CLOSE, fd
    raise AssertionError(step)
