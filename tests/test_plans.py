"""From a typed line to plans, and to a job: what is decided before anything happens.

The plans of a line are caught on their way to the launcher.  Pipes have the numbers 3 and up, pids 42 and up.
"""

from __future__ import annotations

import errno
import os
import signal
from typing import TYPE_CHECKING

import pytest

from minishell.builtins.registry import lookup
from minishell.errors import ShellExit
from minishell.ids import Fd, Pid
from minishell.jobs.terminal import Terminal
from minishell.run.plan import OWN_GROUP, ChildPlan, Close, Duplicate, Here, Open, Program
from minishell.run.script import run_shell, run_text
from minishell.shell import Shell
from minishell.source import Source
from tests.scripted_kernel import ScriptedKernel

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from minishell.run.launch import Body

INT, QUIT, TSTP = signal.SIGINT, signal.SIGQUIT, signal.SIGTSTP
NULL = Open(Fd(0), "/dev/null", os.O_RDONLY, None)
TERMINAL = Fd(10)
ENVIRONMENT = {"PATH": "/bin", "A": "a"}
NOTHING_NEW = (Pid(0), 0)

Planned = tuple[ChildPlan, "Body | None"]


class Line:
    """A line that was run by a shell of which nothing leaves the test."""

    def __init__(self, shell: Shell, kernel: ScriptedKernel) -> None:
        self.shell, self.kernel = shell, kernel
        self.plans: list[ChildPlan] = []
        self.bodies: list[Body | None] = []
        self.status = 0


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch) -> Callable[..., Line]:
    """Run a line; its children end with status 0 when they are waited for."""

    def run_line(text: str, options: Iterable[str] = (), *, terminal: bool = False, refuse: int = 0) -> Line:
        kernel = ScriptedKernel()
        shell = Shell(kernel, ENVIRONMENT, options=set(options))
        shell.find_builtin = lookup
        if terminal:
            shell.terminal = Terminal(kernel, TERMINAL)
        line = Line(shell, kernel)

        def launch(shell: Shell, plan: ChildPlan, body: Body | None = None) -> Pid:
            line.plans.append(plan)
            line.bodies.append(body)
            if len(line.plans) == refuse:
                kernel.answers.setdefault("waitpid", []).insert(0, NOTHING_NEW)
                raise BlockingIOError(errno.EAGAIN, "")
            pid = Pid(next(kernel.fresh_pids))
            kernel.calls.append(("launch", pid))
            if not text.endswith("&"):
                kernel.answers.setdefault("waitpid", []).append((pid, 0))
            return pid

        monkeypatch.setattr("minishell.run.pipeline.launch", launch)
        kernel.calls.clear()
        try:
            line.status = run_shell(shell, lambda: run_text(shell, Source("typed", text)))
        except ShellExit as leaving:
            line.status = leaving.status
        return line

    return run_line


def program(*words: str) -> Program:
    return Program(f"/bin/{words[0]}", words, ENVIRONMENT)


# One command


def test_a_program(run: Callable[..., Line]) -> None:
    (plan,) = run("ls -l 'a b'").plans
    assert plan.program == program("ls", "-l", "a b")
    assert (plan.group, plan.terminal, plan.actions, plan.ignored_signals) == (None, None, (), ())


def test_the_word_that_named_the_program_is_remembered(run: Callable[..., Line]) -> None:
    (plan,) = run("<f  ls").plans
    assert plan.program is not None
    assert plan.program.span is not None
    assert plan.program.span.text == "ls"


def test_its_own_assignments_are_in_its_environment_alone(run: Callable[..., Line]) -> None:
    line = run("B=1 A=2 env2; env2")
    assert [plan.program and dict(plan.program.env) for plan in line.plans] == [
        ENVIRONMENT | {"A": "2", "B": "1"},
        ENVIRONMENT,
    ]
    assert "B" not in line.shell.variables


def test_redirections_are_actions_in_their_order(run: Callable[..., Line]) -> None:
    (plan,) = run("ls >f 2>&1 <g 5<>h 4>>i 3<&- <<E 2>|f\na\nE\n").plans
    write = os.O_WRONLY | os.O_CREAT
    assert plan.actions == (
        Open(Fd(1), "f", write | os.O_TRUNC, None),
        Duplicate(Fd(1), Fd(2)),
        Open(Fd(0), "g", os.O_RDONLY, None),
        Open(Fd(5), "h", os.O_RDWR | os.O_CREAT, None),
        Open(Fd(4), "i", write | os.O_APPEND, None),
        Close(Fd(3)),
        Here(Fd(0), "a\n"),
        Open(Fd(2), "f", write | os.O_TRUNC, None),
    )


def test_noclobber_opens_only_what_is_new(run: Callable[..., Line]) -> None:
    (plan,) = run("ls >f 2>|g", {"noclobber"}).plans
    first, second = plan.actions
    assert isinstance(first, Open)
    assert isinstance(second, Open)
    assert first.flags & os.O_EXCL
    assert not second.flags & os.O_EXCL


# Signals


@pytest.mark.requirement(20)
def test_what_the_shell_and_python_have_changed_is_put_back(run: Callable[..., Line]) -> None:
    (plan,) = run("ls").plans
    assert {INT, QUIT, TSTP, signal.SIGTTIN, signal.SIGTTOU, signal.SIGCHLD, signal.SIGPIPE, signal.SIGXFSZ} <= set(
        plan.default_signals
    )


@pytest.mark.requirement(20, 21)
def test_traps_are_put_back_but_what_is_ignored_stays_so(run: Callable[..., Line]) -> None:
    *_, plan = run("trap 'echo x' USR1; trap '' USR2 INT; ls").plans
    assert signal.SIGUSR1 in plan.default_signals
    assert not {signal.SIGUSR2, INT} & set(plan.default_signals)


@pytest.mark.requirement(21)
def test_a_background_command_without_job_control_hears_no_keyboard(run: Callable[..., Line]) -> None:
    """POSIX.1-2024 XCU 2.11 and 2.9.3.1."""
    (plan,) = run("ls &").plans
    assert (plan.ignored_signals, plan.actions, plan.group) == ((INT, QUIT), (NULL,), None)


def test_a_redirection_of_input_comes_after_dev_null(run: Callable[..., Line]) -> None:
    (plan,) = run("ls <f &").plans
    assert plan.actions == (NULL, Open(Fd(0), "f", os.O_RDONLY, None))


def test_with_job_control_it_does(run: Callable[..., Line]) -> None:
    (plan,) = run("ls &", {"monitor"}).plans
    assert (plan.ignored_signals, plan.actions, plan.group) == ((), (), OWN_GROUP)


# Pipelines


def test_each_stage_is_wired_to_its_neighbours_and_closes_what_is_not_its_own(run: Callable[..., Line]) -> None:
    line = run("ls | sort | wc")
    assert [plan.program for plan in line.plans] == [program("ls"), program("sort"), program("wc")]
    assert [plan.actions for plan in line.plans] == [
        (Duplicate(Fd(4), Fd(1)), Close(Fd(3)), Close(Fd(4))),
        (Duplicate(Fd(3), Fd(0)), Duplicate(Fd(6), Fd(1)), Close(Fd(3)), Close(Fd(5)), Close(Fd(6))),
        (Duplicate(Fd(5), Fd(0)), Close(Fd(5))),
    ]


def test_redirections_come_after_the_wiring(run: Callable[..., Line]) -> None:
    """`ls 2>&1 | wc`: standard error is to go where the pipe is."""
    line = run("ls 2>&1 | wc")
    assert line.plans[0].actions[-1] == Duplicate(Fd(1), Fd(2))


def test_a_pipe_is_made_when_its_writer_is_started_and_closed_in_the_shell_when_its_reader_is(
    run: Callable[..., Line],
) -> None:
    """So the shell holds at most two pipes, however long the pipeline is."""
    line = run("ls | sort | wc")
    calls = [call for call in line.kernel.calls if call[0] in ("pipe", "launch", "close")]
    assert calls == [
        ("pipe",),
        ("launch", 42),
        ("close", 4),
        ("pipe",),
        ("launch", 43),
        ("close", 3),
        ("close", 6),
        ("launch", 44),
        ("close", 5),
    ]


def test_only_the_first_stage_of_a_background_pipeline_reads_dev_null(run: Callable[..., Line]) -> None:
    line = run("ls | wc &")
    assert [NULL in plan.actions for plan in line.plans] == [True, False]


@pytest.mark.requirement(14, 15)
def test_the_first_stage_leads_the_group_and_both_sides_say_so(run: Callable[..., Line]) -> None:
    line = run("ls | sort | wc", {"monitor"})
    assert [plan.group for plan in line.plans] == [OWN_GROUP, Pid(42), Pid(42)]
    assert [call for call in line.kernel.calls if call[0] == "setpgid"] == [
        ("setpgid", 42, 42),
        ("setpgid", 43, 42),
        ("setpgid", 44, 42),
    ]


@pytest.mark.requirement(16)
def test_nothing_is_reaped_while_stages_are_started(run: Callable[..., Line]) -> None:
    """A leader that has ended keeps its group in being: the others could not join it otherwise."""
    names = run("ls | sort | wc", {"monitor"}).kernel.names()
    last_launch = len(names) - 1 - names[::-1].index("launch")
    assert "waitpid" not in names[names.index("launch") : last_launch]


@pytest.mark.parametrize(("text", "terminals"), [("ls", [TERMINAL]), ("ls &", [None]), ("ls | wc", [None, None])])
@pytest.mark.requirement(18)
def test_a_command_in_the_foreground_takes_the_terminal_itself(
    run: Callable[..., Line], text: str, terminals: list[Fd | None]
) -> None:
    """A pipeline is given it when all stages are there: a Ctrl-Z meanwhile would miss the later ones."""
    assert [plan.terminal for plan in run(text, {"monitor"}, terminal=True).plans] == terminals


def test_what_the_shell_itself_must_do_has_a_body_and_no_program(run: Callable[..., Line]) -> None:
    line = run("echo a | (ls) | { ls; } | no=1 | cat <f")
    assert [plan.program is None for plan in line.plans] == [True, True, True, True, False]
    assert [body is None for body in line.bodies] == [False, False, False, False, True]


def test_a_substitution_is_expanded_by_the_stage_that_it_stands_in(run: Callable[..., Line]) -> None:
    """`ls | cat $(cat)`: the inner `cat` reads the pipe."""
    assert [plan.program for plan in run("ls | cat $(cat)").plans] == [program("ls"), None]


# Jobs


def test_a_background_job_is_in_the_table_and_is_not_waited_for(run: Callable[..., Line]) -> None:
    line = run("ls | wc &")
    (job,) = line.shell.jobs.jobs.values()
    assert ([process.pid for process in job.processes], job.text, line.shell.last_background) == (
        [42, 43],
        "ls | wc",
        43,
    )
    assert line.status == 0


def test_a_foreground_job_is_waited_for_and_forgotten(run: Callable[..., Line]) -> None:
    line = run("ls | wc")
    assert (line.shell.jobs.jobs, line.shell.jobs.by_pid, line.status) == ({}, {}, 0)


# Refusals


def test_a_refused_stage_takes_the_earlier_ones_with_it(run: Callable[..., Line]) -> None:
    line = run("ls | sort | wc; ls", refuse=3)
    assert line.status == 254
    assert len(line.plans) == 3
    assert [call for call in line.kernel.calls if call[0] == "kill"] == [
        ("kill", 42, signal.SIGKILL),
        ("kill", 43, signal.SIGKILL),
    ]
    opened = [call for call in line.kernel.calls if call[0] == "pipe"]
    closed = [call for call in line.kernel.calls if call[0] == "close"]
    assert len(closed) == 2 * len(opened)
    assert line.shell.jobs.by_pid == {}


def test_the_help_says_what_to_do(run: Callable[..., Line]) -> None:
    line = run("ls | wc", refuse=1)
    (said,) = [call[2] for call in line.kernel.calls if call[:2] == ("write", 2)]
    assert said == (
        b"typed:1:1: the system refuses another process\nhelp: end some first: jobs, kill, or ulimit -u\n"
    )
