"""Run four commands with os.system, and read what it gives back."""

import os

for command in ["ls garden", "exit 5", "kill -TERM $$", "no-such-program"]:
    print("$", command, flush=True)  # or the command would overtake us
    status = os.system(command)
    print(f"  os.system returned {status}, in hexadecimal {status:#06x}")
    print(f"  which means {os.waitstatus_to_exitcode(status)}")
