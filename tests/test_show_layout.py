"""Whatever happened, the picture has all of it, inside its frame, and nothing lies on anything else."""

from __future__ import annotations

import re
from itertools import combinations
from typing import NamedTuple
from xml.etree import ElementTree

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from minishell.show.lanes import Arrow
from minishell.show.packing import pack
from minishell.show.text import cells, shorten, width
from minishell.show.timeline import timeline
from minishell.show.tracks import Tracks
from minishell.trace.event import (
    Chdir,
    Event,
    Exec,
    Exit,
    Fork,
    Kill,
    Killed,
    Pipe,
    Read,
    Signal,
    Stop,
    Wait,
    Write,
)
from minishell.trace.story import story
from tests.traces import traces

SVG = "{http://www.w3.org/2000/svg}"


class Box(NamedTuple):
    left: float
    top: float
    right: float
    bottom: float
    what: str

    def inside(self, frame: Box) -> bool:
        return min(self.left, self.top) >= 0 and self.right <= frame.right and self.bottom <= frame.bottom

    def meets(self, other: Box) -> bool:
        return (
            self.left < other.right
            and other.left < self.right
            and self.top < other.bottom
            and other.top < self.bottom
        )


def texts(svg: ElementTree.Element) -> list[Box]:
    """Where each text stands: 12 pixels high, as wide as its letters, or as its `textLength` says."""
    found = []
    for group in svg.findall(f"{SVG}g"):
        left, top = offset(group)
        for text in group.iter(f"{SVG}text"):
            words = "".join(text.itertext())
            bold = any(name in (text.get("class") or "") for name in ("name", "who"))
            wide = float(text.get("textLength") or width(words, bold=bold))
            if text.find(f"{SVG}tspan") is not None:
                wide += 7
            x, y = left + float(text.get("x") or 0), top + float(text.get("y") or 0)
            if is_middle(text, group):
                x -= wide / 2
            found.append(Box(x, y - 9, x + wide, y + 3, words))
    return found


def is_middle(text: ElementTree.Element, group: ElementTree.Element) -> bool:
    badges = [badge.find(f"{SVG}text") for badge in group.iter(f"{SVG}g") if "badge" in (badge.get("class") or "")]
    return "who" in (text.get("class") or "") or text in badges


def offset(group: ElementTree.Element) -> tuple[float, float]:
    numbers = [float(number) for number in re.findall(r"[\d.]+", group.get("transform") or "")]
    return (numbers[0], numbers[1]) if len(numbers) == 2 else (numbers[0], 0.0)


def strokes(svg: ElementTree.Element) -> list[Box]:
    """The straight parts of the arrows, as boxes without a breadth."""
    found = []
    for group in svg.findall(f"{SVG}g"):
        left, top = offset(group)
        for path in group.iter(f"{SVG}path"):
            if (path.get("class") or "").startswith("a ") and path.get("d"):
                found += [
                    Box(left + x1, top + y1, left + x2, top + y2, path.get("class") or "")
                    for x1, y1, x2, y2 in straight_parts(path.get("d") or "")
                ]
    return found


def straight_parts(path: str) -> list[tuple[float, float, float, float]]:
    x = y = 0.0
    parts = []
    for command, numbers in re.findall(r"([MHVhqQ])([^A-Za-z]*)", path):
        given_ = [float(number) for number in re.findall(r"-?[\d.]+", numbers)]
        new_x, new_y = x, y
        match command:
            case "M" | "Q":
                new_x, new_y = given_[-2:]
            case "q":
                new_x, new_y = x + given_[-2], y + given_[-1]
            case "H":
                new_x = given_[0]
            case "h":
                new_x = x + given_[0]
            case "V":
                new_y = given_[0]
        if command in "HV":
            parts.append((min(x, new_x), min(y, new_y), max(x, new_x) + 0.1, max(y, new_y) + 0.1))
        x, y = new_x, new_y
    return parts


def check(events: tuple[Event, ...], title: str) -> None:
    """All that has to be true of a picture."""
    svg = ElementTree.fromstring(timeline(events, title))
    told, drawn = story(events), [group for group in svg.iter(f"{SVG}g") if group.get("class") == "e"]
    assert len([group for group in drawn if group.get("data-kind") != "waits"]) == len(told)
    frame = Box(0, 0, float(svg.get("width") or 0), float(svg.get("height") or 0), "the frame")
    words = texts(svg)
    for box in words + strokes(svg):
        assert box.inside(frame), (box, frame)
    for one, other in combinations(words, 2):
        assert not one.meets(other), (one, other)
    for stroke in strokes(svg):
        assert (min(stroke.left, frame.left), max(stroke.right, frame.right)) == (frame.left, frame.right), stroke
        assert [box for box in words if box.meets(stroke)] == [], stroke


@settings(max_examples=60)
@given(traces(), st.text(max_size=120))
def test_any_trace(events: tuple[Event, ...], title: str) -> None:
    check(events, title)


A, B, C, P = 1, 2, 3, "pipe:[9]"
LONG = "x" * 300


@pytest.mark.parametrize(
    "events",
    [
        (Exec(pid=A, path=f"/{LONG}", argv=(LONG,)), Exit(pid=A, code=0)),
        (Fork(pid=A, child=B), *(Chdir(pid=pid, path=LONG) for pid in (A, A, B, A, B)), Exit(pid=B, code=1)),
        (
            Pipe(pid=A, read=3, write=4, object=P),
            *(Fork(pid=A, child=child) for child in (B, C)),
            *(Write(pid=B, fd=4, object=P, count=9, data="a\n" * 9) for _ in range(4)),
            Read(pid=C, fd=3, object=P, count=36, blocked=True),
            *(Write(pid=C, fd=4, object=P, count=9) for _ in range(4)),
            Read(pid=A, fd=3, object=P, count=36, blocked=True),
            Read(pid=B, fd=3, object=P, count=0, blocked=True),
        ),
    ],
)
def test_long_words_and_many_arrows(events: tuple[Event, ...]) -> None:
    check(events, LONG)


def test_bytes_to_a_later_process_in_the_same_lane() -> None:
    events = (
        Pipe(pid=A, read=3, write=4, object=P),
        Fork(pid=A, child=B),
        Write(pid=B, fd=4, object=P, count=3),
        Exit(pid=B, code=0),
        Wait(pid=A, target=B, child=B, status=0),
        Fork(pid=A, child=C),
        Read(pid=C, fd=3, object=P, count=3),
    )
    check(events, "later")
    assert 'd="M' in timeline(events, "later")


def test_fifty_processes_that_signal_each_other() -> None:
    children = range(2, 52)
    check(
        (
            *(Fork(pid=A, child=child) for child in children),
            *(Kill(pid=child, target=child % 50 + 2, sig="SIGTERM") for child in children),
            *(Signal(pid=child, sig="SIGTERM", action="handled") for child in children),
            Stop(pid=9, sig="SIGTSTP"),
            *(Killed(pid=child, sig="SIGKILL") for child in children),
        ),
        "all",
    )


@given(
    st.lists(st.tuples(st.integers(0, 30), st.integers(0, 12)), min_size=1, max_size=30),
    st.data(),
)
def test_a_lane_has_one_process_at_a_time_and_children_stand_right_of_their_parents(
    lives: list[tuple[int, int]], data: st.DataObject
) -> None:
    parent = {1: 0}
    for pid in range(2, len(lives) + 1):
        parent[pid] = data.draw(st.integers(0, pid - 1))
    rows = {pid: (first, first + length) for pid, (first, length) in enumerate(lives, 1)}
    lane = pack(parent, rows)
    for one, other in combinations(parent, 2):
        meets = rows[one][0] <= rows[other][1] and rows[other][0] <= rows[one][1]
        assert not (meets and lane[one] >= lane[other]), (one, other)
    assert all(lane[pid] > lane[parent[pid]] for pid in parent if parent[pid])


def test_two_arrows_in_one_gap_keep_apart_and_those_to_one_dot_share_their_tracks() -> None:
    one, other, same = Arrow("data", 3, 0, 5, 2), Arrow("data", 3, 1, 6, 2), Arrow("data", 4, 0, 5, 2)
    tracks = Tracks((one, other, same))
    assert abs(tracks.across[one] - tracks.across[other]) >= 4
    assert tracks.down[one] == tracks.down[same] != tracks.down[other]


@given(st.text(), st.floats(20, 300))
def test_what_is_shortened_fits(text: str, most: float) -> None:
    short = shorten(text, most)
    assert width(short) <= most
    assert short == text or short.endswith(("…", "…”"))


def test_widths() -> None:
    assert (cells("ab"), cells("日本"), cells("e\u0301")) == (2, 4, 1)
    assert width("日") > width("W") > width("i")
    assert shorten("prints “a very long line of text”", 100) == "prints “a ver…”"
