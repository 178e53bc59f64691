"""A prediction as text: the line's commands one below the other, and under each what its processes will do."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING

from minishell.errors import shown
from minishell.explain.prediction import Leaves, Of, Only, Part, Repeats, Says, Unknown, Will, decided
from minishell.explain.telling import is_unknown
from minishell.trace.event import Cloexec, Close, Dup, Exec, Open, Read, SigAction, Wait, Write
from minishell.trace.names import letter
from minishell.trace.story import coloured, sentence, thing
from minishell.trace.words import quoted

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from minishell.explain.prediction import Item, Prediction, Status
    from minishell.source import Span
    from minishell.trace.process import Descriptor

LONGEST_HEADING = 100
DEEPEST = 15  # what is nested deeper does not go further to the right


def told(prediction: Prediction, *, colour: bool = False) -> list[str]:
    """The lines.  `colour`: each process's letter in a colour of its own."""
    told = [*lines(prediction.items, 0, colour), f"$? is {decided(prediction.status)}"]
    return [line.replace("\u00a0", " ") for line in told]


def lines(items: Sequence[Item], depth: int, colour: bool) -> Iterator[str]:
    """Who does something is said where it is another one than in the line before."""
    who, margin = 0, "  " * min(depth, DEEPEST)
    for item in together(items):
        inner: Sequence[Item]
        match item:
            case Sentence(pid, words) | Says(pid, words):
                words = shown(words.replace("\u00a0", " "))  # see `unknown`
                name = letter(pid) if pid != who else " " * len(letter(pid))
                who = pid
                yield f"{margin}{coloured(name, pid) if colour else name}  {words}"
                continue
            case Part(_, [Part() | Only() | Repeats(), *_] as inner):  # nothing happens to it as a whole
                yield from lines(inner, depth, colour)
                continue
            case Part(span, inner):
                if inner:
                    yield f"{margin}{heading(span)}"
            case Only(status, zero, inner):
                if inner and isinstance(status, Unknown):
                    yield f"{margin}perhaps, for nobody knows {status.why}:"
                elif inner:
                    yield f"{margin}only if {condition(status)} is {'0' if zero else 'not 0'}:"
            case Repeats(why, inner):
                yield f"{margin}again and again, {why}:"
            case Leaves(pid, what, status):
                inner = []
                yield f"{margin}{letter(pid)}  leaves {what} here, with status {status}"
        yield from lines(inner, depth + 1, colour)
        who = 0


def condition(status: Status) -> str:
    """A status that is looked at: that of a process, or what `$?` then is."""
    return f"the status of {letter(status.pid)}" if isinstance(status, Of) else "$? then"


def heading(span: Span) -> str:
    text = shown(" ".join(span.text.split()))
    return text if len(text) <= LONGEST_HEADING else f"{text[: LONGEST_HEADING - 1]}…"


class Sentence(Says):
    """What several events come to."""


def together(items: Sequence[Item]) -> Iterator[Item]:
    """Events as sentences; one for those that are one step to a reader."""
    rest = list(items)
    while rest:
        item = rest.pop(0)
        if not isinstance(item, Will):
            yield item
            continue
        pid, event = item.event.pid, item.event
        match event:
            case Wait():
                continue  # said in one sentence for all
            case Read() | Cloexec():
                continue  # of no interest, or said where the file is opened
            case SigAction():
                run = [event]
                while rest and isinstance(rest[0], Will) and isinstance(following := rest[0].event, SigAction):
                    run.append(following)
                    rest.pop(0)
                yield from (Sentence(pid, words) for words in dispositions(run))
            case Open(errno="", path=path, fd=fd, mode=mode):
                match rest:
                    case [Will(Dup(old=old, new=new)), Will(Close(fd=closed)), *_] if old == closed == fd:
                        fd, rest = new, rest[2:]
                yield Sentence(pid, f"opens {path} as {standard(fd)}, to {opening(mode)}")
            case Exec(errno=""):
                yield Sentence(pid, f"{sentence(event)}{why(item)}")
                yield Sentence(pid, f"   with {meanings(item.table or {})}")
                if item.environment:
                    given = " ".join(f"{name}={value}" for name, value in item.environment.items())
                    yield Sentence(pid, f"   with {given} in its environment")
            case Write(fd=fd, object=object, data=data) if is_unknown([data]):  # nor does anybody know how much
                yield Sentence(pid, f"writes to {thing(fd, object)}: {quoted(data)}")
            case _:
                yield Sentence(pid, sentence(event) + why(item))


def why(item: Will) -> str:
    """The reason for a call, where it is not plain."""
    match item.event:
        case Close() if item.held and item.held.end == "write":
            return ": as long as it were open, whoever reads the pipe would not see end of file"
    return ""


def opening(mode: str) -> str:
    """How a file is opened, and when what is in it goes."""
    words = mode.replace(", create, truncate", ": it is made if there is none, and EMPTIED NOW if there is one")
    return words.replace(", create, append", ": it is made if there is none; each write goes to its end")


def standard(fd: int) -> str:
    """`fd 0 (standard input)`."""
    name = {0: " (standard input)", 1: " (standard output)", 2: " (standard error)"}.get(fd, "")
    return f"fd {fd}{name}"


def dispositions(events: Sequence[SigAction]) -> Iterator[str]:
    """One sentence for all signals with which the same is done."""
    words = {"default": "back to their default", "ignored": "ignored", "handled": "handled by the shell"}
    for action, run in groupby(events, key=lambda event: event.action):
        names = [event.sig.removeprefix("SIG") for event in run]
        yield f"signals {words[action]}: {' '.join(names)}"


def meanings(table: Mapping[int, Descriptor]) -> str:
    """`0 f · 1 pipe 1 (write end) · 2 the terminal`."""
    return " · ".join(
        f"{fd} {thing(fd, held.object)}{f' ({held.end} end)' if held.end else ''}"
        for fd, held in sorted(table.items())
    )
