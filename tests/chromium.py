"""A real browser for tests: headless Chromium, told what to do through a pair of pipes.

`--remote-debugging-pipe` makes Chromium read commands from descriptor 3 and answer on 4: JSON, each message ended
by a zero byte (the Chrome DevTools Protocol).  No port is opened, and no name is ever resolved: what a page asks of
`http://site.test/` is answered here, from a folder.
"""

from __future__ import annotations

import base64
import json
import mimetypes
import os
import select
import shutil
import subprocess
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote, urljoin, urlsplit

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

CHROMIUM = shutil.which("chromium")
needs_chromium = pytest.mark.skipif(CHROMIUM is None, reason="chromium is not installed")

ALONE = [
    "--headless",
    "--no-sandbox",  # tests run as root too
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--host-resolver-rules=MAP * ~NOTFOUND",
]
SITE = "http://site.test/"
ANSWER_TIMEOUT_S = 300  # a machine may be busy


class Browser:
    """One Chromium.  Its tabs are made by `tab`."""

    def __init__(self, profile: Path, site: Path) -> None:
        assert CHROMIUM is not None
        commands, self._commands = os.pipe()
        self._answers, answers = os.pipe()
        # bash gives the pipes the numbers that Chromium expects (dash knows numbers below 10 only).
        script = f'exec "$@" 3<&{commands} 4>&{answers}'
        self._process = subprocess.Popen(
            ["bash", "-c", script, "bash", CHROMIUM, *ALONE, "--remote-debugging-pipe", f"--user-data-dir={profile}"],
            pass_fds=(commands, answers),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        os.close(commands)
        os.close(answers)
        self._site = site
        self._number = 0
        self._unread = b""
        self.events: list[dict[str, Any]] = []

    def call(self, method: str, session: str | None = None, **parameters: Any) -> dict[str, Any]:
        """One command and its result.  Events that come meanwhile are kept in `events`."""
        number = self._send(method, session, parameters)
        while (answer := self._message()).get("id") != number:
            pass
        assert "error" not in answer, (method, answer["error"])
        result: dict[str, Any] = answer["result"]
        return result

    def _send(self, method: str, session: str | None, parameters: dict[str, Any]) -> int:
        self._number += 1
        message = {"id": self._number, "method": method, "params": parameters}
        if session:
            message["sessionId"] = session
        unwritten = json.dumps(message).encode() + b"\0"
        while unwritten:
            unwritten = unwritten[os.write(self._commands, unwritten) :]
        return self._number

    def event(self, method: str, session: str, **parameters: Any) -> dict[str, Any]:
        """The next event of this name with these parameters, from now on or kept."""
        while True:
            for index, event in enumerate(self.events):
                named = (event["method"], event.get("sessionId")) == (method, session)
                if named and parameters.items() <= event["params"].items():
                    return self.events.pop(index)
            self._message()

    def _message(self) -> dict[str, Any]:
        """Take the next message.  Requests are answered, and events kept."""
        while b"\0" not in self._unread:
            ready, _, _ = select.select([self._answers], [], [], ANSWER_TIMEOUT_S)
            assert ready, "chromium does not answer"
            piece = os.read(self._answers, 1 << 20)
            assert piece, "chromium has ended"
            self._unread += piece
        message, _, self._unread = self._unread.partition(b"\0")
        decoded: dict[str, Any] = json.loads(message)
        if decoded.get("method") == "Fetch.requestPaused":
            self._serve(decoded["sessionId"], decoded["params"])
        elif "method" in decoded:
            self.events.append(decoded)
        return decoded

    def _serve(self, session: str, asked: dict[str, Any]) -> None:
        """Answer a request as a web server would that has our own page for what is not there."""
        path = self._site / unquote(urlsplit(asked["request"]["url"]).path).lstrip("/")
        code = 200 if path.is_file() else 404
        if code == 404:
            path = self._site / "404.html"
        kind = mimetypes.guess_type(path)[0] or "application/octet-stream"
        answer = {
            "requestId": asked["requestId"],
            "responseCode": code,
            "responseHeaders": [{"name": "Content-Type", "value": kind}],
            "body": base64.b64encode(path.read_bytes()).decode(),
        }
        self._send("Fetch.fulfillRequest", session, answer)

    @contextmanager
    def tab(self, width: int = 1280, height: int = 900, *, dark: bool = False) -> Iterator[Tab]:
        """A new window.  Below 500 pixels it is a phone."""
        target = self.call("Target.createTarget", url="about:blank")["targetId"]
        session = self.call("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        tab = Tab(self, session)
        for domain in ("Page", "Runtime", "Network"):
            tab.call(f"{domain}.enable")
        tab.call("Fetch.enable", patterns=[{"urlPattern": f"{SITE}*"}])
        phone = width < 500
        tab.call("Page.setLifecycleEventsEnabled", enabled=True)
        tab.call(
            "Emulation.setDeviceMetricsOverride",
            width=width,
            height=height,
            deviceScaleFactor=2 if phone else 1,
            mobile=phone,
        )
        tab.media(scheme="dark" if dark else "light")
        try:
            yield tab
        finally:
            self.call("Target.closeTarget", targetId=target)
            self.events.clear()

    def close(self) -> None:
        """End the browser, and wait for it."""
        self.call("Browser.close")
        os.close(self._commands)
        self._process.wait(ANSWER_TIMEOUT_S)
        os.close(self._answers)


class Tab:
    """One page in a browser."""

    def __init__(self, browser: Browser, session: str) -> None:
        self._browser, self._session = browser, session

    def call(self, method: str, **parameters: Any) -> dict[str, Any]:
        """One command to this tab."""
        return self._browser.call(method, self._session, **parameters)

    def media(self, *, scheme: str = "light", kind: str = "") -> None:
        """What the page is told of its reader: a light or dark scheme, screen or print."""
        self.call(
            "Emulation.setEmulatedMedia", media=kind, features=[{"name": "prefers-color-scheme", "value": scheme}]
        )

    def open(self, address: str) -> None:
        """Go to a page (of the site, if it has no host) and wait until all of it is there.

        The empty page before it is loaded too, and may be late in saying so.
        """
        answer = self.call("Page.navigate", url=urljoin(SITE, address))
        assert "errorText" not in answer, answer
        self._browser.event("Page.lifecycleEvent", self._session, name="load", loaderId=answer["loaderId"])

    def value(self, expression: str) -> Any:
        """What a JavaScript expression, or the promise that it is, comes to."""
        answer = self.call(
            "Runtime.evaluate", expression=expression, awaitPromise=True, returnByValue=True, userGesture=True
        )
        assert "exceptionDetails" not in answer, answer["exceptionDetails"]
        return answer["result"].get("value")

    def requests(self) -> list[str]:
        """The addresses that this tab has asked for since it was made."""
        self.call("Runtime.evaluate", expression="0")  # everything before has been told by now
        return [
            event["params"]["request"]["url"]
            for event in self._browser.events
            if event["method"] == "Network.requestWillBeSent" and event["sessionId"] == self._session
        ]

    def key(self, key: str) -> None:
        """Press a key, as a hand would."""
        for kind in ("keyDown", "keyUp"):
            self.call("Input.dispatchKeyEvent", type=kind, key=key)

    def mouse(self, kind: str, selector: str) -> None:
        """`mouseMoved` to the middle of an element, or `click` there."""
        x, y = self.value(
            f"(() => {{ const it = document.querySelector({json.dumps(selector)});"
            " it.scrollIntoView({block: 'center', behavior: 'instant'}); const box = it.getBoundingClientRect();"
            " return [box.x + box.width / 2, box.y + box.height / 2]; })()"
        )
        kinds = ["mousePressed", "mouseReleased"] if kind == "click" else [kind]
        for each in kinds:
            pressed = {} if each == "mouseMoved" else {"button": "left", "clickCount": 1}
            self.call("Input.dispatchMouseEvent", type=each, x=x, y=y, **pressed)

    def screenshot(self, file: Path, *, whole: bool = False) -> None:
        """The window as PNG; `whole`: all of the page."""
        answer = self.call("Page.captureScreenshot", captureBeyondViewport=whole)
        file.write_bytes(base64.b64decode(answer["data"]))


@contextmanager
def chromium(profile: Path, site: Path) -> Iterator[Browser]:
    """A browser, as long as the block lasts."""
    browser = Browser(profile, site)
    try:
        yield browser
    finally:
        browser.close()
