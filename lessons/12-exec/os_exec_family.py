"""Four members of the family, one child each."""

import os

GREETING = {"GREETING": "hello from its environment"}

calls = {
    "execv": lambda: os.execv("/bin/echo", ["echo", "the words come as a list"]),
    "execl": lambda: os.execl("/bin/echo", "echo", "the words come one by one"),
    "execvp": lambda: os.execvp("echo", ["echo", "the program is looked for along PATH"]),
    "execve": lambda: os.execve("/usr/bin/printenv", ["printenv", "GREETING"], GREETING),
}

for name, become in calls.items():
    print(f"{name:7}", end="", flush=True)
    pid = os.fork()
    if pid == 0:
        become()
    os.waitpid(pid, 0)
