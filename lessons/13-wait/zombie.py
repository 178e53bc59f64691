"""A process that has ended, and stays."""

import os
import signal


def state(pid):
    """The letter that ps shows for a process."""
    try:
        with open(f"/proc/{pid}/stat") as stat:
            return stat.read().split(") ")[1][0]
    except FileNotFoundError:
        return "gone"


pid = os.fork()
if pid == 0:
    os._exit(7)

os.waitid(os.P_PID, pid, os.WEXITED | os.WNOWAIT)  # looks, does not collect
print("ended:     ", state(pid))

os.kill(pid, signal.SIGKILL)
print("killed:    ", state(pid))

_, status = os.waitpid(pid, 0)
print("waited for:", state(pid))
print("its status was kept all the time:", os.waitstatus_to_exitcode(status))
