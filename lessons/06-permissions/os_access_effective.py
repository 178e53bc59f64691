"""access asks for the real user, open for the effective one."""

import os

os.close(os.open("for-root.txt", os.O_CREAT, 0o600))
os.seteuid(65534)  # from now on we act as nobody, but we are still root

print("real user:", os.getuid(), " effective user:", os.geteuid())
print("access says:", os.access("for-root.txt", os.R_OK))
print("access, asked for the effective user:", os.access("for-root.txt", os.R_OK, effective_ids=True))
try:
    os.open("for-root.txt", os.O_RDONLY)
except OSError as refusal:
    print("open says:", refusal)
