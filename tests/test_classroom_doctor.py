"""`minishell-class doctor`: what is there is tried, what is missing is explained."""

import json
import os
import subprocess
from pathlib import Path

import pytest

from minishell.classroom import doctor
from minishell.classroom.command import lines, main
from minishell.classroom.doctor import Ability, Absent, Finding, cgroups, finding

NAMES = ["observe", "choose pids", "user namespace", "bubblewrap", "cgroup limits", "other user", "strace"]


def test_every_ability_is_tried_and_reported(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["doctor", "--json"]) == 0
    report = json.loads(capsys.readouterr().out)
    assert [entry["name"] for entry in report] == NAMES
    assert all(entry["detail"] and entry["without"] for entry in report)


def test_what_works_takes_one_line() -> None:
    assert lines(Finding("strace", True, "version 6.1", "no witness")) == ["yes  strace          version 6.1"]


def test_what_is_missing_says_what_that_means() -> None:
    assert lines(Finding("strace", False, "strace is not installed", "there is no witness")) == [
        "no   strace          strace is not installed",
        "                     so there is no witness",
    ]


def test_a_missing_program_is_absent(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    for attempt in (doctor.strace, doctor.bubblewrap, doctor.user_namespace):
        found = finding(Ability("x", attempt, "y"))
        assert (found.works, found.detail.endswith(" is not installed")) == (False, True)


def test_a_program_that_refuses_is_absent_with_its_own_words(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    program = tmp_path / "bwrap"
    program.write_text("#!/bin/sh\necho 'no permission to make a namespace' >&2\nexit 1\n")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(Absent, match="bwrap failed: no permission to make a namespace"):
        doctor.bubblewrap()


def test_a_program_that_hangs_is_absent(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    fifo = tmp_path / "fifo"
    os.mkfifo(fifo)
    monkeypatch.setattr(doctor, "TRY_S", 0.2)
    with pytest.raises(Absent, match=r"cat did not answer within 0\.2 s"):
        doctor.attempt(["cat", str(fifo)])


def test_cgroups_are_found_in_the_list_of_mounts() -> None:
    assert cgroups("cgroup2 /sys/fs/cgroup cgroup2 rw,nosuid 0 0\n") == [("v2", Path("/sys/fs/cgroup"))]
    assert cgroups(
        "tmpfs /sys/fs/cgroup tmpfs rw 0 0\n"
        "cgroup /cg/memory cgroup rw,memory 0 0\n"
        "cgroup /cg/pids cgroup rw,pids 0 0\n"
        "cgroup2 /cg/unified cgroup2 rw 0 0\n"
    ) == [("v2", Path("/cg/unified")), ("v1", Path("/cg/pids"))]
    assert cgroups("cgroup /cg/pids cgroup rw,pids 0 0\n") == []


def test_a_group_without_its_limits_does_not_count(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        doctor.try_group("v2", tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_a_group_that_can_be_made_is_removed_again(tmp_path: Path) -> None:
    assert doctor.try_group("v1", tmp_path) == f"cgroup v1 at {tmp_path}"
    assert list(tmp_path.iterdir()) == []


def test_nobody_else_without_privilege(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*words: object, **options: object) -> None:
        raise PermissionError(1, "Operation not permitted")

    monkeypatch.setattr(subprocess, "run", refuse)
    with pytest.raises(Absent, match="may not become nobody: Operation not permitted"):
        doctor.other_user()


def test_a_verb_is_asked_for(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ending:
        main([])
    assert ending.value.code == 2
    assert "VERB" in capsys.readouterr().err
