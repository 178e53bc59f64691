"""The file tree of a clean room: the programs of this machine, and nothing else that is of this machine.

`warden` builds it before it starts the command, in a mount namespace of its own: a new root that holds /usr, what
Python needs, a home, a /tmp, a few devices, and an /etc that is the same everywhere.  Only home, /tmp and /dev/shm
can be written to.  A path that is not in the list is not there, so no name of this machine gets into a page.
"""

import ctypes
import os
from collections.abc import Sequence

HOST = "classroom"
HOME = "/home/learner"
PASSWD = f"""\
root:x:0:0:root:/root:/bin/bash
daemon:x:1:1:daemon:/usr/sbin:/usr/sbin/nologin
bin:x:2:2:bin:/bin:/usr/sbin/nologin
learner:x:1000:1000:A learner:{HOME}:/bin/bash
nobody:x:65534:65534:nobody:/nonexistent:/usr/sbin/nologin
"""
GROUP = "root:x:0:\ndaemon:x:1:\nbin:x:2:\ntty:x:5:\nlearner:x:1000:\nnogroup:x:65534:\n"
FILES = {
    "/etc/passwd": PASSWD,
    "/etc/group": GROUP,
    "/etc/hostname": f"{HOST}\n",
    "/etc/hosts": f"127.0.0.1 localhost {HOST}\n",
    "/etc/nsswitch.conf": "passwd: files\ngroup: files\nhosts: files\n",
    "/etc/shells": "/bin/sh\n/bin/bash\n/bin/dash\n",
}
PROGRAMS = ("/usr", "/bin", "/sbin", "/lib", "/lib32", "/lib64", "/nix/store")
SETTINGS = ("/etc/ld.so.cache", "/etc/ld.so.conf", "/etc/ld.so.conf.d", "/etc/alternatives", "/etc/terminfo")
DEVICES = ("/dev/null", "/dev/zero", "/dev/full", "/dev/random", "/dev/urandom", "/dev/tty")
LINKS = {
    "/dev/fd": "/proc/self/fd",
    "/dev/stdin": "/proc/self/fd/0",
    "/dev/stdout": "/proc/self/fd/1",
    "/dev/stderr": "/proc/self/fd/2",
    "/dev/ptmx": "pts/ptmx",
}
EMPTY = ("/root", "/run", "/var/tmp")
SITE = "/tmp"  # where the new root stands until it is moved over the old one
WRITABLE = (HOME, "/tmp", "/dev/shm", "/dev/pts", "/proc")

MS_BIND, MS_MOVE, MS_REC = 0x1000, 0x2000, 0x4000  # mount(2)
SYS_MOUNT_SETATTR = 442  # mount_setattr(2), of the same number everywhere; glibc has it since 2.36
AT_FDCWD, AT_RECURSIVE = -100, 0x8000
MOUNT_ATTR_RDONLY = 1

EPOCH_S = 1_000_000_000  # the time of everything that is made: 2001-09-09 01:46:40 UTC
made: list[str] = []

libc = ctypes.CDLL(None, use_errno=True)


def build(home: str, temporary: str, needed: Sequence[str], hidden: Sequence[str], owner: int) -> None:
    """Make the tree, with `home` and `temporary` in it, and make it this process's root.

    `needed`: folders of Python's that may stand anywhere.  `hidden`: folders in which nothing is to be seen.
    Everything that is made belongs to `owner`.
    """
    rooms = {
        HOME: os.open(home, os.O_PATH),
        "/tmp": os.open(temporary, os.O_PATH),
    }  # the new root covers the old /tmp
    binds = {path: os.open(path, os.O_PATH) for path in (*PROGRAMS, *needed, *SETTINGS, *DEVICES) if is_own(path)}
    libc.sethostname(HOST.encode(), len(HOST))
    mount("tmpfs", SITE, "tmpfs", 0, f"mode=755,uid={owner},gid={owner}")
    for path in PROGRAMS:
        if os.path.islink(path):
            make_link(os.readlink(path), path, owner)
    for path, source in {**rooms, **binds}.items():  # what is needed may be in /tmp
        bind(source, path, owner)
    for path in hidden:
        if os.path.isdir(SITE + path):
            mount("tmpfs", SITE + path, "tmpfs", 0, f"mode=755,uid={owner},gid={owner}")
    for path, text in FILES.items():
        make_file(path, text, owner)
    for path in EMPTY:
        make_folder(path, owner)
    furnish_dev(owner)
    mount("proc", make_folder("/proc", owner), "proc", 0, "")
    for path in [*reversed(made), SITE]:  # what stands in a folder before the folder
        os.utime(path, (EPOCH_S, EPOCH_S), follow_symlinks=False)
    move_in()
    set_read_only("/", True)
    for path in WRITABLE:
        set_read_only(path, False)


def is_own(path: str) -> bool:
    """Whether the path is there and no link."""
    return os.path.exists(path) and not os.path.islink(path)


def furnish_dev(owner: int) -> None:
    """Shared memory, and terminals whose numbers begin with 0."""
    mount("tmpfs", make_folder("/dev/shm", owner), "tmpfs", 0, "mode=1777")
    mount("devpts", make_folder("/dev/pts", owner), "devpts", 0, "newinstance,ptmxmode=0666,mode=0620")
    for path, target in LINKS.items():
        make_link(target, path, owner)


def move_in() -> None:
    """Put the new root over the old one, which nobody can reach from now on."""
    os.chdir(SITE)
    mount(SITE, "/", "", MS_MOVE, "")
    os.chroot(".")


def bind(source: int, path: str, owner: int) -> None:
    """Show an open file or folder at `path`."""
    origin = f"/proc/self/fd/{source}"
    target = make_folder(path, owner) if os.path.isdir(origin) else make_file(path, "", owner)
    mount(origin, target, "", MS_BIND | MS_REC, "")
    os.close(source)


def make_folder(path: str, owner: int) -> str:
    """Make the folder and those above it; its path in the building site."""
    target = SITE + path
    if not os.path.isdir(target):
        make_folder(os.path.dirname(path), owner)
        os.mkdir(target)
        note(target, owner)
    return target


def make_file(path: str, text: str, owner: int) -> str:
    """Write a file; its path in the building site."""
    make_folder(os.path.dirname(path), owner)
    with open(SITE + path, "w") as file:
        file.write(text)
    return note(SITE + path, owner)


def make_link(target: str, path: str, owner: int) -> None:
    """Make a symbolic link."""
    os.symlink(target, SITE + path)
    note(SITE + path, owner)


def note(path: str, owner: int) -> str:
    """Give what was just made to its owner, and remember it."""
    os.chown(path, owner, owner, follow_symlinks=False)
    made.append(path)
    return path


def mount(source: str, target: str, kind: str, flags: int, data: str) -> None:
    """mount(2).  What stands at `target` from then on is not what we made there."""
    if target in made:
        made.remove(target)
    check(libc.mount(source.encode(), target.encode(), kind.encode(), flags, data.encode()), target)


def set_read_only(path: str, wanted: bool) -> None:
    """Let nobody write below `path`, or everybody who otherwise may; mount_setattr(2)."""
    set_, clear = (MOUNT_ATTR_RDONLY, 0) if wanted else (0, MOUNT_ATTR_RDONLY)
    attributes = (ctypes.c_uint64 * 4)(set_, clear, 0, 0)
    size = ctypes.c_size_t(ctypes.sizeof(attributes))
    check(libc.syscall(SYS_MOUNT_SETATTR, AT_FDCWD, path.encode(), AT_RECURSIVE, attributes, size), path)


def check(answer: int, path: str) -> None:
    """Turn -1 into an OSError."""
    if answer != 0:
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number), path)
