"""Six ends, in the three notations that people confuse."""

import os
import signal

ends = {
    "exit 0": lambda: os._exit(0),
    "exit 3": lambda: os._exit(3),
    "exit 256": lambda: os._exit(256),
    "exit -1": lambda: os._exit(-1),
    "SIGTERM": lambda: os.kill(os.getpid(), signal.SIGTERM),
    "SIGKILL": lambda: os.kill(os.getpid(), signal.SIGKILL),
}

print("the child's end     wait status     Python says     a shell's $? says")
for name, end in ends.items():
    pid = os.fork()
    if pid == 0:
        end()
    _, status = os.waitpid(pid, 0)
    code = os.waitstatus_to_exitcode(status)
    shell = 128 - code if code < 0 else code
    print(f"{name:<12} {status:>10} = {status:#06x} {code:>12} {shell:>18}")
