"""A shell, step 4: pipelines."""

import os
import signal
import sys


def run(line):
    """Start all programs of a pipeline, then wait for all; the last one's status."""
    commands = [part.split() for part in line.split("|")]
    source = None  # the read end of the pipe before this command
    pids = []
    for place, words in enumerate(commands):
        last = place == len(commands) - 1
        following, target = (None, None) if last else os.pipe()
        pid = os.fork()
        if pid == 0:
            become(words, source, target)
        pids.append(pid)
        close(source, target)  # who keeps a write end keeps a reader waiting
        source = following
    statuses = [os.waitpid(pid, 0)[1] for pid in pids]
    return os.waitstatus_to_exitcode(statuses[-1])


def become(words, source, target):
    """In the child: 0 means the pipe before, 1 the pipe behind."""
    try:
        if source is not None:
            os.dup2(source, 0)
        if target is not None:
            os.dup2(target, 1)
        signal.signal(signal.SIGPIPE, signal.SIG_DFL)  # Python ignores it
        os.execvp(words[0], words)  # closes the pipes of Python, not their copies
    finally:
        os._exit(127)


def close(*descriptors):
    for descriptor in descriptors:
        if descriptor is not None:
            os.close(descriptor)


for line in sys.stdin:
    if line.strip():
        print("status", run(line), flush=True)
