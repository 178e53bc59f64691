"""Four members of the family, one child each."""

import os

calls = {
    "execv": lambda: os.execv("/bin/echo", ["echo", "words in a list"]),
    "execl": lambda: os.execl("/bin/echo", "echo", "words one by one"),
    "execvp": lambda: os.execvp("echo", ["echo", "found along PATH"]),
    "execve": lambda: os.execve("/bin/printenv", ["printenv", "X"], {"X": "its own X"}),
}

for name, become in calls.items():
    print(f"{name:7}", end="", flush=True)
    pid = os.fork()
    if pid == 0:
        become()
    os.waitpid(pid, 0)
