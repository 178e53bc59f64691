"""popen4: output and errors through one pipe, in the order in which they were written."""

import os
import subprocess


def popen4(command):
    """Start a shell command; return its pid, a file to write to it, and one with all that it says."""
    their_input, to_them = os.pipe()
    from_them, their_output = os.pipe()
    pid = os.fork()
    if pid == 0:
        try:
            os.dup2(their_input, 0)
            os.dup2(their_output, 1)
            os.dup2(1, 2)  # errors go where output goes: `2>&1`
            os.execvp("sh", ["sh", "-c", command])
        finally:
            os._exit(127)
    os.close(their_input)
    os.close(their_output)
    return pid, os.fdopen(to_them, "w"), os.fdopen(from_them)


pid, stdin, both = popen4("cat; ls nowhere; echo done")
stdin.write("to standard output\n")
stdin.close()
print(both.read(), end="")
os.waitpid(pid, 0)

print("and again, by subprocess:")
done = subprocess.run(
    "cat; ls nowhere; echo done",
    shell=True,
    text=True,
    input="to standard output\n",
    stdout=subprocess.PIPE,
    stderr=subprocess.STDOUT,
)
print(done.stdout, end="")
