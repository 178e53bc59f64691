"""Made-up traces for properties: processes that fork, exec, read, write, signal and end, with names of every kind."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hypothesis import strategies as st

from minishell.trace.event import (
    Chdir,
    Close,
    Cont,
    Dup,
    Event,
    Exec,
    Exit,
    Fork,
    Kill,
    Killed,
    Open,
    Pause,
    Pipe,
    Read,
    SigAction,
    Signal,
    Stop,
    Wait,
    Write,
)

if TYPE_CHECKING:
    from collections.abc import Callable

HOSTILE = (
    "<&\"'>",
    "\x1b[31m\x00",
    "日本語の名前",
    "\u202eabc",
    "a" * 90,
    "e\u0301\u0301",
    "\udcff",
    "\n\n",
    "]]>",
    "-->",
)
PIPES = tuple(f"pipe:[{number}]" for number in (11, 22))
_names = st.one_of(st.sampled_from(HOSTILE), st.text(max_size=12))
_signals = st.sampled_from(("SIGTERM", "SIGCONT", "SIGSTOP", "SIGUSR1", "SIGCHLD", "SIGPIPE"))
_causes = st.one_of(
    st.just(""),
    st.integers(1, 20_000).map(lambda line: f"line {line}"),
    st.builds(
        lambda start, text: f"span {start}-{start + len(text)}: {text}",
        st.integers(0, 9),
        st.text(min_size=1, max_size=9),
    ),
)


@st.composite
def traces(draw: st.DrawFn) -> tuple[Event, ...]:
    """A trace in which nobody acts before birth or after death; all else is left to chance."""
    alive, ended, next_pid = [100], [99], 101
    events: list[Event] = []
    for _ in range(draw(st.integers(0, 40))):
        if not alive:
            break
        pid = draw(st.sampled_from(alive))
        event = draw(_events(pid, next_pid, [*alive, *ended]))
        if isinstance(event, Fork):
            alive.append(next_pid)
            next_pid += 1
        if isinstance(event, Exit | Killed):
            alive.remove(pid)
            ended.append(pid)
        events.append(event)
    return tuple(events)


def _events(pid: int, child: int, others: list[int]) -> st.SearchStrategy[Event]:
    some = st.sampled_from(others)
    common = {"pid": st.just(pid), "cause": _causes, "errno": st.sampled_from(("", "", "", "EPIPE", "ENOENT"))}
    pipes, counts = st.sampled_from(PIPES), st.integers(0, 5000)

    def made(kind: Callable[..., Event], **fields: st.SearchStrategy[object]) -> st.SearchStrategy[Event]:
        return st.builds(kind, **(common | fields))

    ends = {"errno": st.just("")}
    return st.one_of(
        made(Fork, child=st.just(child), via=st.sampled_from(("fork", "vfork")), **ends),
        made(Fork, child=st.just(child), **ends),
        made(Exec, path=_names, argv=st.lists(_names, max_size=3).map(tuple)),
        made(Exit, code=st.integers(0, 255), **ends),
        made(Killed, sig=_signals, **ends),
        made(Wait, target=st.just(-1), child=some, status=st.just(0), blocked=st.booleans()),
        made(Pipe, read=st.just(3), write=st.just(4), object=pipes, **ends),
        made(Write, fd=st.just(4), object=pipes, count=counts, data=_names, blocked=st.booleans()),
        made(Read, fd=st.just(3), object=pipes, count=counts, data=_names, blocked=st.booleans()),
        made(Close, fd=st.integers(0, 5), object=pipes),
        made(Dup, old=st.integers(0, 5), new=st.integers(0, 5), object=pipes),
        made(Open, path=_names, fd=st.integers(0, 5)),
        made(Kill, target=some, sig=_signals),
        made(Signal, sig=_signals, sender=some, action=st.sampled_from(("handled", "taken", "default", "ignored"))),
        made(SigAction, sig=_signals, action=st.sampled_from(("handled", "default", "ignored"))),
        made(Stop, sig=_signals, **ends),
        made(Cont, **ends),
        made(Chdir, path=_names),
        made(Pause),
    )
