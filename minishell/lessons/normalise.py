"""Take the machine out of a text: what the clean room could not keep away, by known value, then by rule.

Order, strongest first: values that are known exactly (pids, the room's own paths), then patterns that can
only be what they look like (temporary names, addresses, the host's name).  Nothing here guesses.
"""

import os
import re
import socket
import sys
from collections.abc import Sequence

from minishell.lessons.house import HOME
from minishell.lessons.stage import Room, first_pid, needed

NUMBER = re.compile(r"(?<![\w.])\d+(?![\w]|\.\d)")
TEMPORARY = re.compile(r"\btmp[a-z0-9_]{8}\b")  # tempfile's own names
ADDRESS = re.compile(r"\b0x[0-9a-f]{8,16}\b")
CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")


def tidy(output: bytes, room: Room, *, pids: Sequence[int] = (), seed: str = "") -> str:
    """The text of a run as a page shows it: no trailing blanks, control characters spelled `^[`."""
    text = output.decode("utf-8", "backslashreplace").replace("\r\n", "\n")
    text = paths(text, room)
    text = rename_pids(text, pids, first_pid(seed))
    text = residue(text)
    lines = (line.expandtabs(8).rstrip() for line in text.split("\n"))
    return CONTROL.sub(caret, "\n".join(lines).strip("\n"))


def paths(text: str, room: Room) -> str:
    """Replace the room's folders and the interpreter by what they would be on the learner's machine."""
    for real, shown in (
        (str(room.home), HOME),
        (str(room.temporary), "/tmp"),
        (os.path.realpath(sys.executable), "/usr/bin/python3"),
        (sys.executable, "/usr/bin/python3"),
        (sys.base_prefix + "/lib", "/usr/lib"),
        *((folder, "/usr") for folder in needed()),
    ):
        text = text.replace(real, shown)
    return text


def rename_pids(text: str, pids: Sequence[int], first: int) -> str:
    """Give known pids, in order of birth, the numbers from `first` on.

    Only whole words are pids: 12 is not renamed inside 1200 or 3.12.
    """
    names = {str(pid): str(first + rank) for rank, pid in enumerate(pids)}
    return NUMBER.sub(lambda word: names.get(word.group(), word.group()), text)


def residue(text: str) -> str:
    """Replace what nobody can know before: temporary names (numbered as they appear), addresses, the host."""
    seen: dict[str, str] = {}
    text = TEMPORARY.sub(lambda name: seen.setdefault(name.group(), f"tmp{len(seen) + 1:08d}"), text)
    text = ADDRESS.sub("0x7f0000000000", text)
    host = socket.gethostname()
    return re.sub(rf"\b{re.escape(host)}\b", "classroom", text) if len(host) > 3 else text


def caret(character: re.Match[str]) -> str:
    """`^[` for Escape: a page must not carry control characters."""
    return "^" + chr(ord(character.group()) ^ 64)
