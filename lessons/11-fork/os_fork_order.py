"""Who comes first, parent or child?  Whoever has to be second waits."""

import os

read_end, write_end = os.pipe()

pid = os.fork()
if pid == 0:
    os.close(write_end)
    os.read(read_end, 1)  # sleeps until the parent has closed its end
    print("child: second, every time")
    raise SystemExit

os.close(read_end)
print("parent: first, every time", flush=True)
os.close(write_end)
os.waitpid(pid, 0)
