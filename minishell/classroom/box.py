"""Run one program of somebody else where it can do no harm, and bring back what it left.

What comes back are bytes, a raw wait status and counts, from a box that is already dead: whoever judges them runs
no line of the submission, and nothing that the submission prints is taken for a verdict.

A box is a set of namespaces made by bubblewrap, with `shim` as its first process.  The kernel kills everybody in a
pid namespace when its first process ends, which is the only complete way to be rid of a program that does not
want to go.  How much else holds depends on the machine (`tier`).
"""

from __future__ import annotations

import atexit
import json
import os
import selectors
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

import minishell
from minishell.classroom import groups
from minishell.classroom.limits import Limits
from minishell.trace.event import Event, load

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

KIT = "/kit"
KIT_HOLDS = ("__init__.py", "record.py", "trace")
MOST_REPORT_BYTES = 64 << 20
PYTHON = "/usr/bin/python3"
HOME = "/box"
SUBMISSION = "/sub"
NOBODY = "65534"
FULL, USER, NONE = 3, 2, 1
"""The tiers: with groups and another user; namespaces of an ordinary user; no isolation at all."""
ENVIRONMENT = {
    "HOME": HOME,
    "LANG": "C.UTF-8",
    "PATH": "/usr/bin:/bin",
    "PYTHONDONTWRITEBYTECODE": "1",
    "PYTHONHASHSEED": "0",
    "TMPDIR": "/tmp",
    "TZ": "UTC",
    "USER": "learner",
}
_ENDS_WITHIN_S = 5.0


@dataclass(frozen=True)
class Task:
    """What to run: a command, in a box in which `folder` is to be read at /sub."""

    folder: Path
    command: Sequence[str]
    stdin: bytes = b""
    env: Mapping[str, str] = field(default_factory=dict)
    limits: Limits = field(default_factory=Limits)
    watched: bool = True


@dataclass(frozen=True)
class Left:
    """A process that was still there when the submission's first one had ended."""

    pid: int
    name: str
    state: str  # as in proc_pid_stat(5): Z is a zombie, nobody has waited for it


@dataclass(frozen=True)
class Remains:
    """What a box left behind.

    `passed` is the limit that ended it: "timeout", "output-limit", "memory", "process-limit", or "".  `status` is
    the raw wait status of the submission (`os.waitstatus_to_exitcode`), None if there was no report: the box itself
    failed, and `trouble` says how.  `output` and `errors` are cut at the limit.  `events` is what the observer saw,
    None if nobody watched.
    """

    passed: str
    status: int | None
    output: bytes
    errors: bytes
    left: tuple[Left, ...]
    left_count: int
    wall_s: float
    cpu_s: float
    memory_bytes: int
    tier: int
    events: tuple[Event, ...] | None = None
    trouble: str = ""


class Unsafe(Exception):
    """This machine cannot make a box; the text says what is missing and what to do."""


@cache
def tier() -> int:
    """How much this machine can promise; each step is tried, none is guessed."""
    if not _makes_namespaces():
        return NONE
    return FULL if os.geteuid() == 0 and groups.available() is not None else USER


def run(task: Task, *, unsafe: bool = False) -> Remains:
    """Run the task and wait until nothing of it is left.  Unsafe: there is no isolation here."""
    if tier() == NONE and not unsafe:
        raise Unsafe(
            "bubblewrap (bwrap) is missing or refused, so a submission could do what you can do. Install it, or see"
            " `minishell-class doctor`; --unsafe runs submissions all the same."
        )
    group = groups.new(groups.available() if tier() == FULL else None, task.limits)
    try:
        with tempfile.TemporaryFile() as source:
            source.write(task.stdin)
            source.seek(0)
            return _Run(task, group, source).remains()
    finally:
        group.remove()


class _Run:
    """One box, from its start to its death."""

    def __init__(self, task: Task, group: groups.Group, source: IO[bytes]) -> None:
        self.task = task
        self.group = group
        self.passed = ""
        self.reported = False
        self.began_s = time.monotonic()
        report, report_end = os.pipe()
        status, status_end = os.pipe()
        command = entering(group, boxed(task, report_end, status_end))
        try:
            self.process = subprocess.Popen(
                command,
                stdin=source,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                pass_fds=(report_end, status_end),
                env={"PATH": os.environ.get("PATH", os.defpath)},
                cwd="/",
                start_new_session=True,
            )
        finally:
            os.close(report_end)
            os.close(status_end)
        assert self.process.stdout is not None
        assert self.process.stderr is not None
        self.streams = {
            "output": self.process.stdout.fileno(),
            "errors": self.process.stderr.fileno(),
            "report": report,
            "status": status,
        }
        self.taken = {name: bytearray() for name in self.streams}
        self.seen = dict.fromkeys(self.streams, 0)

    def remains(self) -> Remains:
        """Read until the box has reported, or has to be killed; then see to it that it is dead."""
        try:
            self.read(until_reported=True)
            self.kill()
            self.read(until_reported=False)
        finally:
            self.kill()
            self.process.wait()
            self.close()
        return self.told()

    def read(self, *, until_reported: bool) -> None:
        """Take in what comes.  Ends with the report, at a limit, or when nobody has an end open any more."""
        with selectors.DefaultSelector() as selector:
            for name, fd in self.streams.items():
                selector.register(fd, selectors.EVENT_READ, name)
            while selector.get_map() and not (until_reported and (self.passed or self.reported)):
                limit_s = self.task.limits.wall_s if until_reported else self.task.limits.wall_s + _ENDS_WITHIN_S
                left_s = self.began_s + limit_s - time.monotonic()
                ready = selector.select(max(left_s, 0))
                if not ready and left_s <= 0:
                    self.passed = self.passed or "timeout"
                    return
                for key, _ in ready:
                    self.take(selector, key.fd, key.data)

    def take(self, selector: selectors.BaseSelector, fd: int, name: str) -> None:
        """One piece of a stream.  Bytes are counted as they are seen: what is not kept was printed all the same."""
        piece = os.read(fd, 65536)
        if not piece:
            selector.unregister(fd)
            self.reported = self.reported or name == "report"
            return
        most = MOST_REPORT_BYTES if name == "report" else self.task.limits.output_bytes
        self.seen[name] += len(piece)
        self.taken[name] += piece[: most - len(self.taken[name])]
        if name in ("output", "errors") and self.seen[name] > most:
            self.passed = self.passed or "output-limit"

    def kill(self) -> None:
        """Kill the first process of the box, and with it the kernel kills all others.

        bubblewrap itself is killed only if it has not said yet who that is: killed in the first milliseconds, it
        leaves its child behind.
        """
        first = first_process(bytes(self.taken["status"]))
        if first:
            with suppress(ProcessLookupError):
                os.kill(first, signal.SIGKILL)
            return
        self.group.kill()
        if self.process.poll() is None:
            with suppress(ProcessLookupError):
                os.killpg(self.process.pid, signal.SIGKILL)

    def close(self) -> None:
        assert self.process.stdout is not None
        assert self.process.stderr is not None
        self.process.stdout.close()
        self.process.stderr.close()
        os.close(self.streams["report"])
        os.close(self.streams["status"])

    def told(self) -> Remains:
        """What there is to say now that the box is dead."""
        *events, last = bytes(self.taken["report"]).decode("utf-8", "replace").removesuffix("\n").split("\n")
        report: dict[str, Any] = {}
        with suppress(ValueError):  # else it was cut: the box has been killed, or the shim has failed
            report = json.loads(last or "{}")
        if "status" not in report:
            report = {}
        passed = self.limit_passed(report)
        return Remains(
            passed=passed,
            status=report.get("status"),
            output=bytes(self.taken["output"]),
            errors=bytes(self.taken["errors"]),
            left=tuple(Left(*each) for each in report.get("left", ())),
            left_count=report.get("left_count", 0),
            wall_s=time.monotonic() - self.began_s,
            cpu_s=report.get("cpu_s", 0.0),
            memory_bytes=self.group.peak_bytes() or report.get("memory_bytes", 0),
            tier=tier(),
            events=load(events) if report and events else None,
            trouble="" if passed or report else self.trouble(),
        )

    def limit_passed(self, report: dict[str, Any]) -> str:
        """The limit that was passed.  Memory first: who waits for a process that was killed for it, is late too."""
        if self.group.ran_out_of_memory():
            return "memory"
        if self.passed:
            return self.passed
        status = report.get("status")
        if status is not None and os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGXCPU:
            return "timeout"
        return "process-limit" if self.group.was_refused_a_process() else ""

    def trouble(self) -> str:
        """Why there is no report: what the box said itself."""
        said = bytes(self.taken["errors"]).decode("utf-8", "backslashreplace").strip()
        return said.split("\n")[-1] or f"the box ended with {self.process.returncode} and said nothing"


def boxed(task: Task, report: int, status: int) -> list[str]:
    """The command that makes the box and runs the task in it."""
    settings = {"report": report, "limits": task.limits.resources(), "kit": ""}
    if tier() == NONE:
        settings["kit"] = kit() if task.watched else ""
        return [PYTHON, "-I", "-S", f"{kit()}/shim.py", json.dumps(settings), *task.command]
    settings["kit"] = KIT if task.watched else ""
    shim = [PYTHON, "-I", "-S", f"{KIT}/shim.py", json.dumps(settings), *task.command]
    disk = str(task.limits.disk_bytes)
    walls = ["--unshare-all", "--unshare-user", "--disable-userns", "--die-with-parent", "--as-pid-1"]
    walls += ["--new-session", "--clearenv", "--hostname", "box", "--json-status-fd", str(status)]
    house = ["--ro-bind", "/usr", "/usr"]
    for name in ("bin", "lib", "lib64", "sbin"):
        if os.path.islink(f"/{name}"):
            house += ["--symlink", f"usr/{name}", f"/{name}"]
    for path in ("/etc/alternatives", "/etc/ld.so.cache"):
        house += ["--ro-bind-try", path, path]
    house += ["--proc", "/proc", "--dev", "/dev", "--size", "1048576", "--tmpfs", "/dev/shm"]
    for path in ("/tmp", HOME):
        house += ["--perms", "0700", "--size", disk, "--tmpfs", path]
    house += ["--ro-bind", str(task.folder), SUBMISSION, "--ro-bind", kit(), KIT]
    house += ["--remount-ro", "/", "--chdir", HOME]
    given = [word for name, value in (ENVIRONMENT | dict(task.env)).items() for word in ("--setenv", name, value)]
    return ["bwrap", *walls, *house, *given, "--", *shim]


@cache
def kit() -> str:
    """A folder that everybody may read, with the shim and the observer; made once, gone when this process ends.

    It is a copy because the original may lie where the user of the box cannot look, and compiled because nobody in
    the box can write down what Python compiled.
    """
    folder = tempfile.mkdtemp(prefix="minishell-kit-")
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    package = Path(minishell.__file__).parent
    shutil.copy(Path(__file__).with_name("shim.py"), folder)
    for name in KIT_HOLDS:
        copy = shutil.copytree if (package / name).is_dir() else shutil.copy
        Path(folder, "minishell").mkdir(exist_ok=True)
        copy(package / name, Path(folder, "minishell", name))
    compiling = [PYTHON, "-I", "-m", "compileall", "-q", "--invalidation-mode", "unchecked-hash", folder]
    subprocess.run(compiling, check=True)
    os.chmod(folder, 0o755)
    return folder


def entering(group: groups.Group, command: list[str]) -> list[str]:
    """The command that enters the group, becomes nobody where we are root, and then is `command`."""
    if not group.folders:
        return command
    enter = "".join(f"echo $$ > {entrance}; " for entrance in group.entrances())
    nobody = ["setpriv", "--reuid", NOBODY, "--regid", NOBODY, "--clear-groups", *command]
    return ["/bin/sh", "-c", f'{enter}exec "$@"', "sh", *nobody]


def first_process(told: bytes) -> int:
    """The number of the first process of the box, from what bubblewrap tells; 0 if it has not told yet."""
    for line in told.split(b"\n"):
        with suppress(ValueError):
            if "child-pid" in (said := json.loads(line)):
                return int(said["child-pid"])
    return 0


def _makes_namespaces() -> bool:
    """Try the walls of a box with nothing in it."""
    if sys.platform != "linux" or shutil.which("bwrap") is None:
        return False
    words = ["bwrap", "--unshare-all", "--unshare-user", "--disable-userns", "--die-with-parent"]
    words += ["--ro-bind", "/usr", "/usr", "--symlink", "usr/lib", "/lib", "--symlink", "usr/lib64", "/lib64"]
    return subprocess.run([*words, "/usr/bin/true"], capture_output=True, check=False).returncode == 0
