"""What tests in a real browser share: the real server, and ways to read and move a page."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

KALKAN = str(Path(sys.executable).with_name("kalkan"))
AXE = Path(__file__).parents[2] / "web" / "node_modules" / "axe-core" / "axe.min.js"
FLAGS = ["--no-sandbox", "--disable-gpu", "--enable-unsafe-swiftshader", "--disable-quic", "--no-first-run",
         "--disable-background-networking", "--disable-component-update", "--disable-sync"]  # fmt: skip
DESKTOP, PHONE = (1440, 900), (390, 844)
PATIENCE_MS = 40_000


class Server:
    """A command that serves, as a user starts it."""

    def __init__(self, *words: str, cwd: Path) -> None:
        env = {**os.environ, "PYTHONUNBUFFERED": "1"}
        pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
        self.process = subprocess.Popen([KALKAN, *words, "--no-browser"], cwd=cwd, env=env, text=True, **pipes)
        assert self.process.stdout
        self.address = self.process.stdout.readline().strip()
        assert self.address.startswith("http://127.0.0.1:"), self.process.stderr.read()
        self.home = self.address.split("#")[0]

    def end(self) -> None:
        self.process.send_signal(signal.SIGINT)
        _, errors = self.process.communicate(timeout=20)
        assert "Traceback" not in errors, errors


def replay_address(site, replication=0, variant="base"):
    return f"{site.home}#/replay/out%2Fraid/{variant}/{replication}"


def open_replay(page, address):
    page.goto(address)
    page.wait_for_selector("html[data-ready=replay]")


def seek(page, seconds):
    page.evaluate(
        "t => { const i = document.querySelector('.track input'); i.value = t;"
        " i.dispatchEvent(new Event('input', { bubbles: true })); }",
        seconds,
    )


def clock_s(page):
    words = page.inner_text(".clock").split("/")[0].strip().split(":")
    return sum(int(w) * 60**i for i, w in enumerate(reversed(words)))


def painted(page, selector=".movers"):
    """Share of a canvas that is not clear."""
    return page.evaluate(
        """s => { const c = document.querySelector(s);
        const d = c.getContext('2d').getImageData(0, 0, c.width, c.height).data; let n = 0;
        for (let i = 3; i < d.length; i += 4) n += d[i] > 0; return n / (d.length / 4); }""",
        selector,
    )


def soon(page, holds):
    """Whether something holds before patience ends; pictures follow the clock a frame or more later."""
    for _ in range(PATIENCE_MS // 100):
        if holds():
            return True
        page.wait_for_timeout(100)
    return bool(holds())


def document_of(site, page, replication=0):
    asked = f"{site.home}api/replay?path=out%2Fraid&variant=base&replication={replication}"
    return json.loads(page.request.get(asked).body())


def faults(page):
    """Accessibility faults that axe-core finds, of any weight."""
    page.evaluate(AXE.read_text(encoding="utf-8"))
    found = page.evaluate("axe.run(document, { resultTypes: ['violations'] })")["violations"]
    return [(v["id"], v["nodes"][0]["html"][:160], v["nodes"][0]["failureSummary"][:200]) for v in found]


def cut_px(page):
    """Tables that are wider than their place, with what is cut [px]."""
    return page.eval_on_selector_all(
        ".scroll", "all => all.map(e => [e.ariaLabel, e.scrollWidth - e.clientWidth]).filter(([, px]) => px > 0)"
    )


def too_wide_px(page):
    """By how much the page is wider than its window [px]."""
    return page.evaluate("() => document.documentElement.scrollWidth - document.documentElement.clientWidth")


def project(page, site):
    """Where a place is on the map: its ground box stretches over the map's bounds, seen from outside."""
    return page.evaluate(
        """([lon, lat]) => { const p = window.kalkanMap.project([lon, lat]); return [p.x, p.y]; }""",
        [site["lon"], site["lat"]],
    )


def step(series, seconds):
    before = [n for t, n in zip(series["t"], series["n"], strict=True) if t <= seconds * 100]
    return before[-1] if before else 0


def open_editor(page, site, path="raid.toml"):
    page.goto(f"{site.home}#/edit/{path}")
    page.wait_for_selector("html[data-editor=ready]")
    page.wait_for_selector("html[data-ready=map]")
    page.wait_for_selector(".problems .good")


def text_of(page):
    return page.evaluate("() => window.kalkanEditor.text")


def scene_of(page, site, path="raid.toml"):
    """The map of the first variant of the text in the editor, as the server tells it."""
    sent, headers = json.dumps({"path": path, "text": text_of(page)}), {"content-type": "application/json"}
    return page.request.post(f"{site.home}api/check", data=sent, headers=headers).json()["scenes"][0]


def drag(page, x, y, right, down):
    """Drag what is at a place of the editor's map by pixels."""
    frame = page.locator(".world .movers").bounding_box()
    x, y = frame["x"] + x, frame["y"] + y
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + right / 2, y + down / 2, steps=4)
    page.mouse.move(x + right, y + down, steps=4)
    page.mouse.up()
