"""The same with subprocess, which is what you should use."""

import subprocess

done = subprocess.run(["ls", "seeds"], capture_output=True, text=True)
print("ls ended with", done.returncode)
print(done.stdout, end="")

done = subprocess.run(["sh", "-c", "kill -KILL $$"])
print("killed by 9: ", done.returncode)

try:
    subprocess.run(["no-such-program"])
except FileNotFoundError as problem:
    print("the next one:", problem.strerror)
