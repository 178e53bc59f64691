"""r and x of a directory: one lists the names, the other lets you pass."""

import os
from pathlib import Path

os.mkdir("house")
Path("house/letter").write_text("Dear Ada\n")


def attempt(words, call):
    """Say what came back, or why nothing did."""
    try:
        print(f"   {words}:", call())
    except OSError as refusal:
        print(f"   {words}:", refusal.strerror)


for mode, name in ((0o400, "r--"), (0o100, "--x"), (0o700, "rwx")):
    os.chmod("house", mode)
    print(name)
    attempt("the names in it", lambda: os.listdir("house"))
    attempt("a file in it   ", lambda: Path("house/letter").read_text().strip())
