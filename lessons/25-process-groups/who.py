"""Three numbers of this process, and the group that owns the terminal."""

import os

print("process", os.getpid())
print("group  ", os.getpgrp())
print("session", os.getsid(0))

terminal = os.open("/dev/tty", os.O_RDONLY)
print("the terminal belongs to group", os.tcgetpgrp(terminal))
