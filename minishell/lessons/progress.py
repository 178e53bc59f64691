"""How far a reader has come: which lessons were read to the end, which cells were run and gave what is recorded.

Kept in the user's state directory (XDG Base Directory Specification), one file for all folders of lessons.
"""

import json
import os
from dataclasses import dataclass, field
from pathlib import Path


@dataclass
class Progress:
    """What was done in one lesson."""

    read: bool = False
    cells: list[int] = field(default_factory=list)


def place() -> Path:
    """The file; a relative XDG_STATE_HOME counts as none, as the specification has it."""
    state = os.environ.get("XDG_STATE_HOME", "")
    return Path(state if state.startswith("/") else Path.home() / ".local/state", "minishell/lessons.json")


def load() -> dict[str, Progress]:
    """What is known of each lesson, by the name of its folder.  A file that makes no sense counts as none."""
    try:
        found = json.loads(place().read_text())
        return {
            str(name): Progress(bool(done["read"]), sorted(map(int, done["cells"]))) for name, done in found.items()
        }
    except (OSError, ValueError, TypeError, KeyError, AttributeError):
        return {}


def note(lesson: str, *, read: bool = False, cell: int | None = None) -> None:
    """Remember that a lesson was read, or a cell run.  A full disk keeps nobody from reading on."""
    known = load()
    done = known.setdefault(lesson, Progress())
    done.read = done.read or read
    if cell is not None and cell not in done.cells:
        done.cells = sorted([*done.cells, cell])
    file = place()
    try:
        file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        draft = file.with_name(f"{file.name}.{os.getpid()}")
        draft.write_text(json.dumps({name: vars(progress) for name, progress in known.items()}, indent=1) + "\n")
        draft.replace(file)
    except OSError:
        return
