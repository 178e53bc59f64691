"""A session with a terminal of its own, whose groups take turns in the foreground."""

import os
import pty
import signal

pid, master = pty.fork()
if pid == 0:
    signal.signal(signal.SIGTTOU, signal.SIG_IGN)
    r, w = os.pipe()
    job = os.fork()
    if job == 0:
        os.setpgid(0, 0)
        os.read(r, 1)
        os._exit(0)
    try:
        os.setpgid(job, job)
    except OSError:
        pass
    os.tcsetpgrp(0, job)
    os.write(w, b"x")
    os.waitpid(job, 0)
    os.tcsetpgrp(0, os.getpgrp())
    os._exit(7)
os.waitpid(pid, 0)
os.close(master)
