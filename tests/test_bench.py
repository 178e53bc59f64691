"""The bench: what it counts as a time, whom it compares, and what it says about targets."""

from __future__ import annotations

import json
import os
import select
import shutil
import sys
import time
from functools import partial
from pathlib import Path

import pytest

from bench import lessons, prompt, watching, workloads
from bench.measure import Failed, run, run_ms
from bench.report import as_json, block, table
from bench.rounds import Arena, Measure, Result, Target, compete
from bench.shells import SUBJECT, Shell

DASH = Shell("dash", ("/bin/dash",), rb"[$#] ")
BASH = Shell("bash", ("/bin/bash", "--norc"), rb"[$#] ")
TWICE = Target(2.0, against="dash", aim=1.5)


def arena(scratch: Path, *shells: Shell) -> Arena:
    return Arena(shells, Path(sys.executable), scratch)


def measure(targets: tuple[Target, ...] = (), **numbers: list[float]) -> Measure:
    """A measure whose contestants answer with these numbers, one after the other."""
    answers = {name: iter(samples) for name, samples in numbers.items()}
    takes = {name: partial(next, answer) for name, answer in answers.items()}
    return Measure("made-up", "something made up", lambda _arena: takes, rounds=3, targets=targets)


def result(measure: Measure, **samples: list[float]) -> Result:
    return Result(measure, dict(samples))


def test_a_run_ends_with_the_status_of_the_program(tmp_path: Path) -> None:
    assert run(("/bin/sh", "-c", "exit 3"), tmp_path).status == 3
    assert run(("/bin/sh", "-c", "kill -9 $$"), tmp_path).status == -9


def test_a_run_lasts_as_long_as_the_program(tmp_path: Path) -> None:
    begin_ns = time.monotonic_ns()
    took_ms = run_ms(("/bin/sleep", ".05"), tmp_path)
    assert 50 <= took_ms <= (time.monotonic_ns() - begin_ns) / 1e6


def test_the_time_of_a_failed_run_counts_for_nothing(tmp_path: Path) -> None:
    with pytest.raises(Failed, match="status 1 from /bin/false"):
        run_ms(("/bin/false",), tmp_path)


def test_a_run_has_no_controlling_terminal(tmp_path: Path) -> None:
    assert run(("/bin/sh", "-c", ": < /dev/tty"), tmp_path).status == 2


def test_a_run_cannot_see_the_environment_of_the_bench(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHONDONTWRITEBYTECODE", "1")
    assert run(("/bin/sh", "-c", 'test -z "$PYTHONDONTWRITEBYTECODE"'), tmp_path).status == 0


def test_rounds_take_everybody_in_turn_and_then_the_other_way_round(tmp_path: Path) -> None:
    order: list[str] = []

    def answer(name: str) -> float:
        order.append(name)
        return 1.0

    takes = {name: partial(answer, name) for name in ("a", "b", "c")}
    list(compete(Measure("x", "x", lambda _arena: takes, rounds=2), arena(tmp_path), 2))
    assert order == ["a", "b", "c", "c", "b", "a", "a", "b", "c"]


def test_the_first_round_only_warms_up(tmp_path: Path) -> None:
    *_, last = compete(measure(dash=[90.0, 1.0, 2.0, 3.0]), arena(tmp_path), 3)
    assert last.samples == {"dash": [1.0, 2.0, 3.0]}


def test_a_single_round_counts(tmp_path: Path) -> None:
    *_, last = compete(measure(dash=[90.0]), arena(tmp_path), 1)
    assert last.samples == {"dash": [90.0]}


def test_a_contestant_that_fails_is_told_of_and_not_asked_again(tmp_path: Path) -> None:
    def refuse() -> float:
        raise Failed("status 2 from somewhere")

    lonely = Measure("x", "a thing", lambda _arena: {"dash": refuse}, rounds=2)
    *_, last = compete(lonely, arena(tmp_path), 2)
    assert block(last) == "a thing\n    dash       -  status 2 from somewhere"


def test_a_slow_contestant_is_not_asked_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bench.rounds.PATIENCE_S", 1e-9)
    *_, last = compete(measure(dash=[7.0]), arena(tmp_path), 3)
    assert last.samples == {"dash": [7.0]}


def test_a_target_is_reached_at_its_value() -> None:
    said = block(result(measure((TWICE,)), minishell=[3.0, 4.0, 9.0], dash=[1.0, 2.0, 8.0]))
    assert said.splitlines()[1:] == [
        "    minishell       4.00 ms",
        "    dash            2.00 ms   minishell takes 2.00 × that",
        "    target ≤ 2 × dash: reached with 2.00 (aim 1.5 not yet)",
    ]


def test_a_target_is_missed_above_it() -> None:
    said = block(result(measure((TWICE,)), minishell=[4.1], dash=[2.0]))
    assert "target ≤ 2 × dash: MISSED with 2.05" in said


def test_a_target_against_nobody_is_a_plain_limit() -> None:
    said = block(result(measure((Target(5.0),)), minishell=[4.0]))
    assert "target ≤ 5 ms: reached with 4.00" in said


def test_a_target_without_its_witness_is_not_measured() -> None:
    assert "target ≤ 2 × dash: not measured" in block(result(measure((TWICE,)), minishell=[4.0]))


def test_the_page_gets_one_row_for_each_measure() -> None:
    made = table([result(measure((TWICE,)), minishell=[4.0], dash=[2.0])])
    assert made.splitlines()[1:] == [
        "",
        ".. list-table::",
        "   :header-rows: 1",
        "",
        "   * - measure",
        "     - minishell",
        "     - dash",
        "     - target",
        "   * - something made up",
        "     - 4.00 ms",
        "     - 2.00 ms (2.00 ×)",
        "     - ≤ 2 × dash: reached with 2.00 (aim 1.5 not yet)",
    ]


def test_json_keeps_every_sample() -> None:
    kept = json.loads(as_json([result(measure((TWICE,)), minishell=[4.0, 5.0], dash=[2.0])]))
    assert kept["measures"][0]["samples"] == {"minishell": [4.0, 5.0], "dash": [2.0]}
    assert kept["measures"][0]["targets"] == [{"at_most": 2.0, "against": "dash", "measured": 2.25}]


@pytest.mark.parametrize("workload", workloads.MEASURES, ids=lambda workload: str(workload.name))
def test_every_workload_runs_in_dash(workload: Measure, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workloads, "JOBS", 20)
    monkeypatch.setattr(workloads, "COMMANDS", 20)
    *_, last = compete(workload, arena(tmp_path, DASH), 1)
    assert last.failures == {}
    assert len(last.samples["dash"]) == 1


@pytest.mark.skipif(shutil.which("strace") is None, reason="there is no strace to compare with")
@pytest.mark.parametrize("question", watching.MEASURES, ids=lambda question: str(question.name))
def test_what_is_watched_runs(question: Measure, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(watching, "TRACES", 1)
    monkeypatch.setattr(watching, "CALLS", 10)
    monkeypatch.setattr(watching, "EVENTS", 1000)
    ours = Shell(SUBJECT, (str(Path(sys.executable).parent / "minishell"),), rb"[$#] ")
    *_, last = compete(question, arena(tmp_path, ours, DASH), 1)
    assert last.failures == {}
    assert all(samples[0] > 0 for samples in last.samples.values())


@pytest.mark.parametrize("question", prompt.MEASURES, ids=lambda question: str(question.name))
def test_every_question_at_the_prompt_is_answered_by_bash(question: Measure, tmp_path: Path) -> None:
    *_, last = compete(question, arena(tmp_path, BASH), 1)
    assert last.failures == {}
    assert last.samples["bash"][0] > 0


@pytest.mark.parametrize("question", lessons.MEASURES, ids=lambda question: str(question.name))
def test_building_lessons_is_measured(question: Measure, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "ours/01-fork"
    folder.mkdir(parents=True)
    (folder / "one.py").write_text("print(1)\n")
    (folder / "index.rst").write_text(
        "One\n===\n\n.. {{{cog\n.. cog.out(run_script(cog.inFile, 'one.py'))\n.. }}}\n.. {{{end}}}\n"
    )
    monkeypatch.setattr(lessons, "LESSONS", tmp_path / "ours")
    *_, last = compete(question, arena(tmp_path, DASH), 1)
    assert last.failures == {}
    assert all(samples[0] > 0 for samples in last.samples.values())


def test_the_editor_is_ready_when_a_line_edited_with_it_has_run(tmp_path: Path) -> None:
    """A shell that takes Ctrl-A for a character never gets there."""
    blunt = Shell("bash", ("/bin/bash", "--norc", "--noediting"), rb"[$#] ")
    with prompt.session(blunt, tmp_path) as terminal:
        terminal.until(blunt.prompt)
        terminal.type(prompt.EDITED_LINE)
        terminal.until(rb"not found[\s\S]*[$#] ")
        terminal.type(b"exit\r")
        with pytest.raises(Failed, match="the shell is gone"):
            terminal.until(prompt.ITS_OUTPUT)


def test_a_session_leaves_no_process_behind(tmp_path: Path) -> None:
    with prompt.session(BASH, tmp_path) as terminal:
        terminal.until(BASH.prompt)
        terminal.type(b"sleep 1000 & expr 1200 + 34\r")
        terminal.until(prompt.ITS_OUTPUT + rb"[\s\S]*" + BASH.prompt)
        (job,) = prompt.children(terminal.pid)
        over = os.pidfd_open(job)
    assert not os.path.exists(f"/proc/{terminal.pid}")
    assert select.select([over], [], [], 60)[0] == [over]
    os.close(over)


def test_peak_memory_is_the_shells_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workloads, "JOBS", 5)
    assert 0.2 < workloads.peak_mib(DASH, tmp_path, 1) < 5  # this very process holds far more
