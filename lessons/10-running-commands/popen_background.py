"""The same with subprocess.Popen, which keeps hold of the process that it starts."""

import subprocess

tr = subprocess.Popen(["tr", "a-z", "A-Z"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
print("Popen has returned; ended yet?", tr.poll() is not None)

answer, _ = tr.communicate("are you there?\n")
print("tr says:", answer, end="")
print("and it ended with", tr.returncode)
