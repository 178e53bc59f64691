"""The World, from events written by hand; tests/truth/test_world.py compares it with /proc."""

from __future__ import annotations

import os
import signal

from minishell.trace.event import (
    Begin,
    Cloexec,
    Close,
    Dup,
    Event,
    Exec,
    Exit,
    Fork,
    Inherit,
    Open,
    Pipe,
    Read,
    SigAction,
    Signal,
    Wait,
    Write,
)
from minishell.trace.process import Descriptor
from minishell.trace.snapshot import snapshot
from minishell.trace.world import World

A, B, C = 1, 2, 3


def after(*events: Event) -> World:
    world = World()
    for event in events:
        world.apply(event)
    return world


def pipe(pid: int = A) -> Pipe:
    return Pipe(pid=pid, read=3, write=4, object="pipe 1", cloexec=True)


def test_who_holds_which_end() -> None:
    world = after(pipe(), Fork(pid=A, child=B), Dup(pid=B, old=4, new=1), Close(pid=A, fd=3))
    assert world.holders("pipe 1", "read") == [(B, 3)]
    assert world.holders("pipe 1", "write") == [(A, 4), (B, 4), (B, 1)]


def test_one_who_opened_a_pipe_for_both_holds_both_ends() -> None:
    world = after(pipe(), Open(pid=A, path="/dev/fd/3", fd=5, mode="read-write", object="pipe 1"), Close(pid=A, fd=3))
    assert world.holders("pipe 1", "read") == [(A, 5)]
    assert world.holders("pipe 1", "write") == [(A, 4), (A, 5)]


def test_the_last_write_end_is_told_once() -> None:
    world = after(pipe(), Fork(pid=A, child=B))
    assert world.apply(Close(pid=A, fd=4)) == []
    assert world.apply(Exec(pid=B, path="/bin/ls")) == ["pipe 1"]
    assert world.apply(Exit(pid=B, code=0)) == []


def test_bytes_wait_in_a_pipe_until_they_are_read_or_nobody_can() -> None:
    written = [pipe(), Write(pid=A, fd=4, object="pipe 1", count=10), Read(pid=A, fd=3, object="pipe 1", count=4)]
    assert after(*written).pipes == {"pipe 1": 6}
    assert after(*written, Close(pid=A, fd=3, last=4)).pipes == {}


def test_what_was_there_before_is_known() -> None:
    world = after(
        Begin(pid=A, ppid=9, pgid=7, sid=5, foreground=6, argv=("sh",), cwd="/", umask=0o22, handled=("SIGINT",)),
        Inherit(pid=A, fd=0, object="pipe from outside 1", count=3),
    )
    shell = world.processes[A]
    assert (shell.ppid, shell.pgid, shell.sid, shell.cwd, shell.umask) == (9, 7, 5, "/", 0o22)
    assert (world.foreground, world.pipes) == ({5: 6}, {"pipe from outside 1": 3})
    assert shell.dispositions["SIGINT"].action == "handled"


def test_two_processes_with_one_descriptor_table() -> None:
    world = after(pipe(), Fork(pid=A, child=B, flags="files"), Close(pid=B, fd=4))
    assert list(world.table(A)) == [3]
    assert world.apply(Exit(pid=B, code=0)) == []
    assert list(world.table(A)) == [3]


def test_exec_takes_a_process_out_of_a_shared_table() -> None:
    world = after(pipe(), Fork(pid=A, child=B, flags="files"), Exec(pid=B, path="/bin/ls"))
    assert (list(world.table(A)), list(world.table(B))) == ([3, 4], [])
    assert world.holders("pipe 1", "write") == [(A, 4)]


def test_a_handler_that_runs_once_is_still_there_after_its_signal_was_taken() -> None:
    chosen = SigAction(pid=A, sig="SIGUSR1", action="handled", flags="resethand")
    assert list(after(chosen, Signal(pid=A, sig="SIGUSR1", action="taken")).processes[A].dispositions) == ["SIGUSR1"]
    assert list(after(chosen, Signal(pid=A, sig="SIGUSR1", action="handled")).processes[A].dispositions) == []


def test_exec_forgets_handlers_but_not_what_is_ignored() -> None:
    chosen = [
        SigAction(pid=A, sig=sig, action=action) for sig, action in (("SIGINT", "ignored"), ("SIGHUP", "handled"))
    ]
    assert list(after(*chosen, Exec(pid=A, path="/bin/ls")).processes[A].dispositions) == ["SIGINT"]
    child = Fork(pid=A, child=B, flags="clear_sighand")
    assert list(after(*chosen, child).processes[B].dispositions) == ["SIGINT"]


def test_a_zombie_stays_until_it_is_waited_for() -> None:
    ended = [Fork(pid=A, child=B), Exit(pid=B, code=0)]
    assert after(*ended).processes[B].state == "zombie"
    assert after(*ended, Wait(pid=A, target=B, child=B, status=0, flags="nowait")).processes[B].state == "zombie"
    assert list(after(*ended, Wait(pid=A, target=-1, child=B, status=0)).processes) == [A]


def test_who_ignores_sigchld_has_no_zombies() -> None:
    for choice in (
        SigAction(pid=A, sig="SIGCHLD", action="ignored"),
        SigAction(pid=A, sig="SIGCHLD", action="handled", flags="nocldwait"),
    ):
        assert list(after(choice, Fork(pid=A, child=B), Exit(pid=B, code=0)).processes) == [A]


def test_orphans_have_a_parent_that_is_not_watched() -> None:
    born = [Fork(pid=A, child=B), Fork(pid=B, child=C)]
    assert after(*born, Exit(pid=B, code=0)).processes[C].ppid == 0
    assert list(after(*born, Exit(pid=C, code=0), Exit(pid=B, code=0)).processes) == [A, B]


def test_a_number_that_is_used_again_means_a_new_process() -> None:
    world = after(Fork(pid=A, child=B), pipe(B), Exit(pid=A, code=0), Fork(pid=C, child=B))
    assert (world.table(B), world.pipes, world.processes[B].ppid) == ({}, {}, C)


def test_a_call_that_failed_changes_nothing() -> None:
    world = after(Open(pid=A, path="f", errno="ENOENT"), Fork(pid=A, child=0, errno="EAGAIN"))
    assert world.processes == {}


def test_cloexec_of_a_whole_range() -> None:
    world = after(Inherit(pid=A, fd=2, object="/f"), pipe(), Cloexec(pid=A, fd=3, last=9, on=False))
    assert [held.cloexec for held in world.table(A).values()] == [False, False, False]
    assert world.table(A)[3] == Descriptor("pipe 1", "read")


def test_a_snapshot_tells_what_a_process_has() -> None:
    read, write = os.pipe()
    os.write(write, b"hello")
    try:
        begin, *held = snapshot(os.getpid())
    finally:
        os.close(read)
        os.close(write)
    assert isinstance(begin, Begin)
    assert (begin.ppid, begin.pgid, begin.sid) == (os.getppid(), os.getpgrp(), os.getsid(0))
    assert begin.cwd == os.getcwd()
    assert ("SIGPIPE" in begin.ignored) == (signal.getsignal(signal.SIGPIPE) is signal.SIG_IGN)
    ends = {each.fd: each for each in held if isinstance(each, Inherit)}
    assert (ends[read].mode, ends[read].count, ends[read].cloexec) == ("read", 5, True)
    assert (ends[write].mode, ends[write].object) == ("write", ends[read].object)
