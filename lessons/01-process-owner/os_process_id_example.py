"""The numbers of a process: its own, its parent's, its group's, its session's."""

import os


def show_numbers(who):
    """One line about this process."""
    print(
        f"{who:7} pid {os.getpid()}  parent {os.getppid()}  group {os.getpgrp()}  session {os.getsid(0)}", flush=True
    )


show_numbers("parent:")
child = os.fork()
if child == 0:
    show_numbers("child:")
    os._exit(0)
os.waitpid(child, 0)

try:
    terminal = os.open("/dev/tty", os.O_RDWR)
    print("terminal: its foreground group is", os.tcgetpgrp(terminal))
except OSError as refusal:
    print("terminal:", refusal)
