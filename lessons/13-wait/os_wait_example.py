"""Three children; wait reports whoever has ended."""

import os

doors = {name: os.pipe() for name in ("anna", "bert", "carl")}
names = {}

for number, (name, (inside, _)) in enumerate(doors.items(), start=1):
    pid = os.fork()
    if pid == 0:
        for _, outside in doors.values():
            os.close(outside)
        os.read(inside, 1)  # sleeps until the parent opens this door
        os._exit(number)
    names[pid] = name
    print("started", name, flush=True)

for name in ("carl", "anna", "bert"):
    os.close(doors[name][1])
    pid, status = os.wait()
    print("wait: ", names[pid], "ended with", os.waitstatus_to_exitcode(status))
