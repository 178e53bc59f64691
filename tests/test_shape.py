"""The shape of the source: rooms on a one-way street, one door to the kernel, a budget for starting.

The list of rooms is docs/rooms.txt, which the page on architecture shows: the rule is written down once.
"""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).parents[1]
PACKAGE = ROOT / "minishell"


def rooms() -> list[str]:
    """The rooms in their order: each may import those before it."""
    lines = (ROOT / "docs/rooms.txt").read_text().splitlines()
    return [room for line in lines for room in line.partition(":")[2].split()]


ROOMS = rooms()
FILES = sorted(path for path in PACKAGE.rglob("*.py") if path != PACKAGE / "__init__.py")


def room_of(path: Path) -> str:
    return path.relative_to(PACKAGE).parts[0].removesuffix(".py")


class Place(NamedTuple):
    path: Path
    line: int

    def __str__(self) -> str:
        return f"{self.path.relative_to(ROOT)}:{self.line}"


def parsed(path: Path) -> ast.Module:
    return ast.parse(path.read_text(), path)


def executed(tree: ast.AST) -> Iterator[ast.AST]:
    """All nodes but those that only the type checker sees."""
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, ast.If) and isinstance(node.test, ast.Name) and node.test.id == "TYPE_CHECKING":
            for other in node.orelse:
                yield other
                yield from executed(other)
        else:
            yield node
            yield from executed(node)


def imported(node: ast.AST) -> list[str]:
    """The modules that an import statement names; `from a import b` may mean the module a.b."""
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    if isinstance(node, ast.ImportFrom) and node.module == "minishell":
        return [f"minishell.{alias.name}" for alias in node.names]
    if isinstance(node, ast.ImportFrom):
        assert node.level == 0, "imports are absolute"
        return [node.module or ""]
    return []


# The one-way street


EXCEPTIONS = {
    ("start", "minishell.cli"): "the door to the street: it paints a prompt before anything else is imported",
}
"""Imports that point down all the same: (room, module) → why."""


def imports_of_ours() -> Iterator[tuple[Place, str]]:
    for path in FILES:
        for node in executed(parsed(path)):
            for module in imported(node):
                if module.startswith("minishell."):
                    yield Place(path, node.lineno), module  # type: ignore[attr-defined]


def points_down(path: Path, module: str) -> bool:
    return ROOMS.index(module.split(".")[1]) > ROOMS.index(room_of(path))


def test_every_room_is_in_the_list_once_and_nothing_else_is() -> None:
    assert sorted(ROOMS) == sorted({room_of(path) for path in FILES})


def test_no_room_imports_one_that_comes_after_it() -> None:
    """Imports inside functions count too: they run later, but they run."""
    wrong = [
        f"{place} imports {module}"
        for place, module in imports_of_ours()
        if points_down(place.path, module) and (room_of(place.path), module) not in EXCEPTIONS
    ]
    assert not wrong, "\n".join(wrong)


def test_no_exception_has_outlived_its_import() -> None:
    used = {(room_of(place.path), module) for place, module in imports_of_ours() if points_down(place.path, module)}
    assert EXCEPTIONS.keys() <= used


def test_only_the_line_editor_and_the_browser_of_lessons_import_the_editors_library() -> None:
    found = {
        path.relative_to(PACKAGE).as_posix()
        for path in FILES
        for node in executed(parsed(path))
        if any(module.partition(".")[0] == "prompt_toolkit" for module in imported(node))
    }
    assert {name for name in found if not name.startswith("repl/")} <= {"lessons/browse.py"}


# One door to the kernel


CALLS = {
    "os": {
        *("fork", "forkpty", "posix_spawn", "posix_spawnp", "system", "popen", "_exit", "abort"),
        *("execv", "execve", "execvp", "execvpe", "execl", "execle", "execlp", "execlpe"),
        *("spawnl", "spawnle", "spawnlp", "spawnlpe", "spawnv", "spawnve", "spawnvp", "spawnvpe"),
        *("wait", "wait3", "wait4", "waitid", "waitpid", "kill", "killpg", "pidfd_open"),
        *("getpgid", "getpgrp", "getsid", "setpgid", "setpgrp", "setsid", "tcgetpgrp", "tcsetpgrp"),
        *("open", "openpty", "pipe", "pipe2", "dup", "dup2", "close", "closerange", "memfd_create"),
        *("read", "readv", "pread", "write", "writev", "pwrite", "lseek", "sendfile", "fdopen", "isatty"),
        *("set_inheritable", "set_blocking", "chdir", "fchdir", "getcwd", "getcwdb", "umask"),
        *("access", "stat", "lstat", "fstat", "listdir", "scandir", "get_terminal_size"),
    },
    "os.path": {"exists", "lexists", "isdir", "isfile", "islink", "realpath", "samefile"},
    "signal": {
        *("signal", "siginterrupt", "sigwait", "sigwaitinfo", "sigtimedwait", "sigpending", "pthread_sigmask"),
        *("pthread_kill", "raise_signal", "alarm", "setitimer", "pause", "set_wakeup_fd", "getsignal"),
    },
    "termios": {"tcgetattr", "tcsetattr", "tcsendbreak", "tcdrain", "tcflush", "tcflow"},
    "fcntl": {"fcntl", "ioctl", "flock", "lockf"},
    "select": {"select", "poll", "epoll"},
    "resource": {"setrlimit", "prlimit"},
    "builtins": {"open"},
}
"""What only the kernel room may do, by module; `posix` counts as os, `_signal` as signal."""

WHOLE_MODULES = {
    "subprocess",
    "multiprocessing",
    "pty",
    "tty",
    "ctypes",
    "socket",
    "shutil",
    "tempfile",
    "pathlib",
    "asyncio",
}
"""Modules that do such things for their callers."""

OUTSIDE_THE_SHELL = {
    "trace": "watches the shell and its jobs from another process: its own way in is ptrace",
    "show": "draws what was observed, and writes files",
    "explain": "has a kernel in which nothing happens, and looks at the world for it",
    "lessons": "runs examples in a clean room of its own, and writes pages",
    "classroom": "judges programs from outside, in a box",
}
"""Rooms in no shell's way, which start programs of their own: room → why they may."""

EARLY = "before anything of ours is imported"
EDITOR = "keys and the screen are the business of prompt-toolkit, and this is our part of it"
LOOKS = "completion and colours look at files, which changes nothing, and is not what a learner wants to see"

WITHOUT_THE_KERNEL = {
    **dict.fromkeys(
        [("start", f"os.{name}") for name in ("getcwdb", "getpgrp", "isatty", "stat", "tcgetpgrp", "write")], EARLY
    ),
    ("start", "signal.pthread_sigmask"): EARLY,
    **dict.fromkeys(
        [("repl", call) for call in ("os.read", "select.select", "fcntl.ioctl", "os.get_terminal_size")], EDITOR
    ),
    **dict.fromkeys([("repl", call) for call in ("asyncio", "os.fdopen")], EDITOR),
    **dict.fromkeys([("repl", f"os.{name}") for name in ("access", "scandir", "stat")], LOOKS),
    **dict.fromkeys([("repl", f"os.path.{name}") for name in ("exists", "isdir", "lexists")], LOOKS),
    ("run", "signal.getsignal"): "asks what Python knows, not the kernel",
    (
        "run",
        "signal.set_wakeup_fd",
    ): "tells Python, not the kernel, in a child that shares the descriptor with its parent",
}
"""(room, call) → why it is made without the Kernel."""


def calls_around_the_kernel() -> Iterator[tuple[Place, str]]:
    for path in FILES:
        if room_of(path) not in {"kernel", *OUTSIDE_THE_SHELL}:
            tree = parsed(path)
            names = dict(names_of_modules(tree))
            for node in executed(tree):
                for call in asked_for(node, names):
                    yield Place(path, node.lineno), call  # type: ignore[attr-defined]


def names_of_modules(tree: ast.AST) -> Iterator[tuple[str, str]]:
    """What the file calls the modules that it imports."""
    for node in executed(tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                top = alias.name.partition(".")[0]
                yield (alias.asname, plain(alias.name)) if alias.asname else (top, plain(top))


def plain(module: str) -> str:
    return {"posix": "os", "_signal": "signal", "posixpath": "os.path"}.get(module, module)


def asked_for(node: ast.AST, names: dict[str, str]) -> Iterator[str]:
    """The calls and modules of the lists above that a node names, called or not."""
    for module in imported(node):
        if module.partition(".")[0] in WHOLE_MODULES:
            yield module
    if isinstance(node, ast.ImportFrom):
        module = plain(node.module or "")
        yield from (f"{module}.{alias.name}" for alias in node.names if alias.name in CALLS.get(module, ()))
    if isinstance(node, ast.Attribute):
        owner = dotted(node.value, names)
        if node.attr in CALLS.get(owner, ()):
            yield f"{owner}.{node.attr}"
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in CALLS["builtins"]:
        yield node.func.id


def dotted(node: ast.AST, names: dict[str, str]) -> str:
    """`os.path` where it is written so; "" for what is no module."""
    if isinstance(node, ast.Name):
        return names.get(node.id, "")
    if isinstance(node, ast.Attribute) and dotted(node.value, names):
        return f"{dotted(node.value, names)}.{node.attr}"
    return ""


def test_nothing_but_the_kernel_room_enters_the_kernel() -> None:
    wrong = [
        f"{place} uses {call}"
        for place, call in calls_around_the_kernel()
        if (room_of(place.path), call) not in WITHOUT_THE_KERNEL
    ]
    assert not wrong, "\n".join(wrong)


def test_no_exception_has_outlived_its_call() -> None:
    made = {(room_of(place.path), call) for place, call in calls_around_the_kernel()}
    assert made >= WITHOUT_THE_KERNEL.keys(), WITHOUT_THE_KERNEL.keys() - made


@pytest.mark.parametrize(
    "source",
    [
        "import os\nos.fork()",
        "import os as system\nx = system.kill",
        "import posix\nposix.dup2(1, 2)",
        "from os import pipe",
        "def f():\n    from os import pipe as innocent",
        "import _signal\n_signal.pthread_sigmask(0, ())",
        "import os.path\nos.path.isdir('x')",
        "import subprocess",
        "from asyncio.subprocess import PIPE",
        "if not TYPE_CHECKING:\n    import pty",
        "TYPE_CHECKING = False\nif TYPE_CHECKING:\n    pass\nelse:\n    import tty",
        "print(open('x').read())",
    ],
)
def test_a_call_is_found_however_it_is_written(source: str) -> None:
    tree = ast.parse(source)
    names = dict(names_of_modules(tree))
    assert [call for node in executed(tree) for call in asked_for(node, names)]


@pytest.mark.parametrize(
    "source",
    [
        "import os\nos.path.join('a', 'b')\nos.fsencode('x')",
        "TYPE_CHECKING = False\nif TYPE_CHECKING:\n    import subprocess",
        "kernel.fork()\nself.kernel.open('x', 0)",
    ],
)
def test_other_code_is_let_alone(source: str) -> None:
    tree = ast.parse(source)
    names = dict(names_of_modules(tree))
    assert not [call for node in executed(tree) for call in asked_for(node, names)]


# The budget for starting


PROGRAM = {
    *(
        "jobs",
        "jobs.job",
        "jobs.waiting",
        "kernel.status",
        "run.launch",
        "run.lookup",
        "run.pipeline",
        "run.plan",
        "run.programs",
        "run.redirect",
        "run.spawn",
    ),
}
"""What running a program takes besides."""

LOADED = {
    ":": {
        *("builtins", "builtins.control", "builtins.registry", "cli", "errors", "expand", "expand.words", "ids"),
        *("kernel", "kernel.calls", "kernel.signals", "record", "run", "run.commands", "run.script", "run.signals"),
        *("run.simple", "shell", "source", "start", "syntax", "syntax.lexer", "syntax.names", "syntax.parser"),
        *("syntax.tokens", "syntax.tree", "variables"),
    },
}
LOADED["echo a"] = LOADED[":"] - {"builtins.control"} | {"builtins.output"}
LOADED["/bin/true"] = LOADED[":"] - {"builtins.control"} | PROGRAM
LOADED["/bin/true | /bin/true"] = LOADED["/bin/true"] | {"jobs.table", "run.processes"}
"""The modules of ours that a line loads: each file costs 0.1 ms, so one more has to be worth it."""

LIBRARY = {":": {"__future__", "gc"}, "echo a": {"__future__", "gc"}}
"""The standard library's, besides what Python loads for itself.  A program takes `os` too, and what is behind it."""

OS = {"os", "stat", "_stat", "posixpath", "genericpath", "_collections_abc", "errno"}

SLOW = {
    *("re", "enum", "typing", "dataclasses", "collections", "functools", "contextlib", "signal", "subprocess"),
    *("threading", "asyncio", "shutil", "tempfile", "pathlib", "traceback", "site", "prompt_toolkit", "pygments"),
    *("minishell.show", "minishell.lessons", "minishell.classroom", "minishell.repl", "minishell.trace"),
}
"""What no line of a script may load: 0.5 ms (contextlib) to 100 ms (prompt_toolkit)."""

BOOT = """
import sys
sys.path.insert(0, sys.argv[1])
sys.argv[1:] = ["-c", sys.argv[2]]
from minishell import start
start.main()
"""


def imports(*words: str) -> set[str]:
    """What Python imports for a program, by its own account."""
    told = subprocess.run(
        [sys.executable, "-I", "-S", "-X", "importtime", "-c", *words],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        start_new_session=True,
    ).stderr
    assert "Traceback" not in told
    return {line.rpartition("|")[2].strip() for line in told.splitlines() if line.startswith("import time:")}


def loaded(line: str) -> set[str]:
    return imports(BOOT, str(ROOT), line) - imports("pass")


@pytest.mark.parametrize("line", LOADED)
def test_a_line_loads_what_it_needs_and_no_more(line: str) -> None:
    modules = loaded(line)
    ours = {module.removeprefix("minishell.") for module in modules if module.startswith("minishell.")}
    library = {module for module in modules if module.partition(".")[0] != "minishell"}
    assert ours == LOADED[line]
    assert library == LIBRARY.get(line, {"__future__", "gc", *OS})


@pytest.mark.parametrize(
    "line",
    [
        'a=b; echo $a * "$(echo c; uname)" ~',
        "cat <<E | wc -l; (cd /); { umask; }\n$0\nE",
        "/bin/true & jobs -l; kill $!; wait; trap 'echo x' INT; set -m; export A; type ls; help cd; pwd",
        "no-such-program; ./no/such; echo <no/such",
    ],
)
def test_no_line_of_a_script_loads_what_is_slow(line: str) -> None:
    modules = imports(BOOT, str(ROOT), line)
    assert "minishell.run.launch" in modules
    assert not modules & SLOW
