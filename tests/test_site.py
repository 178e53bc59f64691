"""The site: built without a warning, the same bytes twice, whole in itself, asking no other host."""

import hashlib
import os
import re
import socket
import subprocess
import sys
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urldefrag, urlsplit

import pytest

REPOSITORY = Path(__file__).parent.parent
LESSON = "lessons/22-pipelines/index.html"
LINKED_WEIGHT_BYTES = 400_000
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


def build(target: Path, **environment: str) -> Path:
    """Build the site; fail with what Sphinx said if it said anything."""
    command = [sys.executable, "-m", "minishell.lessons.command", "site", "--output", str(target)]
    answer = subprocess.run(
        command, capture_output=True, text=True, env=os.environ | environment, check=False, cwd=target.parent
    )
    assert (answer.returncode, answer.stderr) == (0, ""), answer.stderr
    return target


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build(tmp_path_factory.mktemp("site") / "html")


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
    again = build(tmp_path / "elsewhere", TZ="Pacific/Auckland", PYTHONHASHSEED="7", COLUMNS="40")
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
    """Links whose file or anchor is missing."""
    for path, page in pages.items():
        for link in page.links:
            if urlsplit(link).scheme or link.startswith("//"):
                continue
            address, anchor = urldefrag(link)
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
    page = pages[site / LESSON]
    fetched = {urlsplit(reference).path for reference in page.fetched if not reference.startswith("data:")}
    weight = page.path.stat().st_size + sum((page.path.parent / name).stat().st_size for name in fetched)
    assert weight <= LINKED_WEIGHT_BYTES


def test_the_picture_is_part_of_the_page_and_has_a_text(pages: dict[Path, Page], site: Path) -> None:
    for name in (LESSON, "index.html"):
        page = pages[site / name]
        assert '<figure class="timeline">' in page.text
        drawing = page.text[page.text.index('class="timeline-scroll"') :]
        assert "<title" in drawing[: drawing.index("</svg>")]
        assert "<desc" in drawing[: drawing.index("</svg>")]


def test_the_first_page_shows_a_session(pages: dict[Path, Page], site: Path) -> None:
    text = pages[site / "index.html"].text
    assert text.count('<span class="gp">minishell$ </span>') == 4
    assert '<span class="go">B (ls)         exec /usr/bin/ls [ls garden] ' in text


def test_copying_a_session_copies_what_was_typed(pages: dict[Path, Page], site: Path) -> None:
    text = pages[site / LESSON].text
    assert '<span class="gp">$ </span>python3<span class="w"> </span>pipeline.py' in text
    assert re.search(r'<span class="go">ls was process \d+ and wc was process \d+</span>', text)
    copying = (site / "_static" / "copybutton.js").read_text()
    assert "'.linenos, .gp, .go'" in copying
