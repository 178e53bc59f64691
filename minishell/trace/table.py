"""The system calls that the observer looks at, with their numbers.

Numbers: Linux arch/x86/entry/syscalls/syscall_64.tbl and include/uapi/asm-generic/unistd.h (aarch64).  A call that an
architecture does not have is simply missing from its table: aarch64 has no `fork`, its libc uses `clone`.
"""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

from minishell.record import record

if TYPE_CHECKING:
    from collections.abc import Mapping


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


# Calls that become events.  Left out, because neither pipes nor descriptors change by them: pread, pwrite and their
# kin (a pipe has no position).  Left out, because they are rare: vmsplice, preadv2, io_uring, unshare, setns, the
# mount calls, and messages that carry descriptors (SCM_RIGHTS).
SEEN = _words(
    """read write readv writev sendfile splice tee copy_file_range open openat openat2 creat close close_range
    pipe pipe2 dup dup2 dup3 fcntl ioctl socket socketpair accept accept4 memfd_create eventfd eventfd2 epoll_create
    epoll_create1 inotify_init inotify_init1 signalfd signalfd4 timerfd_create pidfd_open pidfd_getfd
    fork vfork clone clone3 execve execveat wait4 waitid kill tkill tgkill rt_sigqueueinfo rt_tgsigqueueinfo
    pidfd_send_signal rt_sigaction pause rt_sigsuspend rt_sigtimedwait setpgid setsid chdir fchdir umask
    access faccessat faccessat2"""
)

# Calls that become notes where they are refused because we watch.
REFUSED = ("ptrace",)

# Of those that become events, the calls that make a descriptor for something that has no path.
WITHOUT_PATH = _words(
    """socket accept accept4 memfd_create eventfd eventfd2 epoll_create epoll_create1 inotify_init inotify_init1
    signalfd signalfd4 timerfd_create pidfd_open pidfd_getfd"""
)

# And those that send a signal.
KILLS = _words("kill tkill tgkill rt_sigqueueinfo rt_tgsigqueueinfo pidfd_send_signal")

# And those in which a process may be seen waiting for another.
MAY_WAIT = _words(
    """wait4 waitid read readv write writev sendfile splice tee open openat openat2 creat accept accept4 pause
    rt_sigsuspend rt_sigtimedwait"""
)

# Further calls in which a process may wait for another.  Under the controlled schedule their return has to be seen,
# or the woken process would run beside the chosen one.
MAY_BLOCK = _words(
    """futex poll ppoll select pselect6 epoll_wait epoll_pwait connect recvfrom recvmsg
    sendto sendmsg flock"""
)

# Calls that give up the processor for a while.
SLEEPS = ("nanosleep", "clock_nanosleep", "sched_yield")

FORKS = frozenset(("fork", "vfork", "clone", "clone3"))


@record
class Machine:
    """What differs between processors: `audit_arch` is how seccomp names it (linux/audit.h)."""

    audit_arch: int
    numbers: Mapping[str, int]


def _numbers(text: str) -> Mapping[str, int]:
    words = text.split()
    return MappingProxyType({name: int(number) for name, number in zip(words[::2], words[1::2], strict=True)})


MACHINES = {
    "x86_64": Machine(
        0xC000003E,
        _numbers(
            """read 0 write 1 open 2 close 3 poll 7 rt_sigaction 13 ioctl 16 readv 19 writev 20 access 21
            pipe 22 select 23 sched_yield 24 dup 32 dup2 33 pause 34 nanosleep 35 sendfile 40 socket 41
            connect 42 accept 43 sendto 44 recvfrom 45 sendmsg 46 recvmsg 47 socketpair 53 clone 56
            fork 57 vfork 58 execve 59 wait4 61 kill 62 fcntl 72 flock 73 chdir 80 fchdir 81 creat 85
            umask 95 ptrace 101 setpgid 109 setsid 112 rt_sigtimedwait 128 rt_sigqueueinfo 129 rt_sigsuspend 130
            tkill 200 futex 202 epoll_create 213 clock_nanosleep 230 epoll_wait 232 tgkill 234 waitid 247
            inotify_init 253 openat 257 faccessat 269 pselect6 270 ppoll 271 splice 275 tee 276
            epoll_pwait 281 signalfd 282 timerfd_create 283 eventfd 284 accept4 288 signalfd4 289
            eventfd2 290 epoll_create1 291 dup3 292 pipe2 293 inotify_init1 294 rt_tgsigqueueinfo 297
            memfd_create 319 execveat 322 copy_file_range 326 pidfd_send_signal 424 pidfd_open 434
            clone3 435 close_range 436 openat2 437 pidfd_getfd 438 faccessat2 439"""
        ),
    ),
    "aarch64": Machine(
        0xC00000B7,
        _numbers(
            """eventfd2 19 epoll_create1 20 epoll_pwait 22 dup 23 dup3 24 fcntl 25 inotify_init1 26
            ioctl 29 flock 32 faccessat 48 chdir 49 fchdir 50 openat 56 close 57 pipe2 59 read 63 write 64
            readv 65 writev 66 sendfile 71 pselect6 72 ppoll 73 signalfd4 74 splice 76 tee 77
            timerfd_create 85 waitid 95 futex 98 nanosleep 101 clock_nanosleep 115 ptrace 117
            sched_yield 124 kill 129 tkill 130 tgkill 131 rt_sigsuspend 133 rt_sigaction 134 rt_sigtimedwait 137
            rt_sigqueueinfo 138 setpgid 154 setsid 157 umask 166 socket 198 socketpair 199 accept 202
            connect 203 sendto 206 recvfrom 207 sendmsg 211 recvmsg 212 clone 220 execve 221
            rt_tgsigqueueinfo 240 accept4 242 wait4 260 memfd_create 279 execveat 281 copy_file_range 285
            pidfd_send_signal 424 pidfd_open 434 clone3 435 close_range 436 openat2 437 pidfd_getfd 438
            faccessat2 439"""
        ),
    ),
}
