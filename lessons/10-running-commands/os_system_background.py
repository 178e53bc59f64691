"""A command that goes on when os.system has returned."""

import os

os.mkfifo("question")
os.mkfifo("answer")

status = os.system("tr a-z A-Z < question > answer &")
print("os.system returned", status, "and tr has not even begun to read")

with open("question", "w") as door:
    door.write("are you there?\n")
with open("answer") as door:
    print("tr says:", door.read(), end="")

try:
    os.wait()
except ChildProcessError as problem:
    print("wait:", problem.strerror)
