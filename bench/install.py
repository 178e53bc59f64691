"""Install minishell as a learner gets it, into build/bench-venv, and remember which source that was.

A checkout installed for editing is another thing: its `.pth` files cost a millisecond and more at every
start.
"""

from __future__ import annotations

import hashlib
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent
VENV = ROOT / "build" / "bench-venv"


class NotInstalled(Exception):
    """pip refused; its words are the argument."""


def installed() -> Path:
    """The path of an installed `minishell` that is made of this very source."""
    stamp = VENV / "source"
    source = source_hash()
    if not stamp.exists() or stamp.read_text() != source:
        install()
        stamp.write_text(source)
    return VENV / "bin" / "minishell"


def interpreter() -> Path:
    """The Python that the installed minishell runs on."""
    return VENV / "bin" / "python"


def install() -> None:
    """Make the environment anew: no pip and no setuptools in it, every module compiled."""
    shutil.rmtree(VENV, ignore_errors=True)
    python("-m", "venv", "--without-pip", str(VENV))
    pip("--python", str(interpreter()), "install", str(ROOT))
    start_without_site(VENV / "bin" / "minishell")


def start_without_site(script: Path) -> None:
    """Add -IS to the first line, as `make shell` does: pip cannot (it rewrites the whole line)."""
    first, _, rest = script.read_text().partition("\n")
    if "no_site" in rest and not first.endswith(" -IS"):
        script.write_text(f"{first} -IS\n{rest}")


def source_hash() -> str:
    """A hash over everything the wheel is made of, and the interpreter."""
    digest = hashlib.sha256(sys.version.encode())
    for path in sorted([ROOT / "pyproject.toml", *files("minishell"), *files("scripts"), *files("lessons")]):
        digest.update(str(path.relative_to(ROOT)).encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()


def files(folder: str) -> list[Path]:
    """Every file under `folder` but Python's caches."""
    return [path for path in (ROOT / folder).rglob("*") if path.is_file() and "__pycache__" not in path.parts]


def pip(*words: str) -> None:
    """Run pip, quietly."""
    python("-m", "pip", "--quiet", "--disable-pip-version-check", *words)


def python(*words: str) -> None:
    """Run our own interpreter; `NotInstalled` carries what it said when it failed."""
    finished = subprocess.run([sys.executable, *words], capture_output=True, text=True, check=False)
    if finished.returncode != 0:
        raise NotInstalled(finished.stderr.strip() or f"{words[1]} failed")
