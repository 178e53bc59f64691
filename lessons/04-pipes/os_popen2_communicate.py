"""300 kB to a program and back, with both pipes kept moving."""

import subprocess

text = "x" * 79 + "\n"
child = subprocess.Popen(["tr", "x", "o"], text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
answer, _ = child.communicate(text * 3750)  # reads while it writes, then closes and waits

print(len(text * 3750), "characters sent,", len(answer), "came back, the first:", answer[0])
print("tr ended with", child.returncode)
