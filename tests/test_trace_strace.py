"""Logs of strace, read."""

from __future__ import annotations

from minishell.trace import strace


def kinds(log: str) -> list[str]:
    """The kinds of the events of a log, which has the process number and a time before each line."""
    lines = [f"7 {second}.000000 {line}" for second, line in enumerate(log.splitlines(), 1)]
    reader = strace.Reader(lines)
    assert reader.passed_over == []
    return [event.kind for event in reader.events]


def test_a_signal_that_reaches_a_stopped_process_comes_after_its_going_on() -> None:
    """Waiting signals are delivered in the order of their numbers, SIGUSR2 before SIGCONT: which has set it going."""
    log = """\
--- SIGSTOP {si_signo=SIGSTOP, si_code=SI_USER, si_pid=1, si_uid=0} ---
--- stopped by SIGSTOP ---
--- SIGUSR2 {si_signo=SIGUSR2, si_code=SI_USER, si_pid=1, si_uid=0} ---
--- SIGCONT {si_signo=SIGCONT, si_code=SI_USER, si_pid=1, si_uid=0} ---
+++ exited with 0 +++"""
    assert kinds(log) == ["signal", "stop", "cont", "signal", "signal", "exit"]
