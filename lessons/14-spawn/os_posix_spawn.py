"""`ls seeds > names` without a fork in sight."""

import os

new = os.O_WRONLY | os.O_CREAT | os.O_TRUNC
actions = [(os.POSIX_SPAWN_OPEN, 1, "names", new, 0o666)]

pid = os.posix_spawnp("ls", ["ls", "seeds"], os.environ, file_actions=actions)
_, status = os.waitpid(pid, 0)

print("ls ended with", os.waitstatus_to_exitcode(status))
with open("names") as file:
    print(file.read(), end="")

try:
    os.posix_spawnp("no-such-program", ["no-such-program"], os.environ)
except FileNotFoundError as problem:
    print("the next one:", problem.strerror)
