"""Reading what /proc tells of a traced process: its memory, its descriptors, its state and its signals."""

from __future__ import annotations

import ctypes
import os
import signal
import struct


class _Piece(ctypes.Structure):
    """struct iovec: where a piece of memory is, and how large."""

    _fields_ = (("base", ctypes.c_void_p), ("size", ctypes.c_size_t))


_read = ctypes.CDLL(None).process_vm_readv
_read.restype = ctypes.c_ssize_t
_read.argtypes = [ctypes.c_long, ctypes.c_void_p, ctypes.c_ulong, ctypes.c_void_p, ctypes.c_ulong, ctypes.c_ulong]
_copy = ctypes.create_string_buffer(4096)  # one for all: what has been read is taken out of it at once
_here, _there = _Piece(ctypes.addressof(_copy), len(_copy)), _Piece()
_HERE, _THERE = ctypes.addressof(_here), ctypes.addressof(_there)

_WORD = 8  # bytes of a pointer: both machines of `table.py` have 64 bits
_IGNORED_BY_DEFAULT = sum(
    1 << (number - 1) for number in (signal.SIGCHLD, signal.SIGCONT, signal.SIGURG, signal.SIGWINCH)
)
_MOST_WORDS = 256  # of an argument list
_MOST_OF_A_FILE = 8192  # of /proc: what is looked for stands before that


def read(tid: int, address: int, size: int) -> bytes:
    """Up to `size` bytes at `address`, of which 4096 are given at most; fewer or none where the memory is not there.

    By process_vm_readv(2), one call where the file needs three; a kernel may have been built without it.
    """
    _there.base, _there.size = address, size
    count = _read(tid, _HERE, 1, _THERE, 1, 0)
    return _copy.raw[:count] if count >= 0 else _start(f"/proc/{tid}/mem", size, address)


def write(tid: int, address: int, data: bytes) -> None:
    """Change the memory at `address`, read-only pages too.  OSError: it is not there."""
    with open(f"/proc/{tid}/mem", "r+b", buffering=0) as memory:
        os.pwrite(memory.fileno(), data, address)


def numbers(tid: int, address: int, layout: str) -> tuple[int, ...]:
    """Integers at `address`, laid out as `struct` says; zeros where the memory is not there."""
    size = struct.calcsize("=" + layout)
    return struct.unpack("=" + layout, read(tid, address, size).ljust(size, b"\0"))


def string(tid: int, address: int, most: int = 4096) -> str:
    """The C string at `address`; one that is longer ends with `…`."""
    start, end, _ = read(tid, address, most).partition(b"\0")
    return text(start) if end or len(start) < most else f"{text(start)}…"


def strings(tid: int, address: int) -> tuple[str, ...]:
    """The strings of an argument list, which ends with a null pointer; `…` stands for those beyond the first ones."""
    found: list[str] = []
    for index in range(_MOST_WORDS):
        (pointer,) = numbers(tid, address + _WORD * index, "Q")
        if not pointer:
            break
        found.append(string(tid, pointer))
    else:
        found.append("…")
    return tuple(found)


def descriptor(pid: int, fd: int) -> str:
    """What descriptor `fd` of the process means: a path, `pipe:[123]`, or nothing where it is not open."""
    try:
        return os.readlink(f"/proc/{pid}/fd/{fd}")
    except OSError:
        return ""


def descriptors(pid: int) -> list[int]:
    """The open descriptors of the process, in ascending order."""
    try:
        return sorted(map(int, os.listdir(f"/proc/{pid}/fd")))
    except OSError:
        return []


def open_flags(pid: int, fd: int) -> int:
    """The flags of open(2) that the descriptor has now, with O_CLOEXEC among them.  proc_pid_fdinfo(5)."""
    return int(_lines(f"/proc/{pid}/fdinfo/{fd}").get("flags", "0"), 8)


def process_of(pid: int, fd: int) -> int:
    """The process that a descriptor of pidfd_open(2) means; -1: it has ended; 0: this is no such descriptor."""
    return int(_lines(f"/proc/{pid}/fdinfo/{fd}").get("Pid", "0"))


def process_of_thread(tid: int) -> int:
    """The process that a thread belongs to; the thread itself where there is none such."""
    return int(status(tid).get("Tgid", tid))


def program(pid: int) -> str:
    """The file that the process executes."""
    try:
        return os.readlink(f"/proc/{pid}/exe")
    except OSError:
        return ""


def directory(pid: int) -> str:
    """The working directory of the process."""
    try:
        return os.readlink(f"/proc/{pid}/cwd")
    except OSError:
        return ""


def arguments(pid: int) -> tuple[str, ...]:
    """The words that the process was started with."""
    try:
        with open(f"/proc/{pid}/cmdline", "rb") as file:
            return tuple(map(text, file.read().split(b"\0")[:-1]))
    except OSError:
        return ()


def ids(pid: int) -> tuple[int, int, int, int]:
    """Parent, group, session, and the group that its terminal belongs to (-1: no terminal).  proc_pid_stat(5).

    ProcessLookupError: there is no such process.
    """
    fields = _stat(pid).split()
    if not fields:
        raise ProcessLookupError(f"process {pid} has ended")
    ppid, pgid, sid, _, foreground = map(int, fields[1:6])
    return ppid, pgid, sid, foreground


def status(tid: int) -> dict[str, str]:
    """The names and values of proc_pid_status(5); empty where there is no such thread."""
    return _lines(f"/proc/{tid}/status")


def _stat(tid: int) -> str:
    """The fields of proc_pid_stat(5) from the third on; the second, a name, may contain anything."""
    return _start(f"/proc/{tid}/stat", 1024).rpartition(b") ")[2].decode()


def _start(path: str, size: int, offset: int = 0) -> bytes:
    """So many bytes of a file, from `offset` on; none where it cannot be read.

    Asked at every stop, so without a file object, which takes three times as long.
    """
    try:
        fd = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    except OSError:
        return b""
    try:
        return os.pread(fd, size, offset)
    except OSError:
        return b""
    finally:
        os.close(fd)


def _lines(path: str) -> dict[str, str]:
    """A file of /proc with a name and a value on each line; empty where there is none."""
    found = [line.partition(":") for line in _start(path, _MOST_OF_A_FILE).decode("utf-8", "replace").splitlines()]
    return {name: value.strip() for name, _, value in found}


def text(data: bytes) -> str:
    """Bytes as text; what is not UTF-8 stays visible as an escape."""
    return data.decode("utf-8", "backslashreplace")


def thread_state(tid: int) -> str:
    """The letter of proc_pid_stat(5); R where the thread is just disappearing: its last report is on the way."""
    return _stat(tid)[:1] or "R"


def is_off_processor(tid: int) -> bool:
    """The thread has really gone to sleep.

    A thread that is about to look whether it has to wait calls itself asleep before it looks (prepare_to_wait in the
    kernel), so its state alone is not enough.  /proc/TID/syscall says `running` until it has left the processor.
    """
    call = _start(f"/proc/{tid}/syscall", 16)
    return bool(call) and not call.startswith(b"running")


def has_pending_signal(tid: int) -> bool:
    """A signal waits for the thread that it neither blocks nor ignores, or the thread has been killed."""
    sets = _signal_sets(tid)
    if not sets:
        return True
    pending = (sets["SigPnd"] | sets["ShdPnd"]) & ~sets["SigBlk"]
    ignored = (sets["SigIgn"] | _IGNORED_BY_DEFAULT) & ~sets["SigCgt"]
    return pending & ~ignored != 0


def signal_action(tid: int, number: int) -> str:
    """What the signal will do to the thread: handled, ignored or default."""
    sets, bit = _signal_sets(tid), 1 << (number - 1)
    if sets.get("SigCgt", 0) & bit:
        return "handled"
    return "ignored" if sets.get("SigIgn", 0) & bit else "default"


def _signal_sets(tid: int) -> dict[str, int]:
    """The signal sets of proc_pid_status(5), as bits; empty where the process has ended."""
    lines = status(tid)
    if lines.get("State", "Z")[0] in "ZX":
        return {}
    return {name: int(value, 16) for name, value in lines.items() if name[:3] in ("Sig", "Shd") and name != "SigQ"}
