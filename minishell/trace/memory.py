"""Reading what /proc tells of a traced process: its memory, its descriptors, its state and its signals."""

from __future__ import annotations

import os
import signal
import struct

_WORD = 8  # bytes of a pointer: both machines of `table.py` have 64 bits
_IGNORED_BY_DEFAULT = sum(
    1 << (number - 1) for number in (signal.SIGCHLD, signal.SIGCONT, signal.SIGURG, signal.SIGWINCH)
)
_MOST_WORDS = 256  # of an argument list


def read(tid: int, address: int, size: int) -> bytes:
    """Up to `size` bytes at `address`; fewer or none where the memory is not there."""
    try:
        with open(f"/proc/{tid}/mem", "rb", buffering=0) as memory:
            return os.pread(memory.fileno(), size, address)
    except OSError:
        return b""


def write(tid: int, address: int, data: bytes) -> None:
    """Change the memory at `address`, read-only pages too.  OSError: it is not there."""
    with open(f"/proc/{tid}/mem", "r+b", buffering=0) as memory:
        os.pwrite(memory.fileno(), data, address)


def numbers(tid: int, address: int, layout: str) -> tuple[int, ...]:
    """Integers at `address`, laid out as `struct` says; zeros where the memory is not there."""
    size = struct.calcsize("=" + layout)
    return struct.unpack("=" + layout, read(tid, address, size).ljust(size, b"\0"))


def string(tid: int, address: int, most: int = 4096) -> str:
    """The C string at `address`."""
    return text(read(tid, address, most).split(b"\0", 1)[0])


def strings(tid: int, address: int) -> tuple[str, ...]:
    """The strings of an argument list, which ends with a null pointer."""
    found = []
    for index in range(_MOST_WORDS):
        (pointer,) = numbers(tid, address + _WORD * index, "Q")
        if not pointer:
            break
        found.append(string(tid, pointer))
    return tuple(found)


def descriptor(pid: int, fd: int) -> str:
    """What descriptor `fd` of the process means: a path, `pipe:[123]`, or nothing where it is not open."""
    try:
        return os.readlink(f"/proc/{pid}/fd/{fd}")
    except OSError:
        return ""


def program(pid: int) -> tuple[str, tuple[str, ...]]:
    """The file that a process executes, and its arguments."""
    try:
        with open(f"/proc/{pid}/cmdline", "rb") as words:
            return os.readlink(f"/proc/{pid}/exe"), tuple(map(text, words.read().split(b"\0")[:-1]))
    except OSError:
        return "", ()


def process_of(tid: int) -> int:
    """The process that a thread belongs to; itself where it has ended."""
    try:
        with open(f"/proc/{tid}/status", encoding="utf-8", errors="replace") as status:
            return next(int(line.split()[1]) for line in status if line.startswith("Tgid:"))
    except OSError:
        return tid


def text(data: bytes) -> str:
    """Bytes as text; what is not UTF-8 stays visible as an escape."""
    return data.decode("utf-8", "backslashreplace")


def thread_state(tid: int) -> str:
    """The letter of proc_pid_stat(5); R where the thread is just disappearing: its last report is on the way."""
    try:
        with open(f"/proc/{tid}/stat", "rb", buffering=0) as stat:
            return stat.read(512).rsplit(b") ", 1)[1][:1].decode()
    except (OSError, IndexError):
        return "R"


def is_off_processor(tid: int) -> bool:
    """The thread has really gone to sleep.

    A thread that is about to look whether it has to wait calls itself asleep before it looks (prepare_to_wait in the
    kernel), so its state alone is not enough.  /proc/TID/syscall says `running` until it has left the processor.
    """
    try:
        with open(f"/proc/{tid}/syscall", "rb", buffering=0) as call:
            return not call.read(16).startswith(b"running")
    except OSError:
        return False


def has_pending_signal(tid: int) -> bool:
    """A signal waits for the thread that it neither blocks nor ignores, or the thread has been killed."""
    status = _status(tid)
    if not status:
        return True
    pending = (status["SigPnd"] | status["ShdPnd"]) & ~status["SigBlk"]
    ignored = (status["SigIgn"] | _IGNORED_BY_DEFAULT) & ~status["SigCgt"]
    return pending & ~ignored != 0


def signal_action(tid: int, number: int) -> str:
    """What the signal will do to the thread: handled, ignored or default."""
    status, bit = _status(tid), 1 << (number - 1)
    if status.get("SigCgt", 0) & bit:
        return "handled"
    return "ignored" if status.get("SigIgn", 0) & bit else "default"


def _status(tid: int) -> dict[str, int]:
    """The signal sets of proc_pid_status(5), as bits; empty where the process has ended."""
    try:
        with open(f"/proc/{tid}/status", encoding="utf-8", errors="replace") as status:
            lines = [line.split(":\t", 1) for line in status]
    except OSError:
        return {}
    if any(name == "State" and value.startswith(("Z", "X")) for name, value in lines):
        return {}
    return {name: int(value, 16) for name, value in lines if name[:3] in ("Sig", "Shd") and name != "SigQ"}
