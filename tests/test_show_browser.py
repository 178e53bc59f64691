"""A real browser lays the pictures out as we reckoned: no text on another, none outside, none too small."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from html import unescape
from pathlib import Path
from typing import Any

import pytest

from minishell.show.timeline import timeline
from minishell.trace.event import Chdir, Event, Exec, Exit, Fork, Kill, Pipe, Read, Wait, Write
from minishell.trace.observer import observe_script
from tests.traces import HOSTILE

CHROMIUM = shutil.which("chromium")
ALONE = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
MEASURE = """
<script>
const found = {overlaps: [], outside: [], smallest: 99, count: 0};
for (const svg of document.querySelectorAll("svg")) {
  const frame = svg.getBoundingClientRect();
  const texts = [...svg.querySelectorAll("text")].map(text => [text.textContent, text.getBoundingClientRect(), text]);
  for (const [words, box, text] of texts) {
    found.count++;
    found.smallest = Math.min(found.smallest, parseFloat(getComputedStyle(text).fontSize) * text.getScreenCTM().a);
    const inside = box.left >= frame.left - 1 && box.right <= frame.right + 1
      && box.top >= frame.top - 1 && box.bottom <= frame.bottom + 1;
    if (!inside) found.outside.push(words);
  }
  texts.forEach(([words, box], index) => texts.slice(index + 1).forEach(([others, other]) => {
    const across = Math.min(box.right, other.right) - Math.max(box.left, other.left);
    const down = Math.min(box.bottom, other.bottom) - Math.max(box.top, other.top);
    if (across > 1 && down > 2) found.overlaps.push([words, others]);
  }));
}
document.body.innerHTML = "<pre id=found></pre>";
document.getElementById("found").textContent = JSON.stringify(found);
</script>
"""

pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="chromium is not installed")


def pictures() -> list[str]:
    examples = sorted((Path(__file__).parent / "truth" / "examples").glob("*.py"))
    seen = [timeline(observe_script(str(example)).events, example.name) for example in examples]
    hostile: tuple[Event, ...] = tuple(
        event
        for pid, name in enumerate(HOSTILE, 2)
        for event in (
            Fork(pid=1, child=pid, cause=f"span 0-4: {name}"),
            Exec(pid=pid, path=f"/bin/{name}", argv=(name, name), cause="line 12345"),
            Chdir(pid=pid, path=name),
            Kill(pid=pid, target=1, sig="SIGUSR1"),
            Exit(pid=pid, code=0),
            Wait(pid=1, target=pid, child=pid, status=0, blocked=True),
        )
    )
    pipes: tuple[Event, ...] = (
        Pipe(pid=1, read=3, write=4, object="pipe:[1]"),
        *(Fork(pid=1, child=child) for child in range(2, 9)),
        *(Write(pid=child, fd=4, object="pipe:[1]", count=100_000, blocked=True) for child in range(2, 9)),
        *(Read(pid=1, fd=3, object="pipe:[1]", count=99_999, blocked=True) for _ in range(8)),
    )
    return [*seen, timeline(hostile, " | ".join(HOSTILE)), timeline(pipes, "W" * 200)]


@pytest.mark.parametrize("columns", [390, 700, 1400])
def test_nothing_overlaps_in_a_browser(columns: int, tmp_path: Path) -> None:
    page = tmp_path / "page.html"
    body = "".join(f'<div style="overflow-x:auto">{picture}</div>' for picture in pictures())
    page.write_text(f"<!doctype html><meta charset=utf-8><body>{body}{MEASURE}</body>", encoding="utf-8")
    found = measured(page, columns, tmp_path / "profile")
    assert found["count"] > 400
    assert found["overlaps"] == []
    assert found["outside"] == []
    assert found["smallest"] >= 10.9


PRESS = """
<script>
const told = [];
const press = key => {
  document.activeElement.dispatchEvent(new KeyboardEvent("keydown", {key, bubbles: true, cancelable: true}));
  told.push(document.querySelector(".timeline-call").textContent);
};
const stops = () => document.querySelectorAll('.e[tabindex="0"]').length;
addEventListener("load", () => {
  document.querySelector('.e[tabindex="0"]').focus();
  ["Home", "ArrowDown", "ArrowRight", "ArrowUp", "ArrowLeft", "End"].forEach(press);
  const count = stops();
  document.body.innerHTML = "<pre id=found></pre>";
  document.getElementById("found").textContent = JSON.stringify({told, count});
});
</script>
"""


def test_a_picture_is_one_stop_of_the_tab_key_and_arrow_keys_go_through_it(tmp_path: Path) -> None:
    events = (
        Fork(pid=1, child=2, call="clone"),
        Chdir(pid=1, path="/a", call="chdir"),
        Chdir(pid=2, path="/b", call="chdir"),
        Exit(pid=2, code=0, call="exit_group"),
    )
    script = Path(__file__).parent.parent / "docs" / "_static" / "timeline.js"
    frame = f'<figure class="timeline"><div class="timeline-scroll">{timeline(events, "x")}</div></figure>'
    page = tmp_path / "page.html"
    page.write_text(f"<!doctype html><body>{frame}<script>{script.read_text()}</script>{PRESS}</body>")
    assert measured(page, 700, tmp_path / "profile") == {
        "told": [
            "clone() = B",
            'chdir("/a") = 0',
            'chdir("/b") = 0',
            'chdir("/b") = 0',
            'chdir("/a") = 0',
            "exit_group(0)",
        ],
        "count": 1,
    }


def measured(page: Path, columns: int, profile: Path) -> dict[str, Any]:
    assert CHROMIUM is not None
    command = [CHROMIUM, *ALONE, f"--user-data-dir={profile}", f"--window-size={columns},900", "--dump-dom"]
    done = subprocess.run([*command, page.as_uri()], capture_output=True, check=True, encoding="utf-8", timeout=300)
    shown = re.search(r'<pre id="found">(.*?)</pre>', done.stdout, re.DOTALL)
    assert shown, done.stderr
    answer: dict[str, Any] = json.loads(unescape(shown[1]))
    return answer
