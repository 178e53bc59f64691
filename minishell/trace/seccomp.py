"""A seccomp filter that stops a program only at the system calls somebody wants to see.

Without it ptrace stops every call twice.  With it a call that nobody asked for costs a few instructions in the
kernel. The filter is a little program for the kernel's packet filter machine (seccomp(2), linux/bpf_common.h);
it is inherited by every child and survives exec.
"""

from __future__ import annotations

import ctypes
import errno
import os
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from minishell.trace.table import Machine

_LOAD, _JUMP_IF_EQUAL, _RETURN = 0x20, 0x15, 0x06  # BPF_LD|W|ABS, BPF_JMP|JEQ|K, BPF_RET|K
_ALLOW, _TRACE = 0x7FFF0000, 0x7FF00000  # SECCOMP_RET_*
_NUMBER_AT, _ARCH_AT, _ARGS_AT = 0, 4, 16  # struct seccomp_data
_SET_NO_NEW_PRIVS, _SET_SECCOMP, _MODE_FILTER = 38, 22, 2  # prctl(2)

_libc = ctypes.CDLL(None, use_errno=True)


class Step(NamedTuple):
    """One instruction: an operation, how many instructions to skip if true and if false, and its operand."""

    operation: int
    if_true: int
    if_false: int
    operand: int


class _Filter(ctypes.Structure):
    _fields_ = (("code", ctypes.c_uint16), ("jt", ctypes.c_uint8), ("jf", ctypes.c_uint8), ("k", ctypes.c_uint32))


class _Program(ctypes.Structure):
    _fields_ = (("length", ctypes.c_uint16), ("filter", ctypes.POINTER(_Filter)))


class Program:
    """A filter ready to be installed; made before fork, so that the child only has to hand it over."""

    def __init__(self, steps: Sequence[Step]) -> None:
        self._steps = (_Filter * len(steps))(*[_Filter(*step) for step in steps])  # kept alive: the kernel reads it
        self._program = _Program(len(steps), self._steps)

    def install(self) -> None:
        """Bind this process and all its children to the filter.  OSError: the kernel refused."""
        _prctl(_SET_NO_NEW_PRIVS, 1)
        _prctl(_SET_SECCOMP, _MODE_FILTER, ctypes.addressof(self._program))


def is_possible() -> bool:
    """Whether this kernel knows filters: then one that is nowhere is a bad address.  prctl(2)."""
    try:
        _prctl(_SET_SECCOMP, _MODE_FILTER, 0)
    except OSError as refusal:
        return refusal.errno == errno.EFAULT
    return False


def stop_at(machine: Machine, wanted: Mapping[str, tuple[int, frozenset[int]] | None]) -> list[Step]:
    """The filter that stops at the `wanted` calls of this machine.

    A call may come with the number of an argument and the values it has to have: `fcntl` matters only for F_DUPFD.
    """
    steps = [Step(_LOAD, 0, 0, _ARCH_AT), Step(_JUMP_IF_EQUAL, 1, 0, machine.audit_arch), Step(_RETURN, 0, 0, _ALLOW)]
    steps.append(Step(_LOAD, 0, 0, _NUMBER_AT))
    for name, condition in wanted.items():
        if name in machine.numbers:
            body = [Step(_RETURN, 0, 0, _TRACE)] if condition is None else _if_argument(*condition)
            steps += [Step(_JUMP_IF_EQUAL, 0, len(body), machine.numbers[name]), *body]
    return [*steps, Step(_RETURN, 0, 0, _ALLOW)]


def _if_argument(index: int, values: frozenset[int]) -> list[Step]:
    steps = [Step(_LOAD, 0, 0, _ARGS_AT + 8 * index)]  # the low half: both machines are little-endian
    for value in sorted(values):
        steps += [Step(_JUMP_IF_EQUAL, 0, 1, value), Step(_RETURN, 0, 0, _TRACE)]
    return [*steps, Step(_RETURN, 0, 0, _ALLOW)]


def _prctl(option: int, first: int, second: int = 0) -> None:
    if _libc.prctl(option, ctypes.c_ulong(first), ctypes.c_ulong(second), ctypes.c_ulong(0), ctypes.c_ulong(0)):
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number))
