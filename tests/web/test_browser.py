"""The app as people use it: the real server, a real browser, no network."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.web.harness import CHROMIUM, needs_browser, workspace

pytestmark = needs_browser
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


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """A workspace with one finished run."""
    made = workspace(tmp_path_factory.mktemp("site"), replications=8)
    subprocess.run([KALKAN, "run", "raid.toml", "-q"], cwd=made, check=True, capture_output=True, timeout=600)
    return made


@pytest.fixture(scope="module")
def site(folder):
    server = Server("serve", ".", cwd=folder)
    yield server
    server.end()


@pytest.fixture(scope="module")
def browser():
    from playwright.sync_api import sync_playwright

    with sync_playwright() as p:
        made = p.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield made
        made.close()


@pytest.fixture
def visit(browser):
    """Opens pages; at the end nothing may have gone wrong in any, nor been asked of anyone else."""
    wrong: list[str] = []
    contexts = []

    def open_page(size=DESKTOP, dark=False, expect_errors=False):
        context = browser.new_context(
            viewport={"width": size[0], "height": size[1]}, color_scheme="dark" if dark else "light"
        )
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(PATIENCE_MS)
        own = ("http://127.0.0.1:", "data:", "blob:", "file:")
        page.on("request", lambda r: None if r.url.startswith(own) else wrong.append(f"asked {r.url}"))
        page.on("pageerror", lambda e: wrong.append(f"page error {e}"))
        if not expect_errors:
            page.on("console", lambda m: wrong.append(f"console {m.text}") if m.type == "error" else None)
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert wrong == []


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


def document_of(site, page, replication=0):
    asked = f"{site.home}api/replay?path=out%2Fraid&variant=base&replication={replication}"
    return json.loads(page.request.get(asked).body())


def serious(page):
    """Serious accessibility faults that axe-core finds."""
    page.evaluate(AXE.read_text(encoding="utf-8"))
    found = page.evaluate("axe.run(document, { resultTypes: ['violations'] })")["violations"]
    return [
        (v["id"], v["nodes"][0]["html"][:160], v["nodes"][0]["failureSummary"][:200])
        for v in found
        if v["impact"] in ("serious", "critical")
    ]


# ---- replay


def test_replay_plays_and_goes_where_it_is_told(site, visit):
    page = visit()
    open_replay(page, replay_address(site))
    start = clock_s(page)
    page.select_option(".speed select", "60")
    page.keyboard.press("Space")
    page.wait_for_function(f"() => document.querySelector('.track input').value > {start + 30}")
    page.keyboard.press("Space")
    stood = clock_s(page)
    page.wait_for_timeout(300)
    assert clock_s(page) == stood
    seek(page, 400)
    assert clock_s(page) == 400 and painted(page) > 0.001
    page.keyboard.press("Shift+ArrowRight")
    assert clock_s(page) == 460
    page.keyboard.press("]")
    event_s = clock_s(page)
    times = [e / 100 for e in document_of(site, page)["events"]["t"]]
    assert event_s > 459 and any(abs(t - event_s) < 1.0 for t in times)


def test_sliding_never_falls_behind(site, visit):
    """A hundred positions of the slider in one go: each is drawn at once, none waits for another."""
    page = visit()
    open_replay(page, replay_address(site))
    spent = page.evaluate(
        """async () => { const i = document.querySelector('.track input'); const begin = performance.now();
        for (let k = 0; k < 100; k++) { i.value = 50 + k * 8; i.dispatchEvent(new Event('input', { bubbles: true }));
          await new Promise(requestAnimationFrame); } return performance.now() - begin; }"""
    )
    assert clock_s(page) == 842
    assert spent < 15_000  # on the slowest of machines, in software rendering


def test_a_card_tells_why_it_leaked(site, visit):
    page = visit()
    open_replay(page, replay_address(site))
    document = document_of(site, page)
    leaked = [t for t in document["threats"] if t["outcome"] == "leaked"]
    assert leaked, "the starter's raid always has leakers"
    page.click(f".plain button >> text=/^{re.escape(leaked[0]['name'])}$/")
    assert page.inner_text(".card h2") == leaked[0]["name"]
    why = page.inner_text(".why")
    assert document["words"]["reasons"][leaked[0]["reason"]] in why
    assert "Why did it leak?" in why
    shots = page.inner_text(".card dl div:has-text('Interceptors at it') dd")
    assert int(shots) == leaked[0]["shots"]
    page.keyboard.press("Escape")
    assert page.query_selector(".card h2") is None


def test_a_click_on_the_map_finds_what_is_drawn_there(site, visit):
    page = visit()
    open_replay(page, replay_address(site))
    page.wait_for_timeout(300)
    frame = page.locator(".movers").bounding_box()
    document = document_of(site, page)
    post = next(s for s in document["sites"] if s["role"] == "post")
    x, y = project(page, post)
    page.mouse.click(frame["x"] + x, frame["y"] + y)
    assert page.inner_text(".card h2") == post["name"]


def project(page, site):
    """Where a place is on the map: its ground box stretches over the map's bounds, seen from outside."""
    return page.evaluate(
        """([lon, lat]) => { const p = window.kalkanMap.project([lon, lat]); return [p.x, p.y]; }""",
        [site["lon"], site["lat"]],
    )


def test_the_log_filters_and_jumps(site, visit):
    page = visit()
    open_replay(page, replay_address(site))
    page.click("#tab-Log")
    page.fill(".log input", "leaks")
    document = document_of(site, page)
    leaks = [t / 100 for t, k in zip(document["events"]["t"], document["events"]["kind"], strict=True)
             if document["words"]["events"][k] == "leak"]  # fmt: skip
    assert f"{len(leaks)} of" in page.inner_text(".log .count")
    page.click(".rows li button >> nth=0")
    assert abs(clock_s(page) - leaks[0]) <= 1
    page.click(".chip:has-text('Leaks')")
    assert page.inner_text(".log .count").startswith("0 of")


def test_charts_follow_the_clock(site, visit):
    page = visit()
    open_replay(page, replay_address(site))
    page.click("#tab-Charts")
    document = document_of(site, page)
    live, rounds = document["series"]["live"], document["series"]["rounds"][0]
    for seconds in (300, 500, 800):
        seek(page, seconds)
        page.wait_for_timeout(80)
        shown = [int(re.match(r"\d+", w)[0]) for w in page.locator(".chart b").all_inner_texts()]
        assert shown[0] == step(live, seconds)
        assert step(rounds, seconds) in shown
    box = page.locator(".chart canvas >> nth=0").bounding_box()
    page.mouse.click(box["x"] + box["width"] / 2, box["y"] + 10)
    assert abs(clock_s(page) - document["end_s"] / 2) < 10


def step(series, seconds):
    before = [n for t, n in zip(series["t"], series["n"], strict=True) if t <= seconds * 100]
    return before[-1] if before else 0


def test_layers_and_theme_change_the_picture(site, visit):
    page = visit()
    open_replay(page, replay_address(site))
    seek(page, 500)
    page.click("#tab-Layers")
    page.wait_for_timeout(200)
    everything = painted(page)
    for layer in ("Range rings", "Trails", "Radar sectors", "Threats (truth)"):
        page.uncheck(f"label:has-text('{layer}') input")
    page.wait_for_timeout(200)
    assert painted(page) < everything
    before = page.screenshot(clip={"x": 200, "y": 200, "width": 300, "height": 300})
    page.check("label:has-text('3,000 m above ground') input")
    page.wait_for_timeout(600)
    assert page.screenshot(clip={"x": 200, "y": 200, "width": 300, "height": 300}) != before
    page.keyboard.press("t")
    assert page.get_attribute("html", "data-theme") == "dark"


def test_another_replication_is_chosen(site, visit):
    page = visit()
    open_replay(page, replay_address(site))
    choices = page.request.get(f"{site.home}api/choices?path=out%2Fraid").json()["variants"][0]
    assert choices["leakers"][choices["replications"].index(choices["worst"])] == max(choices["leakers"])
    assert choices["leakers"][choices["replications"].index(choices["best"])] == min(choices["leakers"])
    other = next(n for n in choices["replications"] if n != 0)
    page.select_option(".chooser select[aria-label=Replication]", str(other))
    page.wait_for_function(f"() => document.querySelector('.bar h1').innerText.includes('replication {other} ')")
    leaked = choices["leakers"][choices["replications"].index(other)]
    assert f"· {leaked} of 16 leaked" in page.inner_text(".bar h1")
    page.select_option(".chooser select[aria-label=Variant]", "slow-radar")
    page.wait_for_function("() => document.querySelector('.bar h1').innerText.includes('slow radar')")


def test_a_picture_is_saved(site, visit, tmp_path):
    from PIL import Image

    page = visit()
    open_replay(page, replay_address(site))
    seek(page, 500)
    with page.expect_download() as waiting:
        page.click("text=Picture")
    waiting.value.save_as(tmp_path / "picture.png")
    picture = Image.open(tmp_path / "picture.png").convert("RGB")
    assert picture.width > 900 and len(picture.getcolors(1_000_000)) > 50


def test_one_page_opens_from_disk_and_asks_for_nothing(folder, visit, tmp_path):
    made = subprocess.run(
        [KALKAN, "replay", "out/raid", "--replication", "2", "--html", str(tmp_path / "page.html")],
        cwd=folder, check=True, capture_output=True, text=True,
    )  # fmt: skip
    assert "replication 2" in made.stdout
    page = visit()
    asked: list[str] = []
    page.on("request", lambda r: asked.append(r.url))
    open_replay(page, f"file://{tmp_path}/page.html")
    seek(page, 500)
    page.wait_for_timeout(300)
    assert painted(page) > 0.001
    assert "replication 2" in page.inner_text(".bar h1")
    assert [u for u in asked if not u.startswith(("data:", "blob:", f"file://{tmp_path}/page.html"))] == []


def test_kalkan_replay_opens_a_typical_replication(folder, visit):
    server = Server("replay", "out/raid", cwd=folder)
    try:
        page = visit()
        open_replay(page, server.address)
        choices = page.request.get(f"{server.home}api/choices?path=.").json()["variants"][0]
        assert f"replication {choices['typical']} " in page.inner_text(".bar h1")
        assert page.request.post(f"{server.home}api/runs", data={"path": "raid.toml"}).status in (404, 405)
    finally:
        server.end()


# ---- the app


def open_editor(page, site, path="raid.toml"):
    page.goto(f"{site.home}#/edit/{path}")
    page.wait_for_selector("html[data-editor=ready]")
    page.wait_for_selector("html[data-ready=map]")
    page.wait_for_selector(".problems .good")


def text_of(page):
    return page.evaluate("() => window.kalkanEditor.text")


def test_mistakes_are_told_while_writing(site, visit):
    page = visit()
    open_editor(page, site)
    page.click(".cm-content")
    page.keyboard.press("Control+Home")
    page.keyboard.type("rubbish = 1\n")
    page.wait_for_selector(".problems button")
    assert page.inner_text(".problems button").startswith("line 1")
    assert "rubbish" in page.inner_text(".problems button")
    assert page.is_disabled("button:has-text('Save and run')")
    page.click("text=Undo")
    page.click("text=Undo")  # the line's end was a change of its own
    page.wait_for_selector(".problems .good")


def test_a_site_is_dragged_and_the_text_follows(site, visit):
    page = visit()
    open_editor(page, site)
    page.select_option("label:has-text('In sight at') select", "300")
    page.wait_for_selector(".area-out")
    before, area = text_of(page), page.inner_text(".area-out")
    sent, headers = json.dumps({"path": "raid.toml", "text": before}), {"content-type": "application/json"}
    scene = page.request.post(f"{site.home}api/check", data=sent, headers=headers).json()["scenes"][0]
    lat, lon = scene["systems"][0]["position"]
    frame = page.locator(".world .movers").bounding_box()
    x, y = project(page, {"lon": lon, "lat": lat})
    page.mouse.move(frame["x"] + x, frame["y"] + y)
    page.mouse.down()
    page.mouse.move(frame["x"] + x + 30, frame["y"] + y - 10, steps=4)
    page.mouse.move(frame["x"] + x + 60, frame["y"] + y - 30, steps=4)
    page.mouse.up()
    page.wait_for_function("old => window.kalkanEditor.text !== old", arg=before)
    after = text_of(page)
    changed = [(a, b) for a, b in zip(before.splitlines(), after.splitlines(), strict=True) if a != b]
    assert all(b.startswith(("position", "fire_unit_positions")) for _, b in changed) and changed
    found = re.search(r"position = \[([\d.]+), ([\d.]+)\]", changed[0][1])
    assert float(found[2]) > lon + 0.01 and float(found[1]) > lat
    assert [line for line in after.splitlines() if line.startswith("#")] == [
        line for line in before.splitlines() if line.startswith("#")
    ]
    page.wait_for_function("old => document.querySelector('.area-out').innerText !== old", arg=area)
    page.wait_for_selector(".problems .good")


def test_a_reload_loses_nothing(site, visit):
    page = visit()
    open_editor(page, site)
    page.click(".cm-content")
    page.keyboard.press("Control+End")
    page.keyboard.type("\n# not saved yet")
    page.wait_for_selector("text=not saved")
    page.reload()
    page.wait_for_selector("html[data-editor=ready]")
    assert text_of(page).endswith("# not saved yet")


def test_a_run_is_started_watched_and_looked_at(folder, site, visit):
    page = visit()
    (folder / "quick.toml").write_text((folder / "raid.toml").read_text())
    open_editor(page, site, "quick.toml")
    page.fill("input[type=number]", "24")
    page.click("button:has-text('Run')")
    page.wait_for_selector(".run progress")
    page.reload()  # the run goes on, and is still there
    page.wait_for_selector(".run.finished", timeout=180_000)
    assert page.locator(".run .numbers tbody tr").count() >= 4
    assert "24" in page.inner_text(".run .numbers thead")
    page.click(".run >> text=Results")
    page.wait_for_selector(".results .numbers")
    assert "2 variants × 24 replications" in page.inner_text(".heading")
    shown = subprocess.run([KALKAN, "show", "out/quick"], cwd=folder, check=True, capture_output=True, text=True).stdout
    first = page.locator(".results .numbers >> nth=0").locator("tbody tr >> nth=0").locator("td >> nth=0").inner_text()
    assert first in shown
    page.click(".watch >> text=worst >> nth=0")
    page.wait_for_selector("html[data-ready=replay]")


def test_runs_queue_and_can_be_stopped(folder, site, visit):
    page = visit()
    (folder / "long.toml").write_text((folder / "raid.toml").read_text())
    headers = {"content-type": "application/json"}
    for n in (200_000, 10):
        sent = json.dumps({"path": "long.toml", "replications": n, "overwrite": True})
        assert page.request.post(f"{site.home}api/runs", data=sent, headers=headers).status == 201
    open_editor(page, site, "long.toml")
    page.wait_for_selector(".run.running progress")
    assert page.locator(".run.waiting").count() == 1
    page.click(".run.waiting >> text=Stop")
    page.wait_for_function("() => parseInt(document.querySelector('.run.running .progress span').innerText) > 0")
    page.click(".run.running >> text=Stop")
    page.wait_for_function("() => document.querySelectorAll('.run.cancelled').length === 2", timeout=PATIENCE_MS)
    assert "run again to go on" in page.inner_text(".runs")


def test_two_runs_are_compared(folder, site, visit):
    if not (folder / "out/other").exists():
        words = [KALKAN, "run", "raid.toml", "-q", "--replications", "4", "--out", "out/other"]
        subprocess.run(words, cwd=folder, check=True, capture_output=True)
    page = visit()
    page.goto(site.home)
    page.wait_for_selector("button:has-text('Compare')")
    page.select_option("label:has-text('Compare') select >> nth=0", "out/raid")
    page.select_option("label:has-text('with') select >> nth=-1", "out/other")
    page.click("button:has-text('Compare')")
    page.wait_for_selector(".results .numbers")
    assert "[A]" in page.inner_text(".results .numbers thead >> nth=0")


def test_what_is_not_there_is_told_in_words(site, visit):
    page = visit(expect_errors=True)
    page.goto(f"{site.home}#/replay/out%2Fraid/base/99999")
    page.wait_for_selector(".trouble")
    assert "is not finished" in page.inner_text(".trouble")
    page.goto(f"{site.home}#/results/nowhere")
    page.wait_for_selector(".trouble")
    assert "is no results folder" in page.inner_text(".trouble")


# ---- looks


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_every_page_is_accessible_and_fits(site, visit, size, dark):
    page = visit(size, dark)
    faults = []
    pages = {
        "": ".files a", "#/results/out%2Fraid": ".numbers", "#/edit/raid.toml": "html[data-ready=map]",
        "#/replay/out%2Fraid/base/0": "html[data-ready=replay]",
    }  # fmt: skip
    for address, ready in pages.items():
        page.goto("about:blank")
        page.goto(site.home + address)
        page.wait_for_selector(ready)
        page.wait_for_timeout(300)
        wide = page.evaluate("() => document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert wide <= 0, f"{address} is {wide} px too wide"
        faults += [(address, *f) for f in serious(page)]
    for panel in ("Log", "Charts", "Layers"):
        page.click(f"#tab-{panel}")
        faults += [(panel, *f) for f in serious(page)]
    assert not faults, "\n".join(map(str, faults))
    assert page.get_attribute("html", "data-theme") == ("dark" if dark else "light")


def test_ctrl_c_ends_the_server_and_the_run_at_work_and_keeps_what_is_done(folder, browser):
    (folder / "broken-off.toml").write_text((folder / "raid.toml").read_text())
    server = Server("serve", ".", cwd=folder)
    page = browser.new_page()
    sent = json.dumps({"path": "broken-off.toml", "replications": 200_000})
    page.request.post(f"{server.home}api/runs", data=sent, headers={"content-type": "application/json"})
    done = 0
    while not done:
        time.sleep(0.3)
        done = page.request.get(f"{server.home}api/runs").json()["runs"][0]["done"]
    children = Path(f"/proc/{server.process.pid}/task/{server.process.pid}/children").read_text().split()
    begin = time.monotonic()
    server.end()
    assert children and time.monotonic() - begin < 10
    time.sleep(0.5)
    assert not any(Path(f"/proc/{pid}").exists() for pid in children)
    kept = subprocess.run([KALKAN, "show", "out/broken-off", "--json"], cwd=folder, check=True, capture_output=True)
    assert json.loads(kept.stdout)["replications"]["finished"] > 0
    page.close()
