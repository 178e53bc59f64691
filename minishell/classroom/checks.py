"""What an exercise may ask of the processes of a submission: each check is a sentence about events.

A check is written as a call, `created(2)` or `killed_by("yes", "SIGPIPE")`, in `exercise.toml`; `parse` makes a
function of it without running anything.  A check that is not met raises `Unmet` with a sentence for the learner and,
where there is one, the event that is to blame.
"""

from __future__ import annotations

import ast
import inspect
from dataclasses import dataclass
from typing import TYPE_CHECKING

from minishell.trace.event import (
    Event,
    Exec,
    Exit,
    Kill,
    Killed,
    Open,
    Setpgid,
    SigAction,
    Tcsetpgrp,
    Wait,
    Write,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from minishell.classroom.seen import Seen

    Check = Callable[[Seen], None]


SUBMISSION = "/sub/"


class Unmet(Exception):
    """The submission does not do what the exercise asks; the text tells the learner what it does instead."""

    def __init__(self, sentence: str, event: Event | None = None) -> None:
        super().__init__(sentence)
        self.event = event


class Unknown(Exception):
    """An exercise asks for a check that there is not, or asks it wrongly."""


@dataclass(frozen=True)
class PipeEnd:
    """Any pipe that the submission made, and which end of it."""

    end: str

    def __str__(self) -> str:
        return f"the {self.end} end of a pipe"


# -- processes


def created(seen: Seen, count: int) -> None:
    """Exactly so many processes were made."""
    if len(seen.forks) != count:
        made = plural(len(seen.forks), "process", "processes")
        raise Unmet(f"{made} {was(len(seen.forks))} made, and the task asks for {count}", last(seen.forks))


def children(seen: Seen, count: int) -> None:
    """The submission itself made exactly so many processes; those that its children make do not count."""
    own = [fork for fork in seen.forks if fork.pid == seen.first]
    if len(own) != count:
        others = [fork for fork in seen.forks if fork.pid != seen.first]
        more = f", and its children made {len(others)} more" if others else ""
        raise Unmet(
            f"your process has {plural(len(own), 'child', 'children')}{more}; the task asks for {count}",
            last(own or others),
        )


def depth(seen: Seen, generations: int) -> None:
    """The tree of processes has so many generations below the submission."""
    level = {seen.first: 0}
    for fork in seen.forks:
        level[fork.child] = level.get(fork.pid, 0) + 1
    deepest = max(level.values())
    if deepest != generations:
        raise Unmet(
            f"the deepest process is {plural(deepest, 'generation', 'generations')} below yours;"
            f" the task asks for {generations}"
        )


def reaped(seen: Seen) -> None:
    """Every process was waited for by its parent."""
    for fork in seen.forks:
        if seen.waited_for(fork.child) is None:
            who, parent = seen.letter(fork.child), seen.letter(fork.pid)
            raise Unmet(f"nobody waited for {who}: its parent {parent} never collected its status", fork)


def waits_in_order_of_ends(seen: Seen) -> None:
    """The first process waited for its children in the order in which they ended."""
    ends = [event.pid for event in seen.events if isinstance(event, Exit | Killed)]
    waits = [event for event in seen.all(Wait) if event.pid == seen.first and event.child]
    order = [ends.index(event.child) for event in waits if event.child in ends]
    for earlier, later, wait in zip(order, order[1:], waits[1:], strict=False):
        if later < earlier:
            raise Unmet(f"{seen.letter(wait.child)} had ended before the one that you collected first", wait)


def overlap(seen: Seen, one: str, other: str) -> None:
    """Both programs ran at the same time."""
    first, second = program(seen, one), program(seen, other)
    for early, late in ((first, second), (second, first)):
        end = seen.end(early.pid)
        if end is not None and seen.place(end) < seen.place(late):
            raise Unmet(f"{name(early)} had ended before {name(late)} began: they have to run at the same time", end)


def left_over(seen: Seen, count: int = 0) -> None:
    """So many processes are still running when the submission ends."""
    alive = alive_at_the_end(seen)
    if len(alive) != count:
        raise Unmet(
            f"{plural(len(alive), 'process', 'processes')} {was(len(alive))} still running"
            " when your process had ended"
        )


# -- programs


def ran(seen: Seen, program_name: str, times: int = 1) -> None:
    """This program was started so often."""
    found = seen.programs(program_name)
    if len(found) != times:
        raise Unmet(
            f"{program_name} was run {plural(len(found), 'time', 'times')}; the task asks for {times}",
            last(found),
        )


def no_exec(seen: Seen, *names: str) -> None:
    """None of these programs was started; without names, none at all."""
    for event in seen.all(Exec):
        if event.pid == seen.first and event.path.startswith(SUBMISSION):
            continue  # the submission itself
        if not names or any(event in seen.programs(each) for each in names):
            raise Unmet(f"{seen.letter(event.pid)} became {name(event)}, which this task does without", event)


def argv(seen: Seen, program_name: str, words: list[str]) -> None:
    """The program got exactly these words."""
    event = program(seen, program_name)
    if list(event.argv) != words:
        raise Unmet(f"{program_name} was given the words {list(event.argv)}, not {words}", event)


def status(seen: Seen, program_name: str, code: int) -> None:
    """The program ended with this number."""
    event = program(seen, program_name)
    end = seen.end(event.pid)
    if not isinstance(end, Exit) or end.code != code:
        raise Unmet(f"{program_name} {fate(end)}; the task asks for status {code}", end)


def killed_by(seen: Seen, program_name: str, signal: str) -> None:
    """The program was ended by this signal."""
    event = program(seen, program_name)
    end = seen.end(event.pid)
    if not isinstance(end, Killed) or end.sig != signal:
        raise Unmet(f"{program_name} {fate(end)}; it should be ended by {signal}", end)


# -- descriptors


def fd_at_exec(seen: Seen, program_name: str, table: dict[int, object], nothing_else: bool = False) -> None:
    """What the descriptors of a program mean when it begins: `pipe("read")`, a path's end, or anything ("")."""
    event = program(seen, program_name)
    for each, world in seen.worlds():
        if each is event:
            held = world.table(event.pid)
            break
    for fd, wanted in table.items():
        if fd not in held:
            raise Unmet(f"{program_name} begins with descriptor {fd} closed", event)
        what = held[fd]
        if isinstance(wanted, PipeEnd):
            fits = what.object.startswith("pipe") and wanted.end in what.end
        else:
            fits = what.object.endswith(str(wanted))
        if not fits:
            raise Unmet(
                f"{program_name} begins with descriptor {fd} meaning {what.object}; it should be {wanted}", event
            )
    if nothing_else and (more := sorted(set(held) - set(table))):
        raise Unmet(
            f"{program_name} begins with descriptor {more[0]} open ({held[more[0]].object}), and has no use for it",
            event,
        )


def used(seen: Seen, call: str, at_least: int = 1) -> None:
    """A kind of event happened so often at least: "pipe", "dup", "fork", "sigaction" …"""
    count = sum(event.kind == call and not event.errno for event in own(seen))
    if count < at_least:
        raise Unmet(f"{call} was used {plural(count, 'time', 'times')}; the task needs {at_least}")


def not_used(seen: Seen, call: str) -> None:
    """A kind of event never happened."""
    for event in own(seen):
        if event.kind == call:
            raise Unmet(f"{call} is not to be used here", event)


def opened(seen: Seen, path: str, mode: str = "") -> None:
    """A file was opened."""
    if not any(event.path.endswith(path) and mode in event.mode for event in seen.all(Open)):
        raise Unmet(f"nobody opened {path}" + (f" to {mode}" if mode else ""))


# -- signals and groups


def handled(seen: Seen, signal: str, action: str = "handled") -> None:
    """A process decided what a signal shall do: "handled", "ignored" or "default"."""
    if not any(event.sig == signal and event.action == action for event in seen.all(SigAction)):
        raise Unmet(f"no process has {signal} {action}")


def sent(seen: Seen, signal: str) -> None:
    """A process sent this signal."""
    if not any(event.sig == signal for event in seen.all(Kill)):
        raise Unmet(f"nobody sent {signal}")


def sent_when_ready(seen: Seen, signal: str) -> None:
    """The signal was sent after the receiver had decided what it shall do."""
    for kill in seen.all(Kill):
        if kill.sig == signal:
            ready = [each for each in seen.all(SigAction) if each.pid == kill.target and each.sig == signal]
            if not ready or seen.place(ready[0]) > seen.place(kill):
                raise Unmet(f"{signal} was sent to {seen.letter(kill.target)} before that was ready for it", kill)


def group_of_its_own(seen: Seen, program_name: str) -> None:
    """The program leads a process group."""
    event = program(seen, program_name)
    for each, world in seen.worlds():
        if each is event and world.process(event.pid).pgid != event.pid:
            raise Unmet(
                f"{program_name} is in group {seen.letter(world.process(event.pid).pgid)}, not in one of its own",
                event,
            )


def set_on_both_sides(seen: Seen, program_name: str) -> None:
    """Both the parent and the child put the program into its group."""
    event = program(seen, program_name)
    parent = next((fork.pid for fork in seen.forks if fork.child == event.pid), 0)
    for pid, who in ((event.pid, "the child"), (parent, "the parent")):
        if not any(
            each.pid == pid and each.target in (0, event.pid) for each in seen.events if isinstance(each, Setpgid)
        ):
            raise Unmet(
                f"{who} never calls setpgid for {program_name}: whoever runs first, one of them is too late", event
            )


def terminal_returned(seen: Seen) -> None:
    """The first process has the terminal again at the end."""
    given = seen.all(Tcsetpgrp)
    if given and given[-1].pgid != seen.first:
        raise Unmet("the terminal is given away and never taken back", given[-1])


# -- order


def before(seen: Seen, one: tuple[str, str], other: tuple[str, str]) -> None:
    """One event came before another: each is a kind and a program, `("exit", "ls")`."""
    first, second = event_of(seen, *one), event_of(seen, *other)
    if seen.place(first) > seen.place(second):
        raise Unmet(f"{other[0]} of {other[1]} came before {one[0]} of {one[1]}", second)


def wrote(seen: Seen, text: str, times: int = 1) -> None:
    """So many processes wrote exactly this."""
    writes = [event for event in seen.all(Write) if event.data == text]
    if len(writes) != times:
        raise Unmet(
            f"{text!r} was written {plural(len(writes), 'time', 'times')}; the task asks for {times}",
            last(writes),
        )


CHECKS: dict[str, Callable[..., None]] = {
    check.__name__: check
    for check in (
        created, children, depth, reaped, waits_in_order_of_ends, overlap, left_over, ran, no_exec, argv, status,
        killed_by, fd_at_exec, used, not_used, opened, handled, sent, sent_when_ready, group_of_its_own,
        set_on_both_sides, terminal_returned, before, wrote,
    )
}  # fmt: skip
"""Every check by its name; the docstring is its entry in the teacher's guide."""


def parse(text: str) -> Check:
    """The check that a call asks for.  Unknown: there is none of this name, or these are not its arguments."""
    try:
        tree = ast.parse(text, mode="eval").body
    except SyntaxError as problem:
        raise Unknown(f"{text}: {problem.msg}") from problem
    if not isinstance(tree, ast.Call) or not isinstance(tree.func, ast.Name):
        raise Unknown(f"{text}: a check is a call, such as created(2)")
    if tree.func.id not in CHECKS:
        raise Unknown(f"{text}: there is no check {tree.func.id}; there are {', '.join(sorted(CHECKS))}")
    check = CHECKS[tree.func.id]
    words = [value(each) for each in tree.args]
    named = {str(each.arg): value(each.value) for each in tree.keywords}
    try:
        inspect.signature(check).bind(None, *words, **named)
    except TypeError as problem:
        raise Unknown(f"{text}: {problem}") from problem
    return lambda seen: check(seen, *words, **named)


def value(tree: ast.expr) -> object:
    """An argument: a literal, or `pipe("read")`, also inside a table."""
    match tree:
        case ast.Call(func=ast.Name(id="pipe"), args=[ast.Constant(value=str() as end)]) if end in ("read", "write"):
            return PipeEnd(end)
        case ast.Dict(keys=keys, values=values):
            return {value(key): value(each) for key, each in zip(keys, values, strict=True) if key is not None}
    try:
        return ast.literal_eval(tree)
    except ValueError as problem:
        raise Unknown(
            f"{ast.unparse(tree)}: an argument is a number, a text, a list, a table or pipe(…)"
        ) from problem


# -- words


def program(seen: Seen, name: str) -> Exec:
    """The one process that became this program."""
    found = seen.programs(name)
    if not found:
        raise Unmet(f"nobody runs {name}")
    return found[0]


def event_of(seen: Seen, kind: str, program_name: str) -> Event:
    """The first event of a kind of the process that became a program."""
    pid = program(seen, program_name).pid
    event = next((each for each in seen.events if each.pid == pid and each.kind == kind), None)
    if event is None:
        raise Unmet(f"{program_name} has no {kind}")
    return event


def own(seen: Seen) -> list[Event]:
    """The events that the submission's own lines made happen; all of them where lines are not known."""
    marked = [event for event in seen.events if event.cause]
    return marked or list(seen.events)


def alive_at_the_end(seen: Seen) -> list[int]:
    """The processes that the submission left behind."""
    end = seen.end(seen.first)
    limit = seen.place(end) if end is not None else len(seen.events)
    made = [fork.child for fork in seen.forks]
    gone = {event.pid for event in seen.events[:limit] if isinstance(event, Exit | Killed)}
    return [pid for pid in made if pid not in gone]


def last(events: Sequence[Event]) -> Event | None:
    return events[-1] if events else None


def name(event: Exec) -> str:
    return event.argv[0] if event.argv else event.path


def fate(end: Exit | Killed | None) -> str:
    """How a process ended, as the end of a sentence."""
    match end:
        case Exit(code=code):
            return f"ended with {code}"
        case Killed(sig=sig):
            return f"was ended by {sig}"
        case _:
            return "had not ended"


def plural(count: int, one: str, many: str) -> str:
    return f"{count or 'no'} {one if count == 1 else many}"


def was(count: int) -> str:
    return "was" if count == 1 else "were"
