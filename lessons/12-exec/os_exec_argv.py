"""The words of a program, as it gets them."""

import os


def run(path, words):
    """Run a program with exactly these words, and wait for it."""
    print(words, "prints ", end="", flush=True)
    pid = os.fork()
    if pid == 0:
        os.execv(path, words)
    os.waitpid(pid, 0)


run("/bin/echo", ["echo", "hello"])
run("/bin/echo", ["hello"])
run("/bin/echo", ["echo", "seeds/*.txt", "$HOME"])
run("/bin/sh", ["bob", "-c", "echo my name is $0"])
