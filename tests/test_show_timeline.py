"""Rows and lanes become SVG: well-formed, accessible, small, and nothing covers anything else."""

from __future__ import annotations

import re
from pathlib import Path
from xml.etree import ElementTree

import pytest

from minishell.show import style
from minishell.show.labels import shorten, width
from minishell.show.lanes import Arrow
from minishell.show.routes import LEFT, ROW, TOP, Routes, y_of
from minishell.show.timeline import timeline
from minishell.trace.event import Event, Exec, Exit, Fork, Pipe, Read, Wait, Write

SVG = "{http://www.w3.org/2000/svg}"
PIPE = "pipe:[5]"
EVENTS: tuple[Event, ...] = (
    Pipe(pid=9, read=3, write=4, object=PIPE, cause="line 1", call="pipe2"),
    Fork(pid=9, child=10, cause="line 2", call="clone"),
    Exec(pid=10, path="/bin/echo", argv=("echo", "<&>"), cause="line 3", call="execve"),
    Write(pid=10, fd=1, object=PIPE, count=4, data="<&>\n", call="write"),
    Exit(pid=10, code=0),
    Read(pid=9, fd=3, object=PIPE, count=4, data="<&>\n", blocked=True, cause="line 4", call="read"),
    Wait(pid=9, target=-1, child=10, status=0, cause="line 5", call="wait4"),
    Exit(pid=9, code=0),
)


def parsed() -> ElementTree.Element:
    return ElementTree.fromstring(timeline(EVENTS, "A <title> & more"))


def test_it_is_well_formed_and_says_what_it_shows() -> None:
    svg = parsed()
    title, story = svg.find(f"{SVG}title"), svg.find(f"{SVG}desc")
    assert title is not None
    assert story is not None
    assert title.text == "A <title> & more"
    assert (story.text or "").splitlines()[1] == (
        "A (python)  fork -> new process B, a copy of A with the same open files         [line 2]"
    )
    assert svg.get("role") == "img"
    assert (svg.get("aria-labelledby") or "").split() == [title.get("id"), story.get("id")]


def test_an_event_shows_its_call_when_pointed_at_and_knows_its_line() -> None:
    told = [(group.get("data-line"), group.findtext(f"{SVG}title")) for group in parsed().iter(f"{SVG}g")]
    assert ("2", "clone() = B") in told
    assert ("3", 'execve("/bin/echo", ["echo", "<&>"]) = 0') in told
    assert (None, 'write(1, "<&>\\n") = 4') in told


def test_only_signs_that_occur_are_explained() -> None:
    words = {text.text for text in parsed().iter(f"{SVG}text")}
    assert {"bytes", "waiting", "zombie", "script line"} <= words
    assert not {"signal", "stopped", "end of file"} & words


def test_it_follows_the_page_in_light_and_dark() -> None:
    text = timeline(EVENTS, "x")
    assert "fill:currentColor" in text
    assert "@media(prefers-color-scheme:dark)" in text
    assert "body[data-theme=dark] .minishell" in text
    assert "body[data-theme=light] .minishell" in text


def test_it_needs_nothing_from_elsewhere_and_is_small() -> None:
    text = timeline(EVENTS, "x").replace("http://www.w3.org/2000/svg", "")
    assert not re.search(r"https?:|url\(|href|<script", text)
    assert len(text.encode()) < 20_000


def test_the_same_events_give_the_same_bytes() -> None:
    assert timeline(EVENTS, "x") == timeline(EVENTS, "x")


@pytest.mark.parametrize(("colours", "paper"), [(style.LIGHT, "#ffffff"), (style.DARK, "#131416")])
def test_every_colour_can_be_read_on_its_paper(colours: dict[str, str], paper: str) -> None:
    """WCAG 2.2, 1.4.3: at least 4.5 : 1."""
    poor = {name: contrast(colour, paper) for name, colour in colours.items() if name != "paper"}
    assert [name for name, ratio in poor.items() if ratio < 4.5] == []


def test_a_label_is_cut_where_the_next_lane_begins() -> None:
    assert shorten("exec ls", 200) == "exec ls"
    assert shorten("prints “a very long line of text”", 100) == "prints “a ver…”"
    assert width(shorten("exec " + "x" * 50, 120)) <= 120


def test_two_arrows_in_one_gap_keep_apart() -> None:
    routes = Routes()
    first, _ = routes.of(Arrow("data", 3, 0, 5, 2))
    second, _ = routes.of(Arrow("data", 3, 1, 6, 2))
    middle = y_of(3) + ROW // 2
    assert first.startswith(f"M{LEFT + 4} {middle}H")
    assert second.split("H")[0].endswith(f" {middle + 4}")


def test_arrows_run_between_rows_never_through_them() -> None:
    """Every horizontal stretch keeps at least 6 pixels away from the middle of a row, where the words are."""
    routes = Routes()
    for kind in ("data", "end", "fork"):
        path, _ = routes.of(Arrow(kind, 2, 1 if kind != "end" else 2, 4, 2 if kind != "end" else 0))
        y = int(re.split(r"[ MH]", path)[2])
        assert abs((y - TOP + ROW / 2) % ROW - ROW / 2) >= 6, (kind, path)


def test_the_hero_of_the_first_lesson_stays_small() -> None:
    from minishell.trace.observer import observe_script

    example = Path(__file__).parent / "truth" / "examples" / "pipeline.py"
    text = timeline(observe_script(str(example)).events, "pipeline.py")
    assert len(text.encode()) < 30_000
    assert int(ElementTree.fromstring(text).get("width") or 0) < 560


def contrast(colour: str, paper: str) -> float:
    dark, light = sorted((luminance(colour), luminance(paper)))
    return (light + 0.05) / (dark + 0.05)


def luminance(colour: str) -> float:
    """WCAG 2.2, relative luminance."""
    parts = (int(colour[index : index + 2], 16) / 255 for index in (1, 3, 5))
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
