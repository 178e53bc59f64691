"""Start a program so that it is watched from its first instruction."""

from __future__ import annotations

import contextlib
import os
import resource
import signal
import sys
from functools import cache
from types import MappingProxyType
from typing import TYPE_CHECKING, NoReturn

from minishell.record import record
from minishell.trace import decoding, ptrace, seccomp, table

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

OPTIONS = (
    ptrace.OPTION_SYSGOOD
    | ptrace.OPTION_FORK
    | ptrace.OPTION_VFORK
    | ptrace.OPTION_CLONE
    | ptrace.OPTION_EXEC
    | ptrace.OPTION_EXIT
    | ptrace.OPTION_SECCOMP
    | ptrace.OPTION_EXITKILL
)
_FIRST_OTHER = 3  # descriptors from here on are ours, not the program's
_CANNOT_RUN = 126


class Refused(Exception):
    """This system does not let one process watch another; the message says why and what to do."""


@record
class Program:
    """What to start: a program with its arguments, environment, directory and standard descriptors.

    `errors`: what descriptor 2 means, if not the same as descriptor 1.  `limits`: see setrlimit(2).
    """

    argv: Sequence[str]
    env: Mapping[str, str]
    cwd: str | None
    stdin: int
    output: int
    signal_mask: Iterable[int]
    errors: int | None = None
    limits: Mapping[int, int] = MappingProxyType({})


def machine() -> table.Machine:
    """The processor we run on.  Refused: not Linux, or a processor whose call numbers we do not know."""
    if sys.platform != "linux":
        raise Refused(f"watching programs needs Linux (ptrace); this is {os.uname().sysname}. Try it in a container.")
    name = os.uname().machine
    if name not in table.MACHINES:
        raise Refused(f"watching programs works on {' and '.join(table.MACHINES)}, not yet on {name}.")
    return table.MACHINES[name]


def start(program: Program, *, controlled: bool, before: Callable[[], object] = lambda: None) -> int:
    """Start the program under ptrace and return its pid.  `before` is called when it is watched, before it begins.

    Refused: not allowed here.  FileNotFoundError: no such program.
    """
    path = _find(program)
    calls = the_filter(controlled=controlled)
    wait_gate, open_gate = os.pipe()
    pid = os.fork()
    if pid == 0:
        os.close(open_gate)
        _become(program, path, calls, wait_gate)
    os.close(wait_gate)
    try:
        seize(pid, OPTIONS)
        before()
    except Refused:
        os.kill(pid, signal.SIGKILL)
        os.waitpid(pid, 0)
        raise
    finally:
        os.close(open_gate)  # the child reads end of file, and goes on
    return pid


@cache
def the_filter(*, controlled: bool) -> seccomp.Program:
    """The seccomp filter of everything that is watched, made once."""
    return seccomp.Program(seccomp.stop_at(machine(), wanted(controlled=controlled)))


@cache
def wanted(*, controlled: bool) -> Mapping[str, tuple[int, frozenset[int]] | None]:
    """The calls to stop at, some only with certain arguments (see `seccomp.stop_at`)."""
    calls: dict[str, tuple[int, frozenset[int]] | None] = (
        dict.fromkeys((*table.SEEN, *table.REFUSED)) | decoding.CONDITIONS
    )
    return calls | dict.fromkeys((*table.MAY_BLOCK, *table.SLEEPS)) if controlled else calls


def seize(pid: int, options: int) -> None:
    """Begin to trace a process.  Refused: not allowed here."""
    try:
        ptrace.seize(pid, options)
    except OSError as refusal:
        raise Refused(_why(pid, refusal)) from refusal


def tracer(pid: int) -> int:
    """Who traces the process (proc_pid_status(5)); 0: nobody, or it is gone."""
    return int(_line_of(f"/proc/{pid}/status", "TracerPid:") or 0)


def _why(pid: int, refusal: OSError) -> str:
    """Why a process may not be watched, and what to do about it."""
    other = tracer(pid)
    if other:
        name = _line_of(f"/proc/{other}/status", "Name:")
        return (
            f"this process is watched already by process {other} ({name}), and a process can have only one observer"
            " (ptrace(2)). Run it outside."
        )
    scope = _line_of("/proc/sys/kernel/yama/ptrace_scope", "")
    if scope not in ("", "0", "1"):
        return (
            f"this system does not let one process watch another: kernel.yama.ptrace_scope is {scope}. As root:"
            " sysctl kernel.yama.ptrace_scope=1 (3 stays until the next start of the system)."
        )
    return (
        f"this system does not let one process watch another (ptrace: {refusal.strerror}). In a container,"
        " allow it with --cap-add=SYS_PTRACE; on a hardened machine set kernel.yama.ptrace_scope to 0 or 1."
    )


def _line_of(path: str, start: str) -> str:
    """What stands behind `start` in a file of /proc; "" where there is no such file or line."""
    try:
        with open(path, encoding="utf-8", errors="replace") as file:
            return next((line.removeprefix(start).strip() for line in file if line.startswith(start)), "")
    except OSError:
        return ""


def _become(program: Program, path: str, calls: seccomp.Program, gate: int) -> NoReturn:
    """The child: get ready, wait until we are watched, become the program."""
    try:
        os.setsid()
        errors = program.output if program.errors is None else program.errors
        for fd, source in ((0, program.stdin), (1, program.output), (2, errors)):
            os.dup2(source, fd)
        if program.cwd is not None:
            os.chdir(program.cwd)
        _forget_python(program.signal_mask)
        for number, most in program.limits.items():
            resource.setrlimit(number, (most, most))
        os.read(gate, 1)
        os.closerange(_FIRST_OTHER, os.sysconf("SC_OPEN_MAX"))
        calls.install()
        os.execve(path, list(program.argv), dict(program.env))
    except OSError as problem:
        os.write(2, f"{path}: {problem.strerror}\n".encode())
    finally:
        os._exit(_CANNOT_RUN)


def _forget_python(signal_mask: Iterable[int]) -> None:
    """Undo what Python does to signals, since exec hands it on; leave no core files behind."""
    for number in (signal.SIGPIPE, signal.SIGXFSZ):
        signal.signal(number, signal.SIG_DFL)
    signal.pthread_sigmask(signal.SIG_SETMASK, signal_mask)
    with contextlib.suppress(ValueError):
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _find(program: Program) -> str:
    import shutil  # only here, for the shell's `trace` does without

    name = program.argv[0]
    path = shutil.which(name, path=program.env.get("PATH", os.defpath))
    if path is None:
        raise FileNotFoundError(f"{name}: no such program")
    return path
