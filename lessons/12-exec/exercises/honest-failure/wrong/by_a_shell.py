# expect: fail: which this task does without
"""os.system has the right statuses, but it starts a shell."""

import os
import sys

program = sys.argv[1]

status = os.system(f"{program} 2>/dev/null")
print(program, "ended with", os.waitstatus_to_exitcode(status))
