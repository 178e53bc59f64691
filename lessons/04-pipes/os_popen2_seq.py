"""A command as a sequence of words: no shell reads it, so nothing in it is special."""

import os


def popen2(words):
    """Start a program; return its pid, a file to write to it, and one to read from it."""
    their_input, to_them = os.pipe()
    from_them, their_output = os.pipe()
    pid = os.fork()
    if pid == 0:
        try:
            os.dup2(their_input, 0)
            os.dup2(their_output, 1)
            os.execvp(words[0], words)
        finally:
            os._exit(127)
    os.close(their_input)
    os.close(their_output)
    return pid, os.fdopen(to_them, "w"), os.fdopen(from_them)


name = "mint; cat garden/*"  # as a visitor may have typed it

for words in (["sh", "-c", f"echo looking for {name}"], ["echo", "looking for", name]):
    pid, stdin, stdout = popen2(words)
    stdin.close()
    print(words, "says:")
    print(stdout.read(), end="")
    os.waitpid(pid, 0)
