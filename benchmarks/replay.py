"""The replay in a real browser: headless Chromium, software rendering. No figures where there is none."""

from __future__ import annotations

import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

KALKAN = str(Path(sys.executable).with_name("kalkan"))
FLAGS = ["--no-sandbox", "--disable-gpu", "--enable-unsafe-swiftshader", "--disable-quic", "--no-first-run",
         "--disable-background-networking", "--disable-component-update", "--disable-sync"]  # fmt: skip
WATCHED_S = 6.0
SECOND_BATCH = Path(__file__).parents[1] / "examples" / "second-batch.toml"


def measure_replay(scenario: str) -> dict[str, float]:
    """First frame and frames a second with the movers of a scenario; see README.md."""
    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    static = Path(__file__).parents[1] / "src" / "kalkan" / "apps" / "web" / "static" / "index.html"
    figures = {"replay.coverage_s": coverage_s()}
    if chromium is None or not static.is_file():
        return figures
    with tempfile.TemporaryDirectory() as folder:
        here = Path(folder)
        (here / "raid.toml").write_text(scenario)
        once = [KALKAN, "run", "raid.toml", "--replications", "1", "-q"]
        subprocess.run(once, cwd=here, check=True, capture_output=True)
        with subprocess.Popen(
            [KALKAN, "replay", "out/raid", "--no-browser"], cwd=here, stdout=subprocess.PIPE, text=True
        ) as server:
            assert server.stdout
            address = server.stdout.readline().strip()
            try:
                return figures | _watched(chromium, address)
            finally:
                server.terminate()


def _watched(chromium: str, address: str) -> dict[str, float]:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as p:
        browser = p.chromium.launch(executable_path=chromium, args=FLAGS)
        page = browser.new_page(viewport={"width": 1440, "height": 900})
        begin = time.perf_counter()
        page.goto(address)
        page.wait_for_selector("html[data-ready=replay]", timeout=300_000)
        cold = time.perf_counter() - begin
        firsts = [_first_frame_s(browser, address) for _ in range(3)]
        rate = _frames_per_s(page)
        browser.close()
    first = statistics.median(firsts)
    return {"replay.first_frame_s": first, "replay.computing_s": cold - first, "replay.updates_per_s": rate}


def _first_frame_s(browser: Any, address: str) -> float:
    """In a fresh profile, with nothing in the cache."""
    page = browser.new_context(viewport={"width": 1440, "height": 900}).new_page()
    begin = time.perf_counter()
    page.goto(address)
    page.wait_for_selector("html[data-ready=replay]", timeout=300_000)
    page.evaluate("() => new Promise(requestAnimationFrame)")
    spent = time.perf_counter() - begin
    page.context.close()
    return spent


def _frames_per_s(page: Any) -> float:
    """While playing, from the moment at which most are in the air."""
    page.evaluate(
        """() => { const i = document.querySelector('.track input'); i.value = Number(i.max) * 0.3;
        i.dispatchEvent(new Event('input', { bubbles: true })); }"""
    )
    page.select_option(".speed select", "10")
    page.click("button.play")
    page.wait_for_timeout(1000)
    frames, begin = page.evaluate("() => kalkanMovers.frames"), time.perf_counter()
    page.wait_for_timeout(WATCHED_S * 1000)
    passed = page.evaluate("() => kalkanMovers.frames") - frames
    return float(passed / (time.perf_counter() - begin))


def coverage_s() -> float:
    """Parse, lay out, build the moved antennas' horizons and paint, as after each step of a drag."""
    from kalkan.cover.redraw import Redraw
    from kalkan.scenario import parse
    from kalkan.scenario.nouns.fields import Altitude
    from kalkan.views.coverage.picture import coverage_picture

    text, spent, redraw = SECOND_BATCH.read_text(), [], Redraw()
    height = Altitude(300.0, "ground")
    for i in range(10):
        begin = time.perf_counter()
        moved = re.sub(r"41\.94, 33\.85", f"41.9{i}, 33.85", text)
        coverage_picture(parse(moved, "moved.toml", SECOND_BATCH.parent), "p_d 0.9", "f-16c", height, redraw)
        spent.append(time.perf_counter() - begin)
    return statistics.median(spent[1:])


if __name__ == "__main__":
    from raid import scenario_text

    for key, value in measure_replay(scenario_text(500, False)).items():
        print(f"{key} {value:.3f}")
