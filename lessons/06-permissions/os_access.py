"""access: does it exist, may I read it, write it, execute it?"""

import os

for name, mode in (("letter.txt", 0o644), ("printed.txt", 0o444), ("sealed.txt", 0o000), ("tool", 0o755)):
    os.close(os.open(name, os.O_CREAT))
    os.chmod(name, mode)

print("name         exists  read   write  execute")
for name in ("letter.txt", "printed.txt", "sealed.txt", "tool", "missing.txt"):
    answers = [os.access(name, asked) for asked in (os.F_OK, os.R_OK, os.W_OK, os.X_OK)]
    print(f"{name:12} {answers[0]!s:7} {answers[1]!s:6} {answers[2]!s:6} {answers[3]}")
