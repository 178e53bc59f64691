"""A learner's own folder: exercises that were started, how far they are, and the way back."""

from __future__ import annotations

import json
import os
import shutil
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from minishell.classroom.grading import Job, grade_one

if TYPE_CHECKING:
    from collections.abc import Iterator

    from minishell.classroom.spec import Exercise

LEARNER = "me"
BACKUP = ".bak"


@dataclass(frozen=True)
class Desk:
    """Where a learner works: `exercises/ID/FILE` below the working folder; progress is kept in XDG_STATE_HOME."""

    folder: Path
    state: Path

    def file(self, exercise: Exercise) -> Path:
        """The learner's own file."""
        return self.folder / exercise.id / exercise.file

    def start(self, exercise: Exercise) -> bool:
        """Put the starter there, unless there is something already.  Whether it was put there."""
        target = self.file(exercise)
        if target.exists():
            return False
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(exercise.starter, target)
        return True

    def reset(self, exercise: Exercise) -> Path:
        """Put the starter there again; the former file is kept beside it."""
        target = self.file(exercise)
        backup = target.with_name(f"{target.name}{BACKUP}")
        if target.exists():
            target.replace(backup)
        self.start(exercise)
        return backup

    def check(self, exercise: Exercise, *, unsafe: bool = False) -> dict[str, Any]:
        """Grade the learner's file, and remember the verdict."""
        file = self.file(exercise)
        content = file.read_bytes() if file.exists() else None
        result = grade_one(Job(LEARNER, exercise, content, "", f"there is no {file}", unsafe=unsafe))
        self.remember(exercise, verdict=result["verdict"])
        return result

    def progress(self) -> dict[str, dict[str, Any]]:
        """What is known of each exercise."""
        try:
            known: dict[str, dict[str, Any]] = json.loads(self.state.read_text())
        except (OSError, ValueError):
            return {}
        return known

    def remember(self, exercise: Exercise, **facts: Any) -> None:
        """Write down something about an exercise: all of the file, or nothing of it."""
        known = self.progress()
        known[exercise.id] = known.get(exercise.id, {}) | facts
        self.state.parent.mkdir(parents=True, exist_ok=True)
        partial = self.state.with_name(f"{self.state.name}.new")
        partial.write_text(json.dumps(known, indent=2, sort_keys=True) + "\n")
        partial.replace(self.state)

    def next_hint(self, exercise: Exercise) -> int:
        """How many hints have been shown, this one counted."""
        shown = min(int(self.progress().get(exercise.id, {}).get("hints", 0)) + 1, len(exercise.hints))
        self.remember(exercise, hints=shown)
        return shown

    def saves(self, exercise: Exercise, *, every_s: float = 0.5) -> Iterator[None]:
        """Each time that the file has changed.  Polled: works on network disks, and when editors replace files."""
        before: bytes | None = None
        while True:
            try:
                now = self.file(exercise).read_bytes()
            except FileNotFoundError:  # it is just being replaced
                pass
            else:
                if now != before:
                    before = now
                    yield
            time.sleep(every_s)


def desk(folder: Path) -> Desk:
    """The desk in a folder, with the learner's own progress."""
    home = os.environ.get("XDG_STATE_HOME") or os.path.expanduser("~/.local/state")
    return Desk(folder, Path(home, "minishell", "exercises.json"))
