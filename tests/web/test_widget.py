"""The replay in a notebook: a real JupyterLab with a real kernel, in a real browser."""

from __future__ import annotations

import gzip
import json
import math
import os
import socket
import subprocess
import sys
import time
import urllib.request
from importlib.util import find_spec
from pathlib import Path

import pytest

import kalkan
from kalkan.errors import KalkanError, ProblemsError
from tests.web.harness import CHROMIUM, needs_app, needs_browser, workspace

pytest.importorskip("anywidget")
PATIENCE_MS = 90_000
FLAGS = ["--no-sandbox", "--disable-gpu", "--enable-unsafe-swiftshader", "--disable-quic", "--no-first-run"]
CELLS = (
    "import kalkan\nshown = kalkan.open_results('out').replay()\nshown",
    "shown.time_s = 100.0",
    "print('at', shown.time_s, shown.playing)",
)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    here = workspace(tmp_path_factory.mktemp("notebook"), replications=3)
    kalkan.run(here / "raid.toml", out=here / "out")
    return here


@pytest.fixture(scope="module")
def lab(folder):
    """The address of a JupyterLab with a notebook in the folder."""
    if find_spec("jupyterlab") is None:
        pytest.skip("no JupyterLab")
    cell = {"cell_type": "code", "metadata": {}, "execution_count": None, "outputs": []}
    cells = [{**cell, "id": f"c{i}", "source": text} for i, text in enumerate(CELLS)]
    book = {"cells": cells, "metadata": {"kernelspec": {"name": "python3", "display_name": "Python 3"}},
            "nbformat": 4, "nbformat_minor": 5}  # fmt: skip
    (folder / "replay.ipynb").write_text(json.dumps(book))
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        port = s.getsockname()[1]
    home = {f"{k}_DIR": str(folder / k.lower()) for k in ("JUPYTER_CONFIG", "JUPYTER_DATA", "JUPYTER_RUNTIME")}
    words = ["--no-browser", "--ip=127.0.0.1", f"--port={port}", "--ServerApp.port_retries=0", "--allow-root",
             "--IdentityProvider.token=", f"--ServerApp.root_dir={folder}"]  # fmt: skip
    with (folder / "lab.log").open("w") as log:
        server = subprocess.Popen(
            [sys.executable, "-m", "jupyterlab", *words], stdout=log, stderr=log, env={**os.environ, **home}
        )
        try:
            yield _answering(f"http://127.0.0.1:{port}", folder / "lab.log")
        finally:
            server.terminate()
            server.wait(20)


def _answering(address: str, log: Path) -> str:
    for _ in range(240):
        try:
            urllib.request.urlopen(f"{address}/api", timeout=1)
            return address
        except OSError:
            time.sleep(0.25)
    raise AssertionError(log.read_text())


@needs_app
def test_the_widget_holds_the_document_of_the_typical_replication(folder):
    results = kalkan.open_results(folder / "out")
    shown = results.replay(variant="slow-radar")
    document = json.loads(gzip.decompress(shown.document_gz))
    assert document["variant"] == "slow-radar" and shown.end_s == document["end_s"]
    leakers = results.records["slow-radar"].arrays["threat_outcome"].tolist()
    assert len(document["threats"]) == len(leakers[0])
    assert json.loads(gzip.decompress(results.replay(replication=2).document_gz))["replication"] == 2


@needs_app
def test_the_time_stays_on_the_time_line(folder):
    import traitlets

    shown = kalkan.open_results(folder / "out").replay(replication=0)
    assert shown.time_s is None
    shown.time_s = -5
    assert shown.time_s == 0.0
    shown.time_s = 1e9
    assert shown.time_s == shown.end_s
    with pytest.raises(traitlets.TraitError, match="must be a time"):
        shown.time_s = math.nan


@needs_app
def test_python_draws_the_coverage_that_the_page_asks_for(folder):
    shown = kalkan.open_results(folder / "out").replay(replication=0)
    sent: list[dict] = []
    shown.send = sent.append  # what goes to the page

    def ask(**look):
        shown._handle_custom_msg({"id": len(sent), "look": look}, [])
        return sent[-1]

    look = {"shows": "p_d 0.9", "target": "f-16c", "height_m": 3000.0, "above": "sea"}
    seen = ask(**look)
    assert seen["id"] == 0 and seen["coverage"]["area_km2"] > 1000
    assert ask(**{**look, "height_m": 100.0})["coverage"]["area_km2"] < seen["coverage"]["area_km2"]
    assert 'did you mean "f-16c"?' in ask(**{**look, "target": "f16c"})["missing"]
    assert ask(shows="p_d 0.9")["missing"] == "no such picture"
    assert [answer["id"] for answer in sent] == [0, 1, 2, 3]


def test_what_is_missing_is_said(folder, monkeypatch):
    results = kalkan.open_results(folder / "out")
    with pytest.raises(ProblemsError, match="not a variant"):
        results.replay(variant="none")
    monkeypatch.setattr("kalkan.views.replay.widget.MODULE", Path("nowhere/widget.js"))
    with pytest.raises(KalkanError, match="make web"):
        results.replay()
    monkeypatch.setattr("kalkan.views.replay.widget.find_spec", lambda name: None)
    with pytest.raises(KalkanError, match=r"pip install \"kalkan\[jupyter\]\""):
        results.replay()


@needs_browser
def test_jupyterlab_shows_it_and_the_clock_is_synced_both_ways(lab, folder):
    from playwright.sync_api import expect, sync_playwright

    outside: list[str] = []
    with sync_playwright() as p:
        browser = p.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        page = browser.new_page(viewport={"width": 1440, "height": 1100})
        page.on("request", lambda r: None if r.url.startswith((lab, "data:", "blob:")) else outside.append(r.url))
        page.goto(f"{lab}/lab/tree/replay.ipynb?reset")
        cells = page.locator(".jp-Notebook .jp-CodeCell")
        expect(cells).to_have_count(3, timeout=PATIENCE_MS)
        page.wait_for_selector("text=Python 3 (ipykernel) | Idle", timeout=PATIENCE_MS)

        def run_cell(i: int) -> None:
            cells.nth(i).locator(".cm-content").click()
            page.keyboard.press("Control+Enter")

        run_cell(0)
        host = page.locator('.kalkan-replay[data-ready="replay"]')
        host.wait_for(timeout=PATIENCE_MS)
        clock, play = host.locator(".clock"), host.locator("button.play")
        run_cell(1)  # Python moves the clock
        expect(clock).to_contain_text("01:40", timeout=PATIENCE_MS)
        host.scroll_into_view_if_needed()
        page.screenshot(path=str(folder / "widget.png"))
        host.locator(".timeline input[type=range]").focus()
        page.keyboard.press("Shift+ArrowRight")  # the replay's own key, a minute on
        expect(clock).to_contain_text("02:40")
        host.locator("#tab-Layers").click()  # the kernel draws the coverage
        host.locator(".coverage-choice select").first.select_option("reach")
        expect(host.locator(".areas td").first).to_contain_text("km²", timeout=PATIENCE_MS)
        page.screenshot(path=str(folder / "widget-reach.png"))
        play.click()
        expect(play).to_have_attribute("aria-label", "Pause")
        run_cell(2)  # Python sees both
        output = cells.nth(2).locator(".jp-OutputArea-output")
        expect(output).to_contain_text("True", timeout=PATIENCE_MS)
        assert float(output.inner_text().split()[1]) >= 160.0
        assert page.locator("html").get_attribute("data-theme") is None
    assert [u for u in outside if "127.0.0.1" not in u] == []
