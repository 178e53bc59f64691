"""The clean room: a copy of one lesson's folder in which a command runs as if on any machine, any day.

What can be controlled is controlled here, so that `normalise` has little left to do: file times, modes,
umask, environment, session, pids.  `warden` is the room's first process.
"""

import errno
import fcntl
import functools
import os
import shutil
import struct
import subprocess
import sys
import tempfile
import termios
import zlib
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Literal

EPOCH_S = 1_000_000_000  # every file of a room: 2001-09-09 01:46:40 UTC
USER = "learner"
WARDEN = Path(__file__).with_name("warden.py")
NOT_COPIED = shutil.ignore_patterns("__pycache__", "*.rst", "*.svg", ".*")
ROWS = 24
END_OF_INPUT = b"\x04"  # Ctrl-D
GRACE_S = 10.0  # how much longer than the command's own limit the warden may take


class Refused(Exception):
    """This machine cannot make a clean room; the text says why."""


@dataclass(frozen=True)
class Room:
    """A folder tree made for one run.  `folder` is the lesson's copy and the working directory."""

    home: Path
    folder: Path
    temporary: Path

    @property
    def environment(self) -> dict[str, str]:
        """Everything the command finds in its environment, the same on every machine."""
        return {
            "PATH": f"{self.home}/bin:/usr/local/bin:/usr/bin:/bin",
            "HOME": str(self.home),
            "USER": USER,
            "LOGNAME": USER,
            "SHELL": "/bin/sh",
            "TMPDIR": str(self.temporary),
            "LANG": "C.UTF-8",
            "TZ": "UTC",
            "TERM": "dumb",
            "COLUMNS": "72",
            "LINES": "24",
            "PYTHONHASHSEED": "0",
            "PYTHONDONTWRITEBYTECODE": "1",
        }


@dataclass(frozen=True)
class Outcome:
    """What a run left: its output, and how it ended (`status` as `waitpid` gives it, for "ended" only)."""

    how: Literal["ended", "late", "flood"]
    status: int
    output: bytes


def play(
    room: Room,
    command: Sequence[str],
    *,
    seed: str,
    stdin: bytes | None = None,
    env: Mapping[str, str] | None = None,
    columns: int = 0,
    time_limit_s: float = 20.0,
    output_limit: int = 1 << 20,
) -> Outcome:
    """Run `command` in the room, standard error merged into the output; nobody survives it.

    `columns`: on a terminal of that width, at which `stdin` is typed; 0: its output goes into a pipe.
    """
    wires = on_a_terminal(stdin, columns) if columns else through_pipes(stdin)
    mode = "terminal" if columns else "plain"
    with warded(command, seed=seed, time_limit_s=time_limit_s, mode=mode) as (argv, guard), wires as wiring:
        process = start(argv, room, wiring, guard, env or {})
        output, flooded = read_all(wiring.reading, guard, output_limit)
        process.wait(time_limit_s + GRACE_S)
        how, status = guard.report()
    return Outcome("flood" if flooded else how, status, output)


def start(
    argv: Sequence[str], room: Room, wiring: "Wiring", guard: "Guard", env: Mapping[str, str]
) -> subprocess.Popen[bytes]:
    """Start a warden with these standard descriptors."""
    process = subprocess.Popen(
        argv,
        stdin=wiring.stdin,
        stdout=wiring.output,
        stderr=wiring.output,
        cwd=room.folder,
        env=room.environment | dict(env),
        pass_fds=guard.shared,
        umask=0o022,
        start_new_session=True,
    )
    os.close(wiring.output)  # else its end would never come
    guard.started()
    return process


def read_all(descriptor: int, guard: "Guard", limit: int) -> tuple[bytes, bool]:
    """Everything the room prints, at most `limit` bytes; one more and the leash is let go."""
    output = bytearray()
    while block := read_or_end(descriptor):
        output += block
        if len(output) > limit:
            guard.let_go()
            return bytes(output[:limit]), True
    return bytes(output), False


def read_or_end(descriptor: int) -> bytes:
    """What comes next; nothing at the end."""
    try:
        return os.read(descriptor, 65536)
    except OSError as end:
        if end.errno != errno.EIO:  # nobody has the terminal open any more
            raise
        return b""


@dataclass(frozen=True)
class Wiring:
    """Where a room's standard descriptors lead.  `reading` is our end of its output."""

    stdin: int
    output: int
    reading: int


@contextmanager
def through_pipes(stdin: bytes | None) -> Iterator[Wiring]:
    """Input from a file that holds `stdin`, or from /dev/null; output into a pipe."""
    reading, output = os.pipe()
    with given(stdin) as source, os.fdopen(reading, "rb", 0):
        yield Wiring(source.fileno(), output, reading)


@contextmanager
def on_a_terminal(stdin: bytes | None, columns: int) -> Iterator[Wiring]:
    """A terminal of its own, at which `stdin` has been typed, and then Ctrl-D."""
    master, slave = os.openpty()
    with os.fdopen(master, "r+b", 0):
        fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", ROWS, columns, 0, 0))
        if stdin is not None:
            os.write(master, stdin + END_OF_INPUT)
        yield Wiring(slave, slave, master)


@contextmanager
def room_for(lesson: Path) -> Iterator[Room]:
    """A fresh room holding a copy of the lesson's folder; gone afterwards."""
    with tempfile.TemporaryDirectory(prefix="lesson-") as top:
        home = Path(top, "home")
        room = Room(home, home / "lessons" / lesson.name, Path(top, "tmp"))
        shutil.copytree(lesson, room.folder, ignore=NOT_COPIED)
        room.temporary.mkdir()
        furnish(home / "bin")
        level(Path(top))
        yield room


def furnish(bin: Path) -> None:
    """The commands of this project, under the names a learner types."""
    bin.mkdir(parents=True)
    for name in ("python3", "python"):
        (bin / name).symlink_to(os.path.realpath(sys.executable))
    script = Path(sys.prefix, "bin", "minishell")
    if script.exists():
        (bin / "minishell").symlink_to(script)


def level(top: Path) -> None:
    """Give every file the same time and one of two modes."""
    for path in [*top.rglob("*"), top]:
        if not path.is_symlink():
            path.chmod(0o755 if path.is_dir() or os.access(path, os.X_OK) else 0o644)
            os.utime(path, (EPOCH_S, EPOCH_S))


@dataclass
class Guard:
    """The builder's two lines to the warden: the leash it holds, and the report it will read."""

    leash: tuple[int, int]
    reports: tuple[int, int]
    held: bool = True

    @property
    def shared(self) -> tuple[int, int]:
        """The ends that the warden inherits."""
        return self.leash[0], self.reports[1]

    def started(self) -> None:
        """Drop our copies of the warden's ends, so that its end is the end of the report."""
        for descriptor in self.shared:
            os.close(descriptor)

    def let_go(self) -> None:
        """Have everybody in the room killed."""
        if self.held:
            os.close(self.leash[1])
            self.held = False

    def report(self) -> tuple[Literal["ended", "late"], int]:
        """How the command ended.  Raises `Refused` when the room could not be made."""
        words = os.read(self.reports[0], 100).split()
        if not words:
            raise Refused("the clean room could not be started")
        return ("late" if words[0] == b"late" else "ended"), int(words[1])

    def close(self) -> None:
        self.let_go()
        os.close(self.reports[0])


@contextmanager
def warded(
    command: Sequence[str], *, seed: str, time_limit_s: float, mode: str = "plain"
) -> Iterator[tuple[list[str], Guard]]:
    """The command line that runs `command` under a warden, and the lines to that warden."""
    prefix = namespace()
    with closing(Guard(os.pipe(), os.pipe())) as guard:
        leash, report = guard.shared
        numbers = [first_pid(seed) if prefix else 0, time_limit_s, report, leash]
        warden = [sys.executable, "-I", "-S", str(WARDEN), *map(str, numbers), mode]
        yield [*prefix, *warden, *command], guard


def first_pid(seed: str) -> int:
    """The pid of the first process of a run: five digits, the same for the same seed everywhere."""
    return 10_000 + zlib.crc32(seed.encode()) % 20_000


@functools.cache
def namespace() -> tuple[str, ...]:
    """The words that put a command into a pid namespace where pids can be chosen; () if refused."""
    own = ("unshare", "--pid", "--fork", "--kill-child", "--mount-proc")
    user = () if os.geteuid() == 0 else ("--user", "--map-current-user", "--keep-caps")
    probe = (*own, *user, "sh", "-c", "echo 9999 > /proc/sys/kernel/ns_last_pid")
    try:
        answer = subprocess.run(probe, capture_output=True, timeout=GRACE_S, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return ()
    return (*own, *user) if answer.returncode == 0 else ()


@contextmanager
def given(text: bytes | None) -> Iterator[IO[bytes]]:
    """A file to read `text` from; without one, /dev/null."""
    if text is None:
        with open(os.devnull, "rb") as nothing:
            yield nothing
        return
    with tempfile.TemporaryFile() as file:
        file.write(text)
        file.seek(0)
        yield file
