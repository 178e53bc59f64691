"""The clean room: a copy of one lesson's folder in which a command runs as if on any machine, any day, for any user.

What can be controlled is controlled here, so that `normalise` has little left to do: file times, modes, umask,
environment, session, pids, the user.  `warden` is the room's first process, `house` the file tree around it.
"""

import errno
import fcntl
import functools
import os
import shutil
import socket
import struct
import subprocess
import sys
import tempfile
import termios
import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Literal

import minishell
from minishell.lessons.house import EPOCH_S, HOME, PROGRAMS

LEARNER = "learner"
USERS = {LEARNER: 1000, "nobody": 65534, "root": 0}  # as in the passwd of the house
RAN_S: list[float] = []
HERE = str(Path(__file__).parent)
BEGIN = "import sys; sys.path.insert(0, sys.argv[1]); import warden; warden.begin()"  # compiled once, unlike a script
SEARCHED = ("/usr/local/bin", "/usr/bin", "/bin")
DEBIAN = "/usr/lib/python3/dist-packages"
NOT_COPIED = shutil.ignore_patterns("__pycache__", "*.rst", "*.svg", ".*")
ROWS = 24
END_OF_INPUT = b"\x04"  # Ctrl-D
TYPED_AHEAD_BYTES = 4000  # what a terminal keeps until somebody reads; n_tty(4) of Linux: 4095
GRACE_S = 30.0  # how much longer than the command's own limit the warden may take


class Refused(Exception):
    """This machine cannot make a clean room; the text says why."""


class NeedsRoot(Refused):
    """Only root can become somebody else."""


@dataclass(frozen=True)
class Room:
    """A folder tree made for one run.  `folder` is the lesson's copy and the working directory.

    `housed`: those in the room see it at other places than we do.
    """

    home: Path
    folder: Path
    temporary: Path
    housed: bool = False

    def inside(self, path: Path) -> str:
        """Where those in the room find a file that we find at `path`."""
        if self.housed:
            for ours, theirs in ((self.home, HOME), (self.temporary, "/tmp")):
                if path.is_relative_to(ours):
                    return str(Path(theirs, path.relative_to(ours)))
        return str(path)

    def has(self, program: str) -> bool:
        """Whether the program would be found in the room."""
        folders: list[str | Path] = [self.home / "bin", *SEARCHED]
        return any(os.access(Path(folder, program), os.X_OK) for folder in folders)

    @property
    def environment(self) -> dict[str, str]:
        """Everything the command finds in its environment, the same on every machine."""
        return {
            "PATH": ":".join([f"{self.inside(self.home)}/bin", *SEARCHED]),
            "HOME": self.inside(self.home),
            "USER": LEARNER,
            "LOGNAME": LEARNER,
            "SHELL": "/bin/sh",
            "TMPDIR": self.inside(self.temporary),
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
    user: str = LEARNER,
    columns: int = 0,
    time_limit_s: float = 20.0,
    output_limit: int = 1 << 20,
) -> Outcome:
    """Run `command` in the room, standard error merged into the output; nobody survives it.

    `columns`: on a terminal of that width, at which `stdin` is typed; 0: its output goes into a pipe.
    """
    if columns and len(stdin or b"") > TYPED_AHEAD_BYTES:
        raise Refused(f"a terminal takes {TYPED_AHEAD_BYTES} bytes ahead, and stdin= has {len(stdin or b'')}")
    settings = warded(command, room, user=user, seed=seed, time_limit_s=time_limit_s, terminal=bool(columns))
    with settings as (argv, guard):
        surroundings = room.environment | {"USER": user, "LOGNAME": user} | dict(env or {})
        with begun(argv, room, guard, surroundings, stdin, columns) as (process, reading):
            output, flooded = read_all(reading, guard, output_limit)
            process.wait(time_limit_s + GRACE_S)
            try:
                how, status = guard.report()
            except Refused as problem:
                said = output.decode("utf-8", "backslashreplace").rstrip()
                raise Refused(f"{problem}\n{said}".rstrip()) from None
    return Outcome("flood" if flooded else how, status, output)


@contextmanager
def begun(
    argv: Sequence[str],
    room: Room,
    guard: "Guard",
    env: Mapping[str, str],
    stdin: bytes | None = None,
    columns: int = 0,
) -> Iterator[tuple[subprocess.Popen[bytes], int]]:
    """The warden's process, started, and the descriptor from which the room's output is read."""
    with given(stdin) as source:
        process = subprocess.Popen(
            argv,
            stdin=source,
            stdout=subprocess.DEVNULL if columns else subprocess.PIPE,
            stderr=subprocess.STDOUT,
            cwd=room.folder,
            env=env,
            pass_fds=guard.shared,
            umask=0o022,
            start_new_session=True,
        )
    guard.started()
    try:
        with process.stdout or os.fdopen(guard.terminal(stdin, columns), "r+b", 0) as source:
            yield process, source.fileno()
    finally:
        guard.let_go()
        process.wait()
        guard.read()


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


@contextmanager
def room_for(lesson: Path, user: str = LEARNER) -> Iterator[Room]:
    """A fresh room holding a copy of the lesson's folder, which belongs to `user`; gone afterwards."""
    housed = bool(namespace())
    with tempfile.TemporaryDirectory(prefix="lesson-") as top:
        home = Path(top, "home")
        room = Room(home, home / "lessons" / lesson.name, Path(top, "tmp"), housed)
        shutil.copytree(lesson, room.folder, ignore=NOT_COPIED)
        room.temporary.mkdir()
        furnish(home / "bin")
        level(Path(top), USERS[user] if housed and os.geteuid() == 0 else None)
        room.temporary.chmod(0o1777)
        yield room


def furnish(bin: Path) -> None:
    """The commands of this project, under the names a learner types."""
    bin.mkdir(parents=True)
    for name in ("python3", "python"):
        (bin / name).symlink_to(os.path.realpath(sys.executable))
    script = Path(sys.prefix, "bin", "minishell")
    if script.exists():
        (bin / "minishell").symlink_to(script)


def level(top: Path, owner: int | None) -> None:
    """Give every file the same time, one of two modes, and one owner."""
    for path in [*top.rglob("*"), top]:
        if owner is not None:
            os.chown(path, owner, owner, follow_symlinks=False)
        if not path.is_symlink():
            path.chmod(0o755 if path.is_dir() or os.access(path, os.X_OK) else 0o644)
            os.utime(path, (EPOCH_S, EPOCH_S))


@dataclass
class Guard:
    """The builder's lines to the warden: the leash it holds, the report it will read, a socket for the terminal."""

    leash: tuple[int, int]
    reports: tuple[int, int]
    line: tuple[socket.socket, socket.socket] | None
    held: bool = True

    told: str = ""

    @property
    def shared(self) -> list[int]:
        """The ends that the warden inherits."""
        return [self.leash[0], self.reports[1], *([self.line[1].fileno()] if self.line else [])]

    def started(self) -> None:
        """Drop our copies of the warden's ends, so that its end is the end of the report."""
        os.close(self.leash[0])
        os.close(self.reports[1])
        if self.line:
            self.line[1].close()

    def terminal(self, typed: bytes | None, columns: int) -> int:
        """Our side of the terminal that the warden made; what is to be typed is typed before the command starts."""
        assert self.line is not None
        descriptors = socket.recv_fds(self.line[0], 1, 1)[1]
        if not descriptors:
            self.report()  # says why
            raise Refused("the clean room has no terminal")
        fcntl.ioctl(descriptors[0], termios.TIOCSWINSZ, struct.pack("HHHH", ROWS, columns, 0, 0))
        if typed is not None:
            os.write(descriptors[0], typed + END_OF_INPUT)
        self.line[0].send(b"!")
        return descriptors[0]

    def let_go(self) -> None:
        """Have everybody in the room killed."""
        if self.held:
            os.close(self.leash[1])
            self.held = False

    def report(self) -> tuple[Literal["ended", "late"], int]:
        """How the command ended.  Raises `Refused` when the room could not be made."""
        word, _, rest = self.read().partition(" ")
        if word in ("", "refused"):
            raise Refused(f"the clean room could not be made: {rest or 'its warden did not start'}")
        return ("late" if word == "late" else "ended"), int(rest.split()[0])

    def read(self) -> str:
        """The report, which is awaited the first time; how long the command ran is added to `ran_s`."""
        if not self.told:
            self.told = os.read(self.reports[0], 4096).decode() or " "
            if self.told.split()[:1] in (["ended"], ["late"], ["cut"]):
                RAN_S.append(float(self.told.split()[2]))
        return self.told.strip()

    def close(self) -> None:
        self.let_go()
        os.close(self.reports[0])
        if self.line:
            self.line[0].close()


@contextmanager
def warded(
    command: Sequence[str], room: Room, *, user: str = LEARNER, seed: str, time_limit_s: float, terminal: bool = False
) -> Iterator[tuple[list[str], Guard]]:
    """The command line that runs `command` under a warden, and the lines to that warden."""
    prefix = namespace(user)
    if terminal and not prefix:
        raise Refused("a terminal of its own needs a pid namespace, which unshare was refused")
    with closing(Guard(os.pipe(), os.pipe(), socket.socketpair() if terminal else None)) as guard:
        leash, report, *line = guard.shared
        settings: dict[str, object] = {"limit_s": time_limit_s, "leash": leash, "report": report}
        if prefix:
            settings |= {"first_pid": first_pid(seed), "user": USERS[user], "folder": room.inside(room.folder)}
            settings |= {"home": room.home, "temporary": room.temporary, "needed": ":".join(needed())}
            settings["hidden"] = ":".join(hidden())
        if terminal:
            settings["line"] = line[0]
        words = [f"{name}={value}" for name, value in settings.items()]
        yield [*prefix, sys.executable, "-I", "-S", "-c", BEGIN, HERE, *words, "--", *command], guard


def ran_s() -> float:
    """How long all commands have run that this process has had run."""
    return sum(RAN_S)


def first_pid(seed: str) -> int:
    """The pid of the first process of a run: five digits, the same for the same seed everywhere."""
    return 10_000 + zlib.crc32(seed.encode()) % 20_000


@functools.cache
def namespace(user: str = LEARNER) -> tuple[str, ...]:
    """The words that put a command into namespaces where pids, files and users can be chosen; () if refused.

    Others than root are in a user namespace for that, and can only be called learner there: `NeedsRoot`.
    """
    own = ("unshare", "--pid", "--uts", "--fork", "--kill-child", "--mount-proc")
    root = os.geteuid() == 0
    if user != LEARNER and not root:
        raise NeedsRoot(f"only root can run it as {user}")
    number = USERS[user]
    mapped = () if root else ("--user", f"--map-user={number}", f"--map-group={number}", "--keep-caps")
    probe = (*own, *mapped, "sh", "-c", "echo 9999 > /proc/sys/kernel/ns_last_pid")
    try:
        answer = subprocess.run(probe, capture_output=True, timeout=GRACE_S, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return ()
    return (*own, *mapped) if answer.returncode == 0 else ()


@functools.cache
def needed() -> list[str]:
    """Folders without which Python or this project would not run, and which are not among the programs."""
    interpreter = Path(os.path.realpath(sys.executable)).parents[1]
    package = Path(minishell.__file__).parents[1]
    paths = filter(None, os.environ.get("PYTHONPATH", "").split(":"))
    places: list[str | Path] = [sys.base_prefix, sys.prefix, interpreter, package, *paths]
    wanted = {Path(os.path.abspath(place)) for place in places}
    return sorted(str(path) for path in wanted if path.is_dir() and not below(path, [*PROGRAMS, *(wanted - {path})]))


@functools.cache
def hidden() -> list[str]:
    """Where others have installed packages for the Python of the examples, which a reader has not.

    They are not hidden if this project is one of them.
    """
    if sys.prefix == sys.base_prefix:
        return []
    version = f"python{sys.version_info.major}.{sys.version_info.minor}"
    return [f"{sys.base_prefix}/lib/{version}/site-packages", f"/usr/local/lib/{version}/dist-packages", DEBIAN]


def below(path: Path, folders: Iterable[str | Path]) -> bool:
    """Whether one of the folders holds the path."""
    return any(path.is_relative_to(folder) for folder in folders)


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
