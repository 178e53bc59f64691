"""The same words, once through a shell and once without."""

import os
import subprocess

print("os.system gives the text to a shell:", flush=True)
os.system("echo $USER has *.txt in the garden")
os.system("cd garden; echo $USER has *.txt in the garden")

print("subprocess.run gives the words to the program:", flush=True)
subprocess.run(["echo", "$USER", "has", "*.txt", "in the garden"])
