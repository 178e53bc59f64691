"""The site: built without a warning, the same bytes twice, whole in itself, asking no other host."""

import hashlib
import os
import re
import socket
import sys
import zipfile
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urldefrag, urlsplit
from xml.etree import ElementTree

import pytest

from minishell.errors import ShellError
from tests.conftest import build_site

REPOSITORY = Path(__file__).parent.parent
LESSON = "lessons/22-pipelines/index.html"
LINKED_WEIGHT_BYTES = 400_000
BELIEF, BELIEFS = re.compile(r"belief-\d+"), 73
FETCHED = {  # what a browser asks for by itself
    ("script", "src"),
    ("img", "src"),
    ("img", "srcset"),
    ("source", "src"),
    ("iframe", "src"),
    ("video", "src"),
    ("audio", "src"),
    ("object", "data"),
    ("embed", "src"),
    ("image", "href"),
    ("image", "xlink:href"),
}
FETCHING_RELATIONS = {
    "stylesheet",
    "icon",
    "preload",
    "prefetch",
    "preconnect",
    "dns-prefetch",
    "modulepreload",
}
CSS_REFERENCE = re.compile(r"""(?:url\(\s*|@import\s+)["']?(?!data:)([^"')\s;]+)""")


class Page(HTMLParser):
    """What a page names (ids), links to, and has the browser fetch."""

    def __init__(self, path: Path) -> None:
        super().__init__()
        self.path = path
        self.ids: list[str] = []
        self.links: list[str] = []
        self.fetched: list[str] = []
        self.elements: list[str] = []
        self.text = path.read_text()
        self.feed(self.text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in attrs}
        self.elements.append(tag)
        self.ids += [values["id"]] if "id" in values else []
        self.links += [values["href"]] if tag == "a" and "href" in values else []
        self.fetched += [value for name, value in values.items() if (tag, name) in FETCHED]
        if tag == "link" and FETCHING_RELATIONS & set(values.get("rel", "").split()):
            self.fetched.append(values["href"])
        self.fetched += CSS_REFERENCE.findall(values.get("style", ""))


@pytest.fixture(scope="module")
def pages(site: Path) -> dict[Path, Page]:
    return {path: Page(path) for path in sorted(site.rglob("*.html"))}


def digests(site: Path) -> dict[str, str]:
    return {
        str(path.relative_to(site)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(site.rglob("*"))
        if path.is_file()
    }


def test_two_builds_give_the_same_bytes(site: Path, tmp_path: Path) -> None:
    again = build_site(tmp_path / "elsewhere", TZ="Pacific/Auckland", PYTHONHASHSEED="7", COLUMNS="40")
    assert digests(again) == digests(site)


def test_the_pages_are_there(pages: dict[Path, Page], site: Path) -> None:
    names = {str(path.relative_to(site)) for path in pages}
    assert names >= {"index.html", "docs/index.html", "docs/journey.html", "docs/architecture.html", LESSON}


def test_no_page_fetches_anything_from_elsewhere(pages: dict[Path, Page], site: Path) -> None:
    fetched = [(path, reference) for path, page in pages.items() for reference in page.fetched]
    for sheet in site.rglob("*.css"):
        fetched += [(sheet, reference) for reference in CSS_REFERENCE.findall(sheet.read_text())]
    assert len(fetched) > 20
    assert [(path, reference) for path, reference in fetched if foreign(reference)] == []


def foreign(reference: str) -> bool:
    """Whether a reference leaves this site."""
    return bool(urlsplit(reference).scheme or urlsplit(reference).netloc) and not reference.startswith("data:")


@pytest.mark.parametrize("reference", ["https://x.org/a.js", "//x.org/a.css", "http://x.org"])
def test_another_host_would_be_noticed(reference: str) -> None:
    assert foreign(reference)
    assert CSS_REFERENCE.findall(f"a {{ background: url('{reference}') }} @import {reference};") == [reference] * 2


def test_every_internal_link_leads_somewhere(pages: dict[Path, Page]) -> None:
    assert list(dangling(pages)) == []


def dangling(pages: dict[Path, Page]) -> Iterator[str]:
    """Links whose file or anchor is missing.  Those of 404.html begin at the top: it is shown anywhere."""
    for path, page in pages.items():
        for link in page.links:
            if urlsplit(link).scheme or link.startswith("//"):
                continue
            address, anchor = urldefrag(link)
            if path.name == "404.html":
                address = address.removeprefix("/")
            target = (path.parent / unquote(address)).resolve() if address else path
            if not target.is_file() or (anchor and unquote(anchor) not in pages[target].ids):
                yield f"{path}: {link}"


def test_no_id_stands_twice_on_a_page(pages: dict[Path, Page]) -> None:
    for page in pages.values():
        assert sorted(page.ids) == sorted(set(page.ids)), page.path


def test_nothing_of_the_build_machine_is_on_a_page(pages: dict[Path, Page], site: Path) -> None:
    private = [str(REPOSITORY), str(site), sys.prefix, "/tmp/lesson-", os.path.expanduser("~/")]
    if len(host := socket.gethostname()) > 3:
        private.append(host)
    for page in pages.values():
        assert [word for word in private if word in page.text] == [], page.path


def test_a_lesson_is_light(pages: dict[Path, Page], site: Path) -> None:
    for path in site.glob("lessons/*/index.html"):
        fetched = {urlsplit(reference).path for reference in pages[path].fetched if not reference.startswith("data:")}
        weight = path.stat().st_size + sum((path.parent / name).stat().st_size for name in fetched)
        assert weight <= LINKED_WEIGHT_BYTES, path


def test_every_belief_is_shown_to_be_wrong_in_a_lesson(pages: dict[Path, Page], site: Path) -> None:
    boxes = {name for path in site.glob("lessons/*/index.html") for name in pages[path].ids if BELIEF.fullmatch(name)}
    assert boxes == {f"belief-{number}" for number in range(1, BELIEFS + 1)}
    listed = [name for name in pages[site / "docs/misconceptions.html"].ids if BELIEF.fullmatch(name)]
    assert sorted(listed) == sorted(boxes)


@pytest.mark.parametrize(
    ("manual", "kind", "count"), [("manual", "builtin", 40), ("calls", "call", 40), ("errors", "error", 10)]
)
def test_every_section_of_the_manuals_is_reached_from_a_lesson(
    pages: dict[Path, Page], site: Path, manual: str, kind: str, count: int
) -> None:
    sections = {name for name in pages[site / f"docs/{manual}.html"].ids if name.startswith(f"{kind}-")}
    assert len(sections) >= count
    reached = {link for path in site.glob("lessons/*/index.html") for link in pages[path].links}
    assert [name for name in sorted(sections) if f"../../docs/{manual}.html#{name}" not in reached] == []


def test_every_kind_of_error_has_a_section(pages: dict[Path, Page], site: Path) -> None:
    sections = {name for name in pages[site / "docs/errors.html"].ids if name.startswith("error-")}
    assert sections == {f"error-{kind.__name__.lower()}" for kind in ShellError.__subclasses__()}


def test_every_lesson_is_on_the_path(pages: dict[Path, Page], site: Path) -> None:
    lessons = sorted(path.parent.name for path in (REPOSITORY / "lessons").glob("[0-9][0-9]-*/index.rst"))
    for parts, top in ((["index.html"], ""), (["docs/part-one.html", "docs/part-two.html"], "../")):
        links = {link for part in parts for link in pages[site / part].links}
        assert [name for name in lessons if f"{top}lessons/{name}/index.html" not in links] == []


def test_the_book_is_whole_and_the_same_each_time(site: Path, tmp_path: Path) -> None:
    first = build_site(tmp_path / "first", "--epub") / "minishell.epub"
    again = build_site(tmp_path / "again", "--epub", TZ="Pacific/Auckland", PYTHONHASHSEED="7") / "minishell.epub"
    assert first.read_bytes() == again.read_bytes()
    with zipfile.ZipFile(first) as book:
        names = book.namelist()
        assert names[0] == "mimetype"
        for name in names:
            if name.endswith((".xhtml", ".opf", ".ncx", ".svg")):
                ElementTree.fromstring(book.read(name))
        package = ElementTree.fromstring(book.read("content.opf"))
    listed = {item.get("href") for item in package.iter("{http://www.idpf.org/2007/opf}item")}
    assert listed | {"mimetype", "META-INF/container.xml", "content.opf"} == set(names)
    pages = {str(path.relative_to(site).with_suffix(".xhtml")) for path in site.glob("lessons/*/index.html")}
    assert pages <= listed


def test_the_picture_is_part_of_the_page_and_has_a_text(pages: dict[Path, Page], site: Path) -> None:
    for name in (LESSON, "index.html"):
        page = pages[site / name]
        assert '<figure class="timeline"' in page.text
        drawing = page.text[page.text.index('class="timeline-scroll"') :]
        assert "<title" in drawing[: drawing.index("</svg>")]
        assert "<desc" in drawing[: drawing.index("</svg>")]


def test_the_first_page_shows_a_session(pages: dict[Path, Page], site: Path) -> None:
    text = pages[site / "index.html"].text
    assert text.count('<span class="gp">minishell$ </span>') == 4
    assert '<span class="go">B (touch)      exec /usr/bin/touch [touch sage] ' in text


def test_prompts_and_outputs_are_told_apart(pages: dict[Path, Page], site: Path) -> None:
    text = pages[site / LESSON].text
    assert '<span class="gp">$ </span>python3<span class="w"> </span>pipeline.py' in text
    assert re.search(r'<span class="go">ls was process \d+ and wc was process \d+</span>', text)
