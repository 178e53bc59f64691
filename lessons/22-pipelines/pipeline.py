"""What a shell does at `ls garden | wc -l`, one system call at a time."""

import os

read_end, write_end = os.pipe()


def start(words, old, new):
    """Start a program whose descriptor `new` means what `old` means here."""
    pid = os.fork()
    if pid == 0:
        try:
            os.dup2(old, new)
            os.close(read_end)
            os.close(write_end)
            os.execvp(words[0], words)
        finally:
            os._exit(127)  # reached only if exec failed
    return pid


ls = start(["ls", "garden"], write_end, 1)
wc = start(["wc", "-l"], read_end, 0)

os.close(read_end)
os.close(write_end)  # while anybody could still write, wc would wait

statuses = [os.waitpid(pid, 0)[1] for pid in (ls, wc)]

print("ls was process", ls, "and wc was process", wc)
print("exit statuses:", [os.waitstatus_to_exitcode(s) for s in statuses])
