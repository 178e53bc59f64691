"""spawn: fork, exec and, with P_WAIT, wait, in one call."""

import os

code = os.spawnlp(os.P_WAIT, "sh", "sh", "-c", "exit 5")
print("P_WAIT, exit 5:      ", code)

code = os.spawnlp(os.P_WAIT, "sh", "sh", "-c", "kill -KILL $$")
print("P_WAIT, killed by 9: ", code)

code = os.spawnlp(os.P_WAIT, "no-such-program", "no-such-program")
print("P_WAIT, no program:  ", code)

pid = os.spawnlp(os.P_NOWAIT, "sh", "sh", "-c", "exit 5")
print("P_NOWAIT:             process", pid)
_, status = os.waitpid(pid, 0)
print("and waitpid then says", status)
