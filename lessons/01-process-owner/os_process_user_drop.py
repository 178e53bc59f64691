"""Stop being root, for good."""

import os

LEARNER = 1000

os.setgroups([])  # first what only root may do
os.setgid(LEARNER)
os.setuid(LEARNER)

print("real, effective, saved user: ", os.getresuid())
print("real, effective, saved group:", os.getresgid(), "further:", os.getgroups())
try:
    os.seteuid(0)
except OSError as refusal:
    print("back to root:", refusal)
