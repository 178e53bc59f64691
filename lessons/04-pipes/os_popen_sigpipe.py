"""Who stops `yes` when its reader has gone?  It depends on who started it."""

import subprocess

for restore in (True, False):
    yes = subprocess.Popen(
        ["yes"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        restore_signals=restore,
    )
    print("read:", yes.stdout.readline(), end="")
    yes.stdout.close()  # nobody reads any more
    print("it said:", repr(yes.stderr.read()))
    print("restore_signals =", restore, "and yes ended with", yes.wait())
