"""Every way to make, copy, mark and close a descriptor, and to move bytes between two."""

import fcntl
import os
import socket

made = os.memfd_create("made")
os.write(made, b"0123456789" * 50)
r, w = os.pipe2(0)
os.dup2(w, 40, inheritable=False)
os.dup2(w, 41)
high = fcntl.fcntl(w, fcntl.F_DUPFD_CLOEXEC, 50)
higher = fcntl.fcntl(w, fcntl.F_DUPFD, 60)
os.set_inheritable(high, True)
os.set_inheritable(40, True)
fcntl.ioctl(41, 0x5451)  # FIOCLEX
os.sendfile(w, made, 0, 100)
os.splice(made, w, 60, offset_src=0)
os.writev(w, [b"ab", b"cde"])
os.readv(r, [bytearray(10), bytearray(7)])
again = os.open(f"/proc/self/fd/{r}", os.O_RDONLY)
os.read(again, 5)
os.lseek(made, 0, os.SEEK_END)
os.splice(r, made, 20)
copy = os.memfd_create("copy", 0)
os.copy_file_range(made, copy, 30, 0)
left, right = socket.socketpair()
counter = os.eventfd(0)
mine = os.pidfd_open(os.getpid())
os.close(higher)
os.closerange(40, 45)
root = os.open("/", os.O_RDONLY | os.O_DIRECTORY)
within = os.open("etc", os.O_RDONLY, dir_fd=root)
os.fchdir(root)
os.chdir("usr")
os.chdir("../etc")
os.umask(0o027)
if os.fork() == 0:
    os.umask(0o077)
    os.execvp("sh", ["sh", "-c", "read x; exit 5"])
os.wait()
left.close()
right.close()
