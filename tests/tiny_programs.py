"""Programs of a few bytes, without a C library or a loader: static ones, with 64 or 32 bits.

Layouts: elf(5).  There need not be a compiler, least of all one for 32 bits.
"""

from __future__ import annotations

import platform
import struct

_BASE = 0x08048000

_EXIT_7 = {
    ("x86_64", 64): (62, "bf 07000000 b8 3c000000 0f05"),  # mov edi,7; mov eax,60; syscall
    ("x86_64", 32): (3, "bb 07000000 b8 01000000 cd80"),  # mov ebx,7; mov eax,1; int 0x80
    ("aarch64", 64): (183, "e00080d2 a80b80d2 010000d4"),  # mov x0,7; mov x8,93; svc 0
    ("aarch64", 32): (40, "0700a0e3 0170a0e3 000000ef"),  # mov r0,7; mov r7,1; svc 0
}
"""Machine and bits → the number of the machine in elf(5), and code."""


def exits_with_7(bits: int) -> bytes:
    """A program that ends with status 7."""
    machine, code = _EXIT_7[platform.machine(), bits]
    return elf(bits, machine, bytes.fromhex(code))


def becomes(path: str) -> bytes:
    """A 32-bit program of an x86 that executes another one, with its path as its only argument."""
    at = struct.pack("<I", _BASE + 52 + 32 + 22)
    code = b"\x31\xd2\x52\x68" + at + b"\x89\xe1\xbb" + at + b"\xb8\x0b\0\0\0\xcd\x80"
    assert len(code) == 22
    return elf(32, 3, code + path.encode() + b"\0")


def elf(bits: int, machine: int, code: bytes) -> bytes:
    """An executable file with one segment, which begins with its headers."""
    word = "Q" if bits == 64 else "I"
    header, segment = (64, 56) if bits == 64 else (52, 32)
    size = header + segment + len(code)
    ident = b"\x7fELF" + bytes((bits // 32, 1, 1)) + bytes(9)
    sizes = (header, segment, 1, 0, 0, 0)
    file = ident + struct.pack(f"<HHI3{word}I6H", 2, machine, 1, _BASE + header + segment, header, 0, 0, *sizes)
    if bits == 64:
        return file + struct.pack("<IIQQQQQQ", 1, 5, 0, _BASE, _BASE, size, size, 4096) + code
    return file + struct.pack("<IIIIIIII", 1, 0, _BASE, _BASE, size, size, 5, 4096) + code
