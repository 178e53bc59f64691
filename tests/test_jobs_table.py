"""The job table: numbers, the current job, names of jobs, what is told, what is remembered."""

from __future__ import annotations

import os
import signal
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from minishell.errors import BuiltinProblem
from minishell.ids import Pid
from minishell.jobs.job import Job, words_for
from minishell.jobs.table import REMEMBERED, Table
from minishell.jobs.waiting import continue_job, send, wait_for
from minishell.kernel.status import RUNNING, Exited, Killed, Stopped
from minishell.source import Field, Source
from minishell.syntax.parser import Parser
from minishell.syntax.tree import Background
from tests.scripted_kernel import ScriptedKernel

if TYPE_CHECKING:
    from minishell.kernel.status import State
    from minishell.syntax.tree import Command

TSTP, TTIN = signal.SIGTSTP, signal.SIGTTIN
CONTINUED = 0xFFFF


def exited(status: int) -> int:
    """The word that waitpid gives: wait(2), as Linux packs it."""
    return status << 8


def killed(signum: int, *, core: bool = False) -> int:
    return signum | (0x80 if core else 0)


def stopped(signum: int) -> int:
    return signum << 8 | 0x7F


def parsed(line: str) -> Command:
    command = Parser(Source("typed", line)).next()
    assert not isinstance(command, Background)
    return command  # type: ignore[return-value]


def start(table: Table, line: str, *pids: int, numbered: bool = True) -> Job:
    """A job that has just been started in the background, or in the foreground if it gets no number."""
    job = Job(parsed(line), Pid(pids[0]))
    for pid in pids:
        table.track(job, Pid(pid))
    if numbered:
        table.give_number(job)
    return job


def marks(table: Table) -> str:
    """The marks of all jobs, in the order of their numbers."""
    return "".join(table.mark(job) for job in table.by_number())


# States


@pytest.mark.parametrize(
    ("word", "state", "status", "words"),
    [
        (exited(0), Exited(0), 0, "Done"),
        (exited(3), Exited(3), 3, "Done(3)"),
        (exited(255), Exited(255), 255, "Done(255)"),
        (killed(signal.SIGTERM), Killed(15, False), 143, "Terminated"),
        (killed(signal.SIGSEGV, core=True), Killed(11, True), 139, "Segmentation fault (core dumped)"),
        (
            killed(signal.SIGRTMIN + 3),
            Killed(signal.SIGRTMIN + 3, False),
            128 + signal.SIGRTMIN + 3,
            "Real-time signal 3",
        ),
        (stopped(TSTP), Stopped(20), 148, "Stopped"),
        (stopped(signal.SIGSTOP), Stopped(19), 147, "Stopped (SIGSTOP)"),
        (stopped(TTIN), Stopped(21), 149, "Stopped (SIGTTIN)"),
        (stopped(signal.SIGTTOU), Stopped(22), 150, "Stopped (SIGTTOU)"),
    ],
)
def test_each_answer_of_waitpid_has_a_state_a_status_and_words(
    word: int, state: State, status: int, words: str
) -> None:
    table = Table()
    job = start(table, "a", 42)
    table.changed(Pid(42), word)
    assert (job.state, job.status(), words_for(job.state)) == (state, status, words)


def test_a_continued_job_runs_again() -> None:
    table = Table()
    job = start(table, "a", 42)
    table.changed(Pid(42), stopped(TSTP))
    table.changed(Pid(42), CONTINUED)
    assert job.state == RUNNING


def test_a_pipeline_runs_while_any_process_does_and_is_stopped_if_none_does_and_one_is() -> None:
    table = Table()
    job = start(table, "a | b | c", 1, 2, 3)
    states = []
    for pid, word in [
        (3, exited(0)),
        (1, stopped(TSTP)),
        (2, stopped(TTIN)),
        (1, killed(9)),
        (2, CONTINUED),
        (2, exited(5)),
    ]:
        table.changed(Pid(pid), word)
        states.append(job.state)
    assert states == [RUNNING, RUNNING, Stopped(TTIN), Stopped(TTIN), RUNNING, Exited(0)]
    assert job.status() == 0
    job.pipefail = True
    assert job.status() == 5


def test_pipefail_takes_the_last_failure() -> None:
    table = Table()
    job = start(table, "a | b | c", 1, 2, 3)
    for pid, word in [(1, exited(4)), (2, killed(13)), (3, exited(0))]:
        table.changed(Pid(pid), word)
    job.pipefail = True
    assert job.status() == 141


# Numbers


def test_the_lowest_free_number_is_given() -> None:
    table = Table()
    jobs = [start(table, "a", pid) for pid in (1, 2, 3)]
    assert [job.number for job in jobs] == [1, 2, 3]
    table.forget(jobs[0])
    table.forget(jobs[1])
    assert [start(table, "b", pid).number for pid in (4, 5, 6)] == [1, 2, 4]


def test_a_job_in_the_foreground_has_no_number_and_cannot_be_asked_for() -> None:
    table = Table()
    start(table, "a", 1, numbered=False)
    assert table.jobs == {}
    with pytest.raises(BuiltinProblem, match="there is no current job"):
        table.find(Field("%%"))


def test_a_job_keeps_its_number_when_it_is_stopped_again() -> None:
    table = Table()
    first, second = start(table, "a", 1), start(table, "b", 2)
    table.give_number(first)
    assert (first.number, second.number) == (1, 2)
    assert table.find(Field("%+")) is first


# The current job and the previous one


def test_the_job_started_last_is_current() -> None:
    table = Table()
    for pid in (1, 2, 3):
        start(table, "a", pid)
    assert marks(table) == " -+"


def test_stopped_jobs_go_before_running_ones() -> None:
    """POSIX.1-2024 XBD 3.182: if any job is stopped, the current job is a stopped one."""
    table = Table()
    jobs = [start(table, "a", pid) for pid in (1, 2, 3, 4)]
    seen = []
    for pid in (2, 1):
        table.changed(Pid(pid), stopped(TSTP))
        seen.append(marks(table))
    continue_job(ScriptedKernel(), jobs[0])
    seen.append(marks(table))
    assert seen == [" + -", "+-  ", "-+  "]


def test_without_the_current_job_the_previous_one_is_current() -> None:
    table = Table()
    jobs = [start(table, "a", pid) for pid in (1, 2, 3)]
    table.forget(jobs[2])
    assert marks(table) == "-+"
    table.forget(jobs[0])
    assert marks(table) == "+"


@pytest.mark.parametrize("spec", ["%", "%%", "%+"])
def test_the_current_job_has_three_names(spec: str) -> None:
    table = Table()
    start(table, "a", 1)
    second = start(table, "b", 2)
    assert table.find(Field(spec)) is second


def test_the_previous_job_is_the_current_one_if_it_is_alone() -> None:
    table = Table()
    first = start(table, "a", 1)
    assert table.find(Field("%-")) is first
    start(table, "b", 2)
    assert table.find(Field("%-")) is first


# Names


def test_a_job_is_found_by_number_beginning_or_part() -> None:
    table = Table()
    sleep, pipeline = start(table, "sleep 10", 1), start(table, "ls -l | sort -r", 2, 3)
    found = {
        spec: table.find(Field(spec)) for spec in ("%1", "%2", "%01", "%sl", "%ls", "%?10", "%?| sort", "%sleep 10")
    }
    assert found == {
        **dict.fromkeys(["%1", "%01", "%sl", "%?10", "%sleep 10"], sleep),
        **dict.fromkeys(["%2", "%ls", "%?| sort"], pipeline),
    }


@pytest.mark.parametrize(
    ("spec", "problem"),
    [
        ("%3", "no such job"),
        ("%0", "no such job"),
        ("%-1", "no such job"),
        ("%²", "no such job"),
        ("%" + "9" * 30, "no such job"),
        ("%" + "9" * 5000, "no such job"),
        ("%no", "no such job"),
        ("%?no", "no such job"),
        ("%sleep", "more than one job is called so"),
        ("%?1", "more than one job is called so"),
        ("%?", "more than one job is called so"),
    ],
)
def test_what_no_job_or_more_than_one_is_called_is_refused(spec: str, problem: str) -> None:
    table = Table()
    start(table, "sleep 10", 1)
    start(table, "sleep 11", 2)
    with pytest.raises(BuiltinProblem) as refusal:
        table.find(Field(spec))
    assert refusal.value.message == problem


# What is told


def test_the_end_of_a_job_is_told_once_and_then_forgotten() -> None:
    table = Table()
    start(table, "a | b", 1, 2)
    table.changed(Pid(2), exited(3))
    assert table.notices() == []
    table.changed(Pid(1), exited(0))
    assert table.notices() == ["[1]+  Done(3)                 a | b"]
    assert table.notices() == []
    assert (table.jobs, table.by_pid, table.recent, table.news) == ({}, {}, [], [])


def test_a_stop_is_told_each_time_and_the_job_is_kept() -> None:
    table = Table()
    job = start(table, "a", 1)
    told = []
    for word in (stopped(TSTP), CONTINUED, stopped(TTIN), stopped(TTIN)):
        table.changed(Pid(1), word)
        told.append(table.notices())
    assert told == [["[1]+  Stopped                 a"], [], ["[1]+  Stopped (SIGTTIN)       a"], []]
    assert table.find(Field("%1")) is job


def test_a_stop_that_was_over_before_anybody_looked_is_not_told() -> None:
    table = Table()
    start(table, "a", 1)
    for word in (stopped(TSTP), CONTINUED):
        table.changed(Pid(1), word)
    assert table.notices() == []


def test_notices_come_in_the_order_of_numbers() -> None:
    table = Table()
    for pid in (1, 2, 3):
        start(table, "a", pid)
    for pid in (3, 1, 2):
        table.changed(Pid(pid), exited(pid))
    assert [line[:3] for line in table.notices()] == ["[1]", "[2]", "[3]"]


def test_what_had_ended_before_it_got_a_number_is_told_too() -> None:
    table = Table()
    job = start(table, "a", 1, numbered=False)
    table.changed(Pid(1), exited(2))
    table.give_number(job)
    assert table.notices() == ["[1]+  Done(2)                 a"]


def test_a_running_job_is_shown_with_an_ampersand() -> None:
    table = Table()
    assert table.line(start(table, "sleep 1", 1)) == "[1]+  Running                 sleep 1 &"


def test_a_script_is_told_nothing() -> None:
    table = Table()
    start(table, "a", 1)
    table.changed(Pid(1), exited(2))
    table.make_room()
    assert table.notices() == []
    assert table.find(Field("%1")).status() == 2


def test_a_script_need_not_ask_for_its_jobs() -> None:
    """Those that have ended make room for others, and are remembered by their pids."""
    table = Table()
    running = start(table, "a", 1)
    for pid in range(2, REMEMBERED + 2):
        start(table, "b", pid)
        table.changed(Pid(pid), exited(2))
        table.make_room()
    assert [*table.jobs.values()] == [running]
    assert table.remembered[Pid(REMEMBERED + 1)] == 2


def test_what_has_been_waited_for_is_not_remembered() -> None:
    table = Table()
    start(table, "a", 1)
    table.changed(Pid(1), exited(2))
    table.waited_for_all()
    assert table.notices() == ["[1]+  Done(2)                 a"]
    assert table.remembered == {}


def test_a_copy_of_the_shell_lists_its_jobs_until_it_has_its_own() -> None:
    table = Table()
    start(table, "a", 1)
    table.inherit()
    assert [job.text for job in table.by_number()] == ["a"]
    own = start(table, "b", 2)
    assert ([*table.jobs.values()], own.number) == ([own], 1)


@pytest.mark.requirement(36)
def test_the_end_of_an_unknown_child_is_remembered_until_its_number_is_given_again() -> None:
    table = Table()
    table.changed(Pid(7), stopped(TSTP))
    table.changed(Pid(7), exited(3))
    assert table.remembered == {7: 3}
    assert (start(table, "a", 7).state, table.remembered) == (RUNNING, {})


def test_a_disowned_job_is_forgotten_but_still_reaped() -> None:
    table = Table()
    job = start(table, "a", 1)
    job.disowned = True
    table.forget(job)
    assert (table.jobs, table.by_number()) == ({}, [])
    table.poll(ScriptedKernel(waitpid=[(Pid(1), exited(0)), (Pid(0), 0)]))
    assert (table.by_pid, table.notices()) == ({}, [])


# What is remembered


def test_the_status_of_each_process_of_an_ended_job_is_remembered() -> None:
    table = Table()
    start(table, "a | b", 1, 2)
    table.changed(Pid(1), exited(3))
    table.changed(Pid(2), killed(15))
    table.notices()
    assert table.remembered == {1: 3, 2: 143}


def test_only_so_many_are_remembered_the_oldest_go_first() -> None:
    table = Table()
    for pid in range(1, REMEMBERED + 11):
        start(table, "a", pid)
        table.changed(Pid(pid), exited(0))
        table.notices()
    assert len(table.remembered) == REMEMBERED
    assert min(table.remembered) == 11


def test_a_new_process_with_an_old_number_is_not_the_old_one() -> None:
    table = Table()
    start(table, "old", 7)
    table.changed(Pid(7), exited(1))
    table.notices()
    new = start(table, "new", 7)
    assert table.remembered == {}
    assert table.line(new) == "[1]+  Running                 new &"
    table.changed(Pid(7), exited(2))
    assert new.state == Exited(2)


def test_forgetting_an_ended_job_leaves_a_new_process_with_its_number_alone() -> None:
    """The old job has ended, but nobody has been told yet, when the system gives its number away again."""
    table = Table()
    old = start(table, "old", 7)
    table.changed(Pid(7), exited(1))
    new = start(table, "new", 7)
    assert table.notices() == ["[1]-  Done(1)                 old"]
    table.changed(Pid(7), exited(2))
    assert (old.state, new.state) == (Exited(1), Exited(2))


@pytest.mark.requirement(36)
def test_somebody_elses_child_changes_no_job() -> None:
    """Whoever exec'd this shell may have left it children."""
    table = Table()
    job = start(table, "a", 1)
    table.changed(Pid(99), exited(3))
    assert (job.state, table.news) == (RUNNING, [])


# Asking waitpid


def test_all_that_has_happened_is_asked_for_because_sigchlds_merge() -> None:
    table = Table()
    jobs = [start(table, "a", pid) for pid in (1, 2, 3)]
    kernel = ScriptedKernel(waitpid=[(Pid(3), exited(0)), (Pid(1), stopped(TSTP)), (Pid(0), 0)])
    assert table.poll(kernel)
    assert [job.state for job in jobs] == [Stopped(TSTP), RUNNING, Exited(0)]
    assert kernel.calls == [("waitpid", -1, os.WNOHANG | os.WUNTRACED | os.WCONTINUED)] * 3
    assert not table.poll(ScriptedKernel(waitpid=[(Pid(0), 0)]))


def test_waiting_ends_with_the_last_process_of_the_job_and_enters_what_others_did() -> None:
    table = Table()
    other = start(table, "other", 9)
    job = start(table, "a | b", 1, 2, numbered=False)
    kernel = ScriptedKernel(waitpid=[(Pid(2), exited(0)), (Pid(9), exited(4)), (Pid(1), exited(1)), (Pid(0), 0)])
    wait_for(kernel, table, job)
    assert (job.ended, other.state) == (True, Exited(4))
    assert len(kernel.calls) == 3


@pytest.mark.parametrize(("stops", "calls"), [(True, 1), (False, 2)])
def test_only_job_control_stops_waiting_for_a_job_that_has_stopped(stops: bool, calls: int) -> None:
    table = Table()
    job = start(table, "a", 1, numbered=False)
    kernel = ScriptedKernel(waitpid=[(Pid(1), stopped(TSTP)), (Pid(1), exited(0))])
    wait_for(kernel, table, job, stops=stops)
    assert len(kernel.calls) == calls


def test_waiting_ends_when_somebody_else_has_reaped_the_child() -> None:
    table = Table()
    wait_for(ScriptedKernel(), table, start(table, "a", 1, numbered=False))


# Signals


def test_a_job_is_signalled_as_a_group() -> None:
    kernel, table = ScriptedKernel(), Table()
    send(kernel, start(table, "a | b", 1, 2), signal.SIGTERM)
    assert kernel.calls == [("kill", -1, signal.SIGTERM)]


def test_a_job_without_a_group_process_by_process_but_not_those_that_have_ended() -> None:
    kernel, table = ScriptedKernel(), Table()
    job = start(table, "a | b | c", 1, 2, 3)
    job.group = None
    table.changed(Pid(2), exited(0))
    send(kernel, job, signal.SIGTERM)
    assert kernel.calls == [("kill", 1, signal.SIGTERM), ("kill", 3, signal.SIGTERM)]


def test_a_job_that_has_ended_is_not_signalled_its_number_may_be_anybodys_now() -> None:
    kernel, table = ScriptedKernel(), Table()
    job = start(table, "a", 1)
    table.changed(Pid(1), exited(0))
    send(kernel, job, signal.SIGTERM)
    assert kernel.calls == []


def test_a_job_may_end_in_the_moment_it_is_signalled() -> None:
    kernel, table = ScriptedKernel(kill=[ProcessLookupError()]), Table()
    send(kernel, start(table, "a", 1), signal.SIGTERM)
    assert kernel.names() == ["kill"]


# Whatever happens


events = st.lists(
    st.tuples(st.integers(1, 6), st.sampled_from(["start", "end", "stop", "continue", "tell", "forget", "give"])),
    max_size=60,
)


@given(events)
def test_whatever_happens_the_table_is_true(happened: list[tuple[int, str]]) -> None:
    """Pids 1 to 6 are started, change and are given away again, as the system does it: not while they live."""
    table, alive = Table(), dict[int, Job]()
    for pid, event in happened:
        if event == "start" and pid not in alive:
            alive[pid] = start(table, f"job {pid}", pid)
        elif event == "tell":
            table.notices()
        elif pid in alive and event == "forget":
            alive[pid].disowned = True
            if alive[pid].number is not None:
                table.forget(alive[pid])
        elif pid in alive and event == "give" and alive[pid].number is not None:
            table.give_number(alive[pid])
        elif pid in alive and event in ("end", "stop", "continue"):
            table.changed(Pid(pid), {"end": exited(1), "stop": stopped(TSTP), "continue": CONTINUED}[event])
            if event == "end":
                del alive[pid]
        numbered = set(map(id, table.jobs.values()))
        assert {job.number for job in table.jobs.values()} == set(table.jobs)
        assert set(map(id, table.recent)) == numbered
        assert len(table.recent) == len(numbered)
        assert set(table.by_pid) == set(alive)
        assert all(table.by_pid[Pid(pid)][0] is job for pid, job in alive.items())
        assert marks(table).count("+") == min(len(numbered), 1)
        assert marks(table).count("-") == (len(numbered) > 1)
        if any(isinstance(job.state, Stopped) for job in table.jobs.values()):
            assert isinstance(table.find(Field("%+")).state, Stopped)
    table.notices()
    assert not [job for job in table.jobs.values() if job.ended]
