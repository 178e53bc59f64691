"""The user first, then the group: one step too far."""

import os

LEARNER = 1000

os.seteuid(LEARNER)
print("effective user", os.geteuid())
try:
    os.setegid(LEARNER)
except OSError as refusal:
    print("setegid:", refusal)
print("effective group", os.getegid())
