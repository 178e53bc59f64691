"""What watching changes for a program, or cannot show of it: said in a `Note` when the program begins."""

from __future__ import annotations

import os
import stat

from minishell.trace.event import Exec, Note, at

_ELF, _CLASS_AT, _CLASS_32 = b"\x7fELF", 4, 1  # elf(5), e_ident
_CAPABILITY = "security.capability"  # capabilities(7), "File capabilities"


def remarks(event: Exec) -> list[Note]:
    """What is to be said of the program that a process has just become."""
    program = f"/proc/{event.pid}/exe"
    if not os.path.exists(program):  # hidden: a set-user-ID program that not everybody may read
        program = os.path.join(f"/proc/{event.pid}/cwd", event.path)
    texts = (_of_class(program), _of_privilege(event, program))
    times = at(event.end_ns)
    return [Note(pid=event.pid, cause=event.cause, text=text, **times) for text in texts if text]


def _of_class(program: str) -> str:
    try:
        with open(program, "rb") as file:
            ident = file.read(_CLASS_AT + 1)
    except OSError:
        return ""
    if ident[:_CLASS_AT] != _ELF or ident[_CLASS_AT] != _CLASS_32:
        return ""
    return (
        "this is a 32-bit program: of what it does only new processes, signals, stops and the end are seen, for its"
        " system calls have other numbers"
    )


def _of_privilege(event: Exec, program: str) -> str:
    """A traced program does not get the privilege of its file: execve(2), and PR_SET_NO_NEW_PRIVS of prctl(2)."""
    try:
        file = os.stat(program)
        runs_as = os.stat(f"/proc/{event.pid}").st_uid
    except OSError:
        return ""
    name = os.path.basename(event.path)
    if file.st_mode & stat.S_ISUID and file.st_uid != runs_as:
        return f"{name} is set-user-ID: while it is watched it runs without that privilege, and may fail"
    if _has_capabilities(program) and runs_as:
        return f"{name} has file capabilities: while it is watched it runs without them, and may fail"
    return ""


def _has_capabilities(program: str) -> bool:
    try:
        return bool(os.getxattr(program, _CAPABILITY))
    except OSError:  # it has none, or the file system knows of none
        return False
