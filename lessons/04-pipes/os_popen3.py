"""popen3: a third pipe, so that errors do not come between the answers."""

import os
import subprocess


def popen3(command):
    """Start a shell command; return its pid and the files of its descriptors 0, 1 and 2."""
    pipes = [os.pipe() for _ in range(3)]
    theirs = [pipes[0][0], pipes[1][1], pipes[2][1]]
    ours = [pipes[0][1], pipes[1][0], pipes[2][0]]
    pid = os.fork()
    if pid == 0:
        try:
            for number, end in enumerate(theirs):
                os.dup2(end, number)
            os.execvp("sh", ["sh", "-c", command])
        finally:
            os._exit(127)
    for end in theirs:
        os.close(end)
    return pid, os.fdopen(ours[0], "w"), os.fdopen(ours[1]), os.fdopen(ours[2])


pid, stdin, stdout, stderr = popen3("cat; ls nowhere")
stdin.write("to standard output\n")
stdin.close()
print("output:", stdout.read().splitlines())
print("errors:", stderr.read().splitlines())
print("status:", os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))

print("and again, by subprocess:")
done = subprocess.run("cat; ls nowhere", shell=True, text=True, input="to standard output\n", capture_output=True)
print("output:", done.stdout.splitlines())
print("errors:", done.stderr.splitlines())
print("status:", done.returncode)
