"""Logs of strace, read."""

from __future__ import annotations

from minishell.trace import strace
from minishell.trace.event import Event, Exec, Pause, Signal


def read(log: str) -> tuple[Event, ...]:
    """The events of a log, which has the process number and a time before each line."""
    lines = [f"7 {second}.000000 {line}" for second, line in enumerate(log.splitlines(), 1)]
    reader = strace.Reader(lines)
    assert reader.passed_over == []
    return reader.events


def kinds(log: str) -> list[str]:
    """The kinds of its events."""
    return [event.kind for event in read(log)]


def test_a_signal_that_reaches_a_stopped_process_comes_after_its_going_on() -> None:
    """Waiting signals are delivered in the order of their numbers, SIGUSR2 before SIGCONT: which has set it going."""
    log = """\
--- SIGSTOP {si_signo=SIGSTOP, si_code=SI_USER, si_pid=1, si_uid=0} ---
--- stopped by SIGSTOP ---
--- SIGUSR2 {si_signo=SIGUSR2, si_code=SI_USER, si_pid=1, si_uid=0} ---
--- SIGCONT {si_signo=SIGCONT, si_code=SI_USER, si_pid=1, si_uid=0} ---
+++ exited with 0 +++"""
    assert kinds(log) == ["signal", "stop", "cont", "signal", "signal", "exit"]


def test_what_strace_has_cut_off_is_marked_as_cut_off() -> None:
    log = """\
execve("/bin/echo", ["echo", "12345"..., "x", ...], 0x7ffd /* 2 vars */) = 0"""
    (event,) = read(log)
    assert isinstance(event, Exec)
    assert event.argv == ("echo", "12345…", "x", "…")


def test_a_signal_that_is_waited_for_is_taken() -> None:
    log = """\
rt_sigtimedwait([USR1 USR2],  <unfinished ...>
<... rt_sigtimedwait resumed>{si_signo=SIGUSR1, si_code=SI_USER, si_pid=9, si_uid=0}, NULL, 8) = 10 (SIGUSR1)
rt_sigtimedwait([USR1], NULL, {tv_sec=0, tv_nsec=0}, 8) = -1 EAGAIN (Resource temporarily unavailable)
rt_sigtimedwait(~[RTMIN RT_1], 0x7ffd3cd8, NULL, 8) = -1 EINTR (Interrupted system call)
rt_sigtimedwait([RT_3], {si_signo=SIGRT_3, si_code=SI_KERNEL}, NULL, 8) = 35 (SIGRT_3)"""
    call = "rt_sigtimedwait"
    assert read(log) == (
        Signal(
            time_ns=1_000_000_000,
            end_ns=2_000_000_000,
            pid=7,
            sig="SIGUSR1",
            sender=9,
            action="taken",
            call=call,
            blocked=True,
        ),
        Pause(time_ns=4_000_000_000, end_ns=4_000_000_000, pid=7, errno="EINTR", call=call),
        Signal(
            time_ns=5_000_000_000, end_ns=5_000_000_000, pid=7, sig="SIGRTMIN+1", sender=0, action="taken", call=call
        ),
    )
