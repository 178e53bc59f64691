"""Descriptor tables rebuilt from events are those that /proc shows."""

from __future__ import annotations

import sys

from minishell.trace.descriptors import Descriptors
from minishell.trace.event import Exec, Write
from minishell.trace.observer import observe

SCRIPT = """
import os

def meaning(fd):
    try:
        return os.readlink(f"/proc/self/fd/{fd}")
    except FileNotFoundError:  # the one that listed the directory
        return ""

def show(step):
    fds = sorted(map(int, os.listdir("/proc/self/fd")))
    pipes = [f"{fd} {meaning(fd)}" for fd in fds if meaning(fd).startswith("pipe:")]
    os.write(2, f"{step}: {pipes}\\n".encode())

r, w = os.pipe()
show("pipe")
os.dup2(w, 9)
show("dup2")
os.set_inheritable(r, True)
if os.fork() == 0:
    os.close(w)
    show("child")
    os.closerange(8, 100)
    show("closerange")
    os.execv("/bin/sh", ["sh", "-c", "ls -l /proc/$$/fd >&2; :"])
os.wait()
os.dup2(0, 9)
show("parent")
"""


def test_pipes_by_descriptor_at_each_step() -> None:
    seen = observe([sys.executable, "-c", SCRIPT])
    descriptors = Descriptors()
    steps: dict[str, list[str]] = {}
    survivors: list[list[str]] = []
    for event in seen.events:
        table = descriptors.tables[event.pid]
        if isinstance(event, Write) and ": [" in event.data:
            steps[event.data] = sorted(f"{fd} {held.object}" for fd, held in table.items() if held.end)
        descriptors.apply(event)
        if isinstance(event, Exec) and event.path == "/bin/sh":
            survivors.append([f"{fd} {held.end}" for fd, held in table.items() if held.end])
    assert [step.partition(":")[0] for step in steps] == ["pipe", "dup2", "child", "closerange", "parent"]
    for told, rebuilt in steps.items():
        assert told.partition(": ")[2] == f"{rebuilt}\n"
    assert survivors == [["3 read"]]
    assert seen.output.count(b" 3 -> pipe:") == seen.output.count(b"-> pipe:") == 1


def test_when_all_have_ended_no_table_is_left() -> None:
    descriptors = Descriptors()
    for event in observe(["sh", "-c", "echo a | cat | cat; (exec 3>/dev/null)"]).events:
        descriptors.apply(event)
    assert dict(descriptors.tables) == {}
