"""A shell, step 2: statuses, errors, and what it must do itself."""

import os
import sys

status = 0


def run(words):
    """Do it, or have it done by a program; the exit status."""
    match words:
        case ["cd", directory]:
            return change(directory)
        case ["exit", *number]:
            sys.exit(int(number[0]) if number else status)
    pid = os.fork()
    if pid == 0:
        become(words)
    code = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
    return 128 - code if code < 0 else code


def change(directory):
    """cd: a child could change only its own directory."""
    try:
        os.chdir(directory)
    except OSError as problem:
        return complain(f"cd: {directory}: {problem.strerror}", 1)
    return 0


def become(words):
    """In the child: be the program.  Never returns."""
    try:
        os.execvp(words[0], words)
    except FileNotFoundError:
        os._exit(complain(f"{words[0]}: not found", 127))
    except OSError as problem:
        os._exit(complain(f"{words[0]}: {problem.strerror}", 126))


def complain(text, code):
    os.write(2, f"step2: {text}\n".encode())
    return code


for line in sys.stdin:
    words = [str(status) if word == "$?" else word for word in line.split()]
    if words:
        status = run(words)
sys.exit(status)
