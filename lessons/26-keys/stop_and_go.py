"""What the shell does for Ctrl-Z, `bg` and `kill`, without a keyboard."""

import os
import signal

inside, outside = os.pipe()

child = os.fork()
if child == 0:
    os.close(outside)
    os.read(inside, 1)
    os._exit(3)

os.kill(child, signal.SIGSTOP)  # Ctrl-Z sends its milder brother, SIGTSTP
_, status = os.waitpid(child, os.WUNTRACED)
print("stopped?", os.WIFSTOPPED(status), "by", signal.Signals(os.WSTOPSIG(status)).name)

os.kill(child, signal.SIGCONT)  # as bg does
_, status = os.waitpid(child, os.WCONTINUED)
print("goes on?", os.WIFCONTINUED(status))

os.close(outside)
_, status = os.waitpid(child, 0)
print("ended?  ", os.WIFEXITED(status), "with", os.WEXITSTATUS(status))
