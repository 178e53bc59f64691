"""The same with Popen, which keeps hold of the process."""

import subprocess
from subprocess import PIPE

tr = subprocess.Popen(["tr", "a-z", "A-Z"], stdin=PIPE, stdout=PIPE, text=True)
print("Popen has returned; ended yet?", tr.poll() is not None)

answer, _ = tr.communicate("are you there?\n")
print("tr says:", answer, end="")
print("and it ended with", tr.returncode)
