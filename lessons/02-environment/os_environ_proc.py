"""Where the environment is: in this process, and not in the kernel."""

import os


def in_proc(name):
    """Whether the strings that came with `execve` have this name; proc(5) shows them."""
    with open("/proc/self/environ") as file:
        return any(entry.startswith(f"{name}=") for entry in file.read().split("\0"))


os.environ["GREETING"] = "hello"
del os.environ["TZ"]

for name in ("GREETING", "TZ"):
    print(f"{name:8}  os.environ has it: {name in os.environ!s:5}  execve brought it: {in_proc(name)}")
