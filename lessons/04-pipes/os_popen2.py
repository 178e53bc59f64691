"""popen2: write to a command and read from it, by hand and with subprocess."""

import os
import subprocess


def popen2(command):
    """Start a shell command; return its pid, a file to write to it, and one to read from it."""
    their_input, to_them = os.pipe()
    from_them, their_output = os.pipe()
    pid = os.fork()
    if pid == 0:
        try:
            os.dup2(their_input, 0)
            os.dup2(their_output, 1)
            os.execvp("sh", ["sh", "-c", command])  # closes all four others: Python's pipes are close-on-exec
        finally:
            os._exit(127)
    os.close(their_input)
    os.close(their_output)
    return pid, os.fdopen(to_them, "w"), os.fdopen(from_them)


def popen2_again(command):
    """The same, by the standard library."""
    child = subprocess.Popen(command, shell=True, text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    return child, child.stdin, child.stdout


pid, stdin, stdout = popen2("tr a-z A-Z")
stdin.write("by hand\n")
stdin.close()
print(stdout.read(), end="")
os.waitpid(pid, 0)

child, stdin, stdout = popen2_again("tr a-z A-Z")
stdin.write("by subprocess\n")
stdin.close()
print(stdout.read(), end="")
child.wait()
