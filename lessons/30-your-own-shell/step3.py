"""A shell, step 3: quotes and redirections."""

import os
import shlex
import sys

OPEN = {
    "<": (0, os.O_RDONLY),
    ">": (1, os.O_WRONLY | os.O_CREAT | os.O_TRUNC),
    ">>": (1, os.O_WRONLY | os.O_CREAT | os.O_APPEND),
}


def tokens(line):
    """Cut a line into words and operators.  Quotes hold words together."""
    lexer = shlex.shlex(line, posix=True, punctuation_chars="<>")
    lexer.whitespace_split = True
    return list(lexer)


def split(line):
    """The words of a command, and its redirections from left to right."""
    words, redirections = [], []
    rest = iter(tokens(line))
    for token in rest:
        if token in OPEN:
            redirections.append((token, next(rest)))
        else:
            words.append(token)
    return words, redirections


def run(line):
    words, redirections = split(line)
    pid = os.fork()
    if pid == 0:
        become(words, redirections)
    os.waitpid(pid, 0)


def become(words, redirections):
    """In the child: move the descriptors, then be the program."""
    try:
        for operator, path in redirections:
            number, flags = OPEN[operator]
            opened = os.open(path, flags, 0o666)
            os.dup2(opened, number)
            os.close(opened)
        os.execvp(words[0], words)
    except OSError as problem:
        os.write(2, f"step3: {problem.filename}: {problem.strerror}\n".encode())
    finally:
        os._exit(127)


for line in sys.stdin:
    if line.strip():
        run(line)
