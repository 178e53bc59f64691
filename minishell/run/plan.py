"""What a child will do between `fork` and becoming its program: written down first, then done.

A plan decides everything, so that it can be shown, compared in a test, and carried out by either of two
launchers that decide nothing.
"""

from __future__ import annotations

from minishell.ids import Fd, Pid
from minishell.record import record

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import TypeAlias

    from minishell.source import Span

OWN_GROUP = Pid(0)


@record
class Open:
    """Open `path` so that it becomes `fd`."""

    fd: Fd
    path: str
    flags: int
    span: Span | None


@record
class Duplicate:
    """dup2(old, new)."""

    old: Fd
    new: Fd
    span: Span | None = None


@record
class Close:
    """close(fd), which need not be open."""

    fd: Fd


@record
class Here:
    """Let `fd` read `text`: a here-document."""

    fd: Fd
    text: str


Action: TypeAlias = "Open | Duplicate | Close | Here"


@record
class Program:
    """What `execve` gets.  `span` is the word that named it."""

    path: str
    argv: tuple[str, ...]
    env: Mapping[str, str]
    span: Span | None = None


@record
class ChildPlan:
    """What a child does, in this order.

    `group`: None stays in the shell's group, OWN_GROUP leads a new one.  `terminal`: this descriptor's
    foreground group becomes the child's own.  `program` None: the child goes on as a copy of the shell.
    """

    group: Pid | None = None
    terminal: Fd | None = None
    default_signals: tuple[int, ...] = ()
    ignored_signals: tuple[int, ...] = ()
    actions: tuple[Action, ...] = ()
    program: Program | None = None
