"""A page is the same whoever builds it, and tells nothing of the machine it was built on."""

import getpass
import os
import re
import shutil
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from minishell.lessons import build, library
from minishell.lessons.stage import first_pid, needed

CURIOUS = """\
import grp, os, pwd, socket, subprocess, sys, tempfile
print(os.getuid(), os.getgid(), pwd.getpwuid(os.getuid()).pw_name, grp.getgrgid(os.getgid()).gr_name)
print(socket.gethostname(), os.uname().nodename, os.getcwd(), sys.executable, tempfile.gettempdir())
print(*sorted(os.environ.items()), sep="\\n")
sys.stdout.flush()
subprocess.run("id -un; ls -la . ..; ls /home /tmp; cat /etc/passwd; ps -e -o pid,ppid,user,args", shell=True)
"""
PAGE = """\
Curious
=======

.. {{{cog
.. cog.out(run_script(cog.inFile, 'curious.py', width=200))
.. cog.out(run_script(cog.inFile, 'curious.py', width=200, pty=True))
.. cog.out(run_script(cog.inFile, 'curious.py', width=200, as_user='mapped-root'))
.. cog.out(run_session(cog.inFile, 'curious.msh'))
.. cog.out(picture(cog.inFile, 'family.py', alt='a family'))
.. cog.out(story(cog.inFile, 'family.py'))
.. cog.out(picture_line(cog.inFile, 'ls | wc -l', name='line', alt='a line'))
.. cog.out(explain(cog.inFile, 'ls *.py > out'))
.. cog.out(compare(cog.inFile, 'pwd; id; echo $$'))
.. }}}
.. {{{end}}}
"""
FAMILY = "import os\nif os.fork() == 0:\n    print(os.getpid(), flush=True)\n    os._exit(0)\nprint(os.wait())\n"
SESSION = "id\ntty\nps -e\npwd\nsleep 9 &\nkill %1\n@await Terminated\n"
ORDINARY = ("setpriv", "--groups", "0", "unshare", "--user", "--map-user=1234", "--map-group=1234")
"""What makes root an ordinary user: the kernel grants nothing to one that is 1234 in a namespace of its own."""


@pytest.fixture
def course(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with one lesson, whose examples look at everything."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    lesson = tmp_path / "course/01-curious"
    lesson.mkdir(parents=True)
    for name, text in {
        "curious.py": CURIOUS,
        "family.py": FAMILY,
        "curious.msh": SESSION,
        "index.rst": PAGE,
    }.items():
        (lesson / name).write_text(text)
    return lesson


def files_of(lesson: Path) -> dict[str, str]:
    """What the page and its pictures hold."""
    return {path.name: path.read_text() for path in lesson.iterdir() if path.suffix in (".rst", ".svg")}


def fill(lesson: Path, *prefix: str) -> str:
    """Build the course, as somebody else where `prefix` says so; what the command reports."""
    command = [*prefix, sys.executable, "-m", "minishell.lessons.command", "--lessons", str(lesson.parent)]
    answer = subprocess.run([*command, "build"], capture_output=True, text=True, check=False)
    assert answer.returncode == 0, answer.stdout + answer.stderr
    return answer.stdout


needs_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root can be root and an ordinary user in turn")


@needs_root
def test_root_and_an_ordinary_user_write_the_same_bytes(
    course: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = tmp_path / "again/01-curious"
    shutil.copytree(course, other)
    assert fill(course) == "1 filled\n"
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "other-cache"))
    assert fill(other, *ORDINARY) == "1 filled\n"
    assert files_of(course) == files_of(other)
    assert sorted(files_of(course)) == ["family.svg", "index.rst", "line.svg"]


@needs_root
def test_what_needs_root_is_kept_by_others(course: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    page = course / "index.rst"
    (course / "who.py").write_text(
        "import os\nprint(os.getuid())\ntry:\n    os.setuid(7)\nexcept OSError as no: print(no)"
    )
    calls = "".join(f".. cog.out(run_script(cog.inFile, 'who.py', as_user={who!r}))\n" for who in ("root", "nobody"))
    page.write_text(f"Who\n===\n\n.. {{{{{{cog\n{calls}.. }}}}}}\n.. {{{{{{end}}}}}}\n")
    fill(course)
    text = page.read_text()
    assert "   :caption: as root\n\n   # python3 who.py\n\n   0\n" in text
    assert "   :caption: as nobody\n\n   $ python3 who.py\n\n   65534\n   [Errno 1] Operation not permitted\n" in text
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "other-cache"))
    assert fill(course, *ORDINARY) == (
        f"{page}:5: who.py: kept as it was recorded: only root can run it as root\n"
        f"{page}:6: who.py: kept as it was recorded: only root can run it as nobody\n"
        "1 fresh\n"
    )
    assert page.read_text() == text


def test_nothing_of_this_machine_is_in_a_page_that_looks_for_it(course: Path) -> None:
    fill(course)
    for name, text in files_of(course).items():
        assert not traces_of_this_machine(text), name


def test_nothing_of_this_machine_is_in_our_pages() -> None:
    folder = library.default_folder()
    pages = [lesson.page for lesson in library.lessons(folder)] + library.other_pages(folder)
    pictures = [picture for page in pages for picture in page.parent.glob("*.svg")]
    found = {build.shown(path): traces_of_this_machine(path.read_text()) for path in [*pages, *pictures]}
    assert {path: traces for path, traces in found.items() if traces} == {}


def traces_of_this_machine(text: str) -> list[str]:
    """Its name, its folders, its users, and pids that nobody chose."""
    names = [socket.gethostname(), os.path.expanduser("~"), os.environ.get("PWD", "/no/such"), *needed()]
    if getpass.getuser() not in ("root", "nobody", "learner"):  # every machine has these
        names.append(getpass.getuser())
    words = [name for name in names if len(name) > 3 and name not in ("/root", "/usr")]
    found = [word for word in words if re.search(rf"(?<![\w/.-]){re.escape(word)}(?![\w-])", text)]
    return found + re.findall(r"/tmp/lesson-\w+|/tmp/pytest-\w+", text)


def test_pids_in_a_page_follow_from_the_name_of_the_run(course: Path) -> None:
    page = course / "index.rst"
    page.write_text("T\n=\n\n.. {{{cog\n.. cog.out(run_script(cog.inFile, 'family.py'))\n.. }}}\n.. {{{end}}}\n")
    fill(course)
    child = first_pid("01-curious family.py") + 1
    assert f"   {child}\n   ({child}, 0)\n" in page.read_text()
