"""The site as its readers have it: in a real browser, on a desk and on a phone, by day and by night, and on paper."""

from __future__ import annotations

import json
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.chromium import SITE, Browser, Tab, chromium, needs_chromium

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = needs_chromium

DESK, PHONE = 1280, 390
LESSON = "lessons/22-pipelines/index.html"
TYPES = [
    "index.html",
    "docs/index.html",
    "docs/part-two.html",
    LESSON,
    "docs/misconceptions.html",
    "docs/errors.html",
    "docs/events.html",
    "docs/architecture.html",
    "search.html?q=pipe",
    "no/such/page.html",
]
"""One page of each type."""


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory, site: Path) -> Iterator[Browser]:
    with chromium(tmp_path_factory.mktemp("profile"), site) as running:
        yield running


@pytest.fixture
def desk(browser: Browser) -> Iterator[Tab]:
    with browser.tab(DESK) as tab:
        yield tab


def test_nothing_is_asked_of_another_host_and_no_script_fails(site: Path, browser: Browser) -> None:
    names = [str(path.relative_to(site)) for path in sorted(site.rglob("*.html"))]
    assert len(names) > 20
    for name in names:
        with browser.tab(DESK) as tab:
            tab.open(name)
            requests = tab.requests()
            assert len(requests) >= 5, name
            assert [url for url in requests if not url.startswith((SITE, "data:"))] == [], name
            assert [event for event in browser.events if event["method"] == "Runtime.exceptionThrown"] == [], name


def test_another_host_would_be_noticed(desk: Tab) -> None:
    desk.open("index.html")
    desk.value(
        "new Promise(done => { const it = new Image(); it.onerror = done; it.src = 'https://example.org/a.png' })"
    )
    assert "https://example.org/a.png" in desk.requests()


def test_no_page_is_wider_than_a_phone(site: Path, browser: Browser) -> None:
    with browser.tab(PHONE, 844) as tab:
        for path in sorted(site.rglob("*.html")):
            tab.open(str(path.relative_to(site)))
            assert tab.value("document.documentElement.scrollWidth") == PHONE, path


def axe() -> str:
    """The source of axe-core.  It comes with a Python package that is not imported."""
    package = find_spec("axe_playwright_python")
    assert package is not None, "make install brings axe-core"
    assert package.origin is not None
    return Path(package.origin).with_name("axe.min.js").read_text()


@pytest.mark.parametrize(
    ("names", "width", "dark"),
    [(TYPES, DESK, False), (TYPES, DESK, True), (["index.html", LESSON], PHONE, False)],
    ids=["light", "dark", "phone"],
)
def test_nothing_keeps_people_from_reading(browser: Browser, names: list[str], width: int, dark: bool) -> None:
    source = axe()
    for name in names:
        with browser.tab(width, dark=dark) as tab:
            tab.open(name)
            tab.value(source)
            found = tab.value("axe.run({resultTypes: ['violations']}).then(found => found.violations)")
            assert [barrier(each) for each in found if each["impact"] in ("serious", "critical")] == [], name


def barrier(found: dict[str, object]) -> str:
    """One finding of axe, in a line."""
    nodes = found["nodes"]
    assert isinstance(nodes, list)
    return f"{found['id']}: {found['help']}: {[node['html'][:120] for node in nodes[:3]]}"


def test_axe_would_find_grey_on_grey(desk: Tab) -> None:
    desk.open(LESSON)
    desk.value("document.querySelector('article p').style.cssText = 'color: #bbb; background: #ccc'")
    desk.value(axe())
    found = desk.value("axe.run({resultTypes: ['violations']}).then(found => found.violations.map(each => each.id))")
    assert "color-contrast" in found


def test_an_event_shows_the_line_that_made_it(desk: Tab) -> None:
    desk.open(LESSON)
    assert desk.value("document.querySelector('.timeline-call').textContent") == ""
    desk.mouse("mouseMoved", 'figure[data-script="pipeline-py"] .e[data-line="13"]')
    told = desk.value("document.querySelector('.timeline-call').textContent")
    assert told == "dup2(4, 1) = 1 ← line 13: os.dup2(old, new)"
    assert desk.value("[...document.querySelectorAll('.highlight .lit')].map(line => line.id)") == ["pipeline-py-13"]
    assert desk.value("document.querySelector('.timeline-call a').hash") == "#pipeline-py-13"


def test_a_line_shows_its_events(desk: Tab) -> None:
    desk.open(LESSON)
    desk.mouse("click", "#pipeline-py-10")
    lit = "[...document.querySelectorAll('.e.lit text')].map(text => text.textContent)"
    assert desk.value(lit) == ["fork → B10", "fork → C10"]
    desk.mouse("click", "#forgotten-py-23")
    assert desk.value(f"{lit}.length") >= 1
    assert desk.value("document.querySelectorAll('.highlight .lit').length") == 1


def test_a_lesson_reads_without_scripts(desk: Tab) -> None:
    desk.call("Emulation.setScriptExecutionDisabled", value=True)
    desk.open(LESSON)
    heights = desk.value(
        "[...document.querySelectorAll('figure svg')].map(svg => svg.getBoundingClientRect().height)"
    )
    assert len(heights) == 4
    assert min(heights) > 200
    assert desk.value("document.querySelectorAll('.timeline-call, .copybtn').length") == 0


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_pages_and_pictures_follow_the_readers_scheme_until_told_otherwise(
    site: Path, browser: Browser, scheme: str
) -> None:
    ink = "getComputedStyle(document.querySelector('article p')).color"
    paper = "getComputedStyle(document.querySelector('figure svg')).getPropertyValue('--paper')"
    with browser.tab(dark=scheme == "dark") as tab:
        tab.open(LESSON)
        shown = {"light": ["rgb(0, 0, 0)", "#ffffff"], "dark": ["rgb(207, 208, 208)", "#131416"]}
        assert [tab.value(ink), tab.value(paper)] == shown[scheme]
        other = "dark" if scheme == "light" else "light"
        tab.value(f"document.body.dataset.theme = '{other}'")
        assert [tab.value(ink), tab.value(paper)] == shown[other]


def test_search_finds_a_lesson(desk: Tab) -> None:
    desk.open("search.html?q=zombies")
    first = """new Promise(done => {
        const look = () => document.querySelector('#search-results li a') && done(
            [...document.querySelectorAll('#search-results li a')].map(link => new URL(link.href).pathname));
        new MutationObserver(look).observe(document.body, {childList: true, subtree: true});
        look();
    })"""
    assert desk.value(first)[0].startswith(("/lessons/", "/docs/"))


def test_the_copy_button_copies_what_is_typed(desk: Tab) -> None:
    desk.open(LESSON)
    desk.value("var copied = []; addEventListener('copy', () => copied.push(document.activeElement.value)); 0")
    blocks = ".highlight-console .copybtn, .highlight-minishell .copybtn, #pipeline-py .copybtn"
    desk.value(f"document.querySelectorAll({json.dumps(blocks)}).forEach(button => button.click())")
    script, *copied = desk.value("copied")
    assert copied[0] == "python3 pipeline.py"
    assert copied[-1].splitlines() == [
        "ls garden | wc -l",
        "ls nowhere | wc -l",
        "false | true",
        "echo $?",
        "true | false",
        "echo $?",
        "yes | head -n 3",
    ]
    assert script.strip() == (Path(__file__).parents[1] / "lessons/22-pipelines/pipeline.py").read_text().strip()


def test_on_paper_there_are_no_menus_and_nothing_is_folded(desk: Tab) -> None:
    desk.open(LESSON)
    assert desk.value("[...document.querySelectorAll('details')].some(each => each.open)") is False
    desk.call("Page.printToPDF")
    assert desk.value("[...document.querySelectorAll('article details')].every(each => each.open)") is True
    desk.media(kind="print")
    gone = ".sidebar-drawer, .toc-drawer, .copybtn, .timeline-call, .mobile-header, .related-pages"
    displays = f"[...document.querySelectorAll({json.dumps(gone)})].map(each => getComputedStyle(each).display)"
    assert set(desk.value(displays)) == {"none"}


def test_where_there_is_no_page_the_way_back_is_shown(desk: Tab) -> None:
    desk.open("lessons/no/such/page.html")
    assert desk.value("document.querySelector('article h1').textContent") == "No such page"
    assert desk.value("getComputedStyle(document.querySelector('.sidebar-drawer')).display") == "flex"
    desk.open(desk.value("new URL(document.querySelector('article a').href).pathname.slice(1)"))
    assert desk.value("document.querySelector('h1').textContent") == "The shell that shows its work"
