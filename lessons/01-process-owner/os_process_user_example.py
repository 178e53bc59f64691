"""Who is this process, and may it act as somebody else?"""

import os

LEARNER = 1000


def show_owner():
    """Both users and both groups, and the further groups."""
    print("   real:      user", os.getuid(), " group", os.getgid())
    print("   effective: user", os.geteuid(), " group", os.getegid())
    print("   further groups:", os.getgroups())


print("at first")
show_owner()
try:
    os.setegid(LEARNER)  # the group first
    os.seteuid(LEARNER)
except OSError as refusal:
    print("refused:", refusal)
else:
    print("after setegid and seteuid")
    show_owner()
    os.seteuid(os.getuid())  # the user first, on the way back
    os.setegid(os.getgid())
    print("and back")
    show_owner()
