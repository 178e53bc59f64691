"""What this machine can isolate and observe: each ability is tried, not guessed from versions or settings."""

import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from minishell.lessons import stage
from minishell.trace import observer

TRY_S = 10.0
MOUNTS = Path("/proc/self/mounts")


class Absent(Exception):
    """The ability is not there; the text says what was tried and refused."""


@dataclass(frozen=True)
class Ability:
    """One thing to try.  `attempt` returns what was found, or raises `Absent`."""

    name: str
    attempt: Callable[[], str]
    without: str  # what its absence means


@dataclass(frozen=True)
class Finding:
    """How one attempt came out."""

    name: str
    works: bool
    detail: str
    without: str


def examine() -> list[Finding]:
    """Try everything."""
    return [finding(ability) for ability in ABILITIES]


def finding(ability: Ability) -> Finding:
    """Try one ability."""
    try:
        return Finding(ability.name, True, ability.attempt(), ability.without)
    except Absent as absence:
        return Finding(ability.name, False, str(absence), ability.without)


def observe() -> str:
    """Watch a process that forks once."""
    with tempfile.TemporaryDirectory() as folder:
        script = Path(folder, "probe.py")
        script.write_text("import os\nif os.fork() == 0:\n    os._exit(0)\nos.wait()\n")
        try:
            seen = observer.observe_script(str(script), timeout_s=TRY_S)
        except (observer.Refused, observer.Overran, OSError) as refusal:
            raise Absent(str(refusal)) from refusal
    return f"watched a script that forks: {len(seen.events)} events"


def choose_pids() -> str:
    """Make a pid namespace and choose a pid in it."""
    if words := stage.namespace():
        return "unprivileged, in a user namespace" if "--user" in words else "as root"
    raise Absent("unshare refused a pid namespace, or the pids in it cannot be chosen")


def user_namespace() -> str:
    """Make a user namespace."""
    attempt(["unshare", "--user", "--map-root-user", "true"])
    return "unshare --user works"


def bubblewrap() -> str:
    """Start a program in a box of its own."""
    attempt(["bwrap", "--unshare-all", "--die-with-parent", "--ro-bind", "/", "/", "--proc", "/proc", "true"])
    return attempt(["bwrap", "--version"]).strip()


def limit_groups() -> str:
    """Make a cgroup that can count processes and memory, and remove it again."""
    for version, folder in cgroups(MOUNTS.read_text()):
        try:
            return try_group(version, folder)
        except OSError:
            continue
    raise Absent("no cgroup with the controllers pids and memory can be made here")


def try_group(version: str, pids: Path) -> str:
    """Make and remove a group below `pids`.  Raises `OSError` if that is refused."""
    probe = pids / f"minishell-doctor-{os.getpid()}"
    probe.mkdir()
    try:
        if version == "v2":
            (probe / "pids.max").read_text()  # there only if the controllers are delegated to this group
            (probe / "memory.max").read_text()
    finally:
        probe.rmdir()
    return f"cgroup {version} at {pids}"


def cgroups(mounts: str) -> list[tuple[str, Path]]:
    """Where groups could be made: `v2` folders, and `v1` if both pids and memory are mounted."""
    rows = [line.split() for line in mounts.splitlines()]
    found = [("v2", Path(row[1])) for row in rows if row[2] == "cgroup2"]
    old = {name: Path(row[1]) for row in rows if row[2] == "cgroup" for name in row[3].split(",")}
    if "pids" in old and "memory" in old:
        found.append(("v1", old["pids"]))
    return found


def other_user() -> str:
    """Run a program as nobody."""
    try:
        pwd.getpwnam("nobody")
    except KeyError as unknown:
        raise Absent("there is no user called nobody") from unknown
    try:
        subprocess.run(["true"], user="nobody", check=True, timeout=TRY_S, cwd="/")
    except OSError as refusal:
        raise Absent(f"this process may not become nobody: {refusal.strerror}") from refusal
    return "programs can be run as nobody"


def strace() -> str:
    """Have strace watch a program."""
    attempt(["strace", "-qq", "-o", "/dev/null", "true"])
    return attempt(["strace", "-V"]).split("\n")[0]


def attempt(words: Sequence[str]) -> str:
    """Run a program; its output.  Raises `Absent` if it is missing, fails, or takes too long."""
    if shutil.which(words[0]) is None:
        raise Absent(f"{words[0]} is not installed")
    try:
        answer = subprocess.run(words, capture_output=True, text=True, timeout=TRY_S, check=False)
    except subprocess.TimeoutExpired as late:
        raise Absent(f"{words[0]} did not answer within {TRY_S:g} s") from late
    if answer.returncode != 0:
        raise Absent(f"{words[0]} failed: {answer.stderr.strip() or answer.returncode}")
    return answer.stdout


ABILITIES = (
    Ability("observe", observe, "no pictures or stories of runs can be made; behaviour cannot be checked"),
    Ability("choose pids", choose_pids, "lesson pages with recorded sessions cannot be built or checked here"),
    Ability("user namespace", user_namespace, "isolation needs root"),
    Ability("bubblewrap", bubblewrap, "other people's programs can harm files and processes of this account"),
    Ability("cgroup limits", limit_groups, "memory and processes of a whole group cannot be limited"),
    Ability("other user", other_user, "programs run with the rights of this account"),
    Ability("strace", strace, "there is no second witness for what the observer saw"),
)
