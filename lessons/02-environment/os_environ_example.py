"""The environment: a mapping here, a copy of it in every program started from here."""

import os
import subprocess


def child_finds():
    """What a program that is started now finds under GREETING."""
    done = subprocess.run(["printenv", "GREETING"], capture_output=True, text=True)
    return done.stdout.strip() or "nothing"


print("HOME is", os.environ["HOME"])
print("EDITOR is", os.getenv("EDITOR"), "- or, if it is not set,", os.getenv("EDITOR", "ed"))

print("at first a child finds:", child_finds())
os.environ["GREETING"] = "hello"
print("after we set it:       ", child_finds())
os.environ["GREETING"] += ", world"
print("after we changed it:   ", child_finds())
del os.environ["GREETING"]
print("after we removed it:   ", child_finds())

try:
    os.environ["ANSWER"] = 42
except TypeError as problem:
    print("TypeError:", problem)
