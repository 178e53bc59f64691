"""Rows and lanes become SVG: well-formed, accessible, small, in colours that can be told apart."""

from __future__ import annotations

import itertools
import re
from pathlib import Path
from xml.etree import ElementTree

import pytest

from minishell.show import style
from minishell.show.timeline import timeline
from minishell.trace.event import Chdir, Close, Event, Exec, Exit, Fork, Pipe, Read, Wait, Write

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


def parsed(title: str = "A <title> & more") -> ElementTree.Element:
    return ElementTree.fromstring(timeline(EVENTS, title))


def texts(svg: ElementTree.Element) -> list[str]:
    return ["".join(text.itertext()) for text in svg.iter(f"{SVG}text")]


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
    assert (svg.get("aria-labelledby"), svg.get("aria-describedby")) == (title.get("id"), story.get("id"))


def test_names_with_signs_of_html_are_shown_as_they_are() -> None:
    assert {"A <title> & more", "exec echo <&>3"} <= set(texts(parsed()))


def test_controls_marks_and_broken_characters_have_signs() -> None:
    """XML 1.0, 2.2, allows neither controls nor surrogates; a mark of direction would turn the rest around."""
    svg = ElementTree.fromstring(
        timeline(
            (Exec(pid=9, path="/x", argv=("x", "\x1b\0\r", "\udcff", "a\u202eb", "日本")),),
            "\x1b\x00 | \udcff\nnext",
        )
    )
    assert "exec x ␛␀␍ ⟨DCFF⟩ a⟨202E⟩b 日本" in texts(svg)
    assert texts(svg)[:2] == ["␛␀ | ⟨DCFF⟩", "next"]


def test_an_event_shows_its_call_when_pointed_at_and_knows_its_line() -> None:
    told = [(group.get("data-line"), group.findtext(f"{SVG}title")) for group in parsed().iter(f"{SVG}g")]
    assert ("2", "clone() = B") in told
    assert ("3", 'execve("/bin/echo", ["echo", "<&>"]) = 0') in told
    assert (None, 'write(1, "<&>\\n") = 4') in told
    assert (None, "4 bytes from B to A through pipe 1") in told


def test_only_signs_that_occur_are_explained() -> None:
    words = set(texts(parsed()))
    assert {"bytes", "waiting", "zombie", "script line"} <= words
    assert not {"signal", "stopped", "end of file"} & words


def test_the_typed_line_shows_which_process_is_which_part() -> None:
    line = "( ls | wc ) && ls"
    events: tuple[Event, ...] = (
        Fork(pid=1, child=2, cause="span 0-11: ( ls | wc )"),
        Fork(pid=2, child=3, cause="span 2-4: ls"),
        Fork(pid=2, child=4, cause="span 7-9: wc"),
        *(Fork(pid=1, child=child, cause="span 15-17: ls") for child in range(5, 10)),
        Fork(pid=1, child=10, cause="span 2-4: other words, of another text"),
    )
    svg = ElementTree.fromstring(timeline(events, line))
    who = [text for text in svg.iter(f"{SVG}text") if (text.get("class") or "").startswith("who")]
    assert [(text.text, text.get("x"), text.get("y")) for text in who] == [
        ("C", "23.4", "39"),
        ("D", "62.4", "39"),
        ("E … I", "124.8", "39"),
        ("B", "42.9", "58"),
    ]


def test_a_long_title_goes_on_in_the_next_line_between_words() -> None:
    shown = texts(parsed("echo one two three four five six seven eight nine ten eleven twelve"))
    assert shown[:2] == ["echo one two three four five six seven eight ", "nine ten eleven twelve"]
    assert texts(parsed("x" * 100))[:3] == ["x" * 44, "x" * 44, "x" * 12]


def test_what_is_left_out_is_said() -> None:
    svg = ElementTree.fromstring(timeline([Chdir(pid=1, path=f"/{number}") for number in range(503)], "cd"))
    assert " ".join(texts(svg)[-8:]).endswith("3 more events: not drawn (picture --all draws all, trace tells all)")
    story = (svg.findtext(f"{SVG}desc") or "").splitlines()
    assert (len(story), story[-2]) == (502, "3 more events: not drawn")


def flow() -> list[Event]:
    """A writes and B reads, a thousand times."""
    data = [
        each
        for number in range(1000)
        for each in (
            Write(pid=9, fd=4, object=PIPE, count=7, data=f"w{number}"),
            Read(pid=10, fd=3, object=PIPE, count=7, data=f"r{number}"),
        )
    ]
    return [
        Pipe(pid=9, read=3, write=4, object=PIPE),
        Fork(pid=9, child=10),
        Close(pid=10, fd=4, object=PIPE),
        *data,
        Close(pid=9, fd=4, object=PIPE),
        Read(pid=10, fd=3, object=PIPE, count=0),
        Exit(pid=10, code=0),
        Wait(pid=9, target=-1, child=10, status=0),
        Exit(pid=9, code=0),
    ]


def test_a_long_flow_of_data_is_drawn_to_its_end_in_a_small_picture() -> None:
    text = timeline(flow(), "flow")
    shown = texts(ElementTree.fromstring(text))
    assert "1958 more reads and writes: drawn as one for each descriptor" in " ".join(shown)
    assert [label for label in shown if "6860" in label] == ["writes 6860 bytes", "reads 6860 bytes"]
    assert {"end of file", "wait → B exit 0"} < set(shown)
    assert "<title>6860 bytes from A to B through pipe 1</title>" in text
    assert len(text) < 60_000


def test_everything_is_drawn_on_request() -> None:
    text = timeline(flow(), "flow", everything=True)
    assert "more" not in texts(ElementTree.fromstring(text))[-1]
    assert text.count("<title>7 bytes from A to B through pipe 1</title>") == 1000


def test_nothing_happened() -> None:
    assert texts(ElementTree.fromstring(timeline((), ":"))) == [":"]


def test_it_follows_the_page_in_light_and_dark() -> None:
    text = timeline(EVENTS, "x")
    assert "fill:currentColor" in text
    assert "@media(prefers-color-scheme:dark)" in text
    assert "body[data-theme=dark] .minishell" in text
    assert "body[data-theme=light] .minishell" in text
    assert ".minishell:root{color:#1f2328;background:var(--paper)}" in text


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


@pytest.mark.parametrize("colours", [style.LIGHT, style.DARK], ids=["light", "dark"])
@pytest.mark.parametrize("kind", ["normal", "protan", "deutan"])
def test_programs_can_be_told_apart_by_colour_blind_readers(colours: dict[str, str], kind: str) -> None:
    """At least 12 in CIE76, five times what is just noticeable; the first four, which most pictures have, 18."""
    seen = [lab(SEEN[kind], colours[f"p{number}"]) for number in range(style.PROGRAMS)]
    apart = {pair: distance(seen[pair[0]], seen[pair[1]]) for pair in itertools.combinations(range(len(seen)), 2)}
    assert [pair for pair, far in apart.items() if far < (18 if max(pair) < 4 else 12)] == []


def test_the_hero_of_the_first_lesson_stays_small() -> None:
    from minishell.trace.observer import observe_script

    example = Path(__file__).parent / "truth" / "examples" / "pipeline.py"
    text = timeline(observe_script(str(example)).events, "pipeline.py")
    assert len(text.encode()) < 30_000
    assert int(ElementTree.fromstring(text).get("width") or 0) < 480


def contrast(colour: str, paper: str) -> float:
    dark, light = sorted((luminance(colour), luminance(paper)))
    return (light + 0.05) / (dark + 0.05)


def luminance(colour: str) -> float:
    """WCAG 2.2, relative luminance."""
    red, green, blue = linear(colour)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def linear(colour: str) -> tuple[float, float, float]:
    red, green, blue = (int(colour[index : index + 2], 16) / 255 for index in (1, 3, 5))
    return _linear(red), _linear(green), _linear(blue)


def _linear(part: float) -> float:
    return part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4


# Linear RGB as it is seen without red or green cones.  G. M. Machado, M. M. Oliveira, L. A. F. Fernandes, A
# Physiologically-based Model for Simulation of Color Vision Deficiency, IEEE TVCG 15(6), 2009, severity 1.0.
SEEN = {
    "normal": ((1, 0, 0), (0, 1, 0), (0, 0, 1)),
    "protan": ((0.152286, 1.052583, -0.204868), (0.114503, 0.786281, 0.099216), (-0.003882, -0.048116, 1.051998)),
    "deutan": ((0.367322, 0.860646, -0.227968), (0.280085, 0.672501, 0.047413), (-0.011820, 0.042940, 0.968881)),
}
# Linear sRGB to CIE XYZ relative to white D65 (IEC 61966-2-1).
XYZ = ((0.4339, 0.3762, 0.1899), (0.2126, 0.7152, 0.0722), (0.0177, 0.1095, 0.8728))


def lab(eyes: tuple[tuple[float, ...], ...], colour: str) -> tuple[float, float, float]:
    """CIE 1976 L*a*b*."""
    seen = [min(max(part, 0.0), 1.0) for part in times(eyes, linear(colour))]
    x, y, z = (part ** (1 / 3) if part > 0.008856 else 7.787 * part + 16 / 116 for part in times(XYZ, seen))
    return 116 * y - 16, 500 * (x - y), 200 * (y - z)


def times(matrix: tuple[tuple[float, ...], ...], vector: list[float] | tuple[float, ...]) -> list[float]:
    return [sum(factor * part for factor, part in zip(row, vector, strict=True)) for row in matrix]


def distance(one: tuple[float, ...], other: tuple[float, ...]) -> float:
    return float(sum((a - b) ** 2 for a, b in zip(one, other, strict=True)) ** 0.5)
