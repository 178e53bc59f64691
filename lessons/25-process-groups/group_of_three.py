"""Three processes, one group: one call reaches them all."""

import os
import signal

group = 0  # the first one leads a group of its own
children = []
for _ in range(3):
    inside, outside = os.pipe()
    pid = os.fork()
    if pid == 0:
        os.setpgid(0, group)
        os.close(outside)
        os.read(inside, 1)  # never comes back: nobody closes the other end
    os.setpgid(pid, group)  # the parent says it too, whoever comes first
    group = group or pid
    children.append(pid)

os.kill(-group, signal.SIGTERM)

for pid in children:
    _, status = os.waitpid(pid, 0)
    print(pid, "in group", group, "ended with", os.waitstatus_to_exitcode(status))
