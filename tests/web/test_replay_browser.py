"""The replay as people use it: the real server, a real browser."""

from __future__ import annotations

import re
import subprocess

from tests.web.browsing import (
    KALKAN,
    Server,
    clock_s,
    document_of,
    open_replay,
    painted,
    project,
    replay_address,
    seek,
    soon,
    step,
)
from tests.web.harness import needs_browser

pytestmark = needs_browser


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
    assert soon(page, lambda: clock_s(page) == 400 and painted(page) > 0.001)
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
    assert page.query_selector(".card header") is None


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


def test_the_log_filters_and_jumps(site, visit):
    page = visit()
    open_replay(page, replay_address(site))
    page.click("#tab-Log")
    page.fill(".log input", "leaks")
    document = document_of(site, page)
    leaks = [t / 100 for t, k in zip(document["events"]["t"], document["events"]["kind"], strict=True)
             if document["words"]["events"][k]["word"] == "leak"]  # fmt: skip
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

        def follows(at=seconds):
            shown = [int(re.match(r"\d+", w)[0]) for w in page.locator(".chart b").all_inner_texts()]
            return shown[0] == step(live, at) and step(rounds, at) in shown

        assert soon(page, follows)
    box = page.locator(".chart canvas >> nth=0").bounding_box()
    page.mouse.click(box["x"] + box["width"] / 2, box["y"] + 10)
    assert soon(page, lambda: abs(clock_s(page) - document["end_s"] / 2) < 10)


def test_layers_and_theme_change_the_picture(site, visit):
    page = visit()
    open_replay(page, replay_address(site))
    seek(page, 500)
    page.click("#tab-Layers")
    page.wait_for_timeout(200)
    everything = painted(page)
    for layer in ("Reach of fire units", "Trails", "Radar sectors", "Threats (truth)"):
        page.uncheck(f"label:has-text('{layer}') input")
    assert soon(page, lambda: painted(page) < everything)
    part = page.locator(".movers").bounding_box()
    before = page.screenshot(clip=part)
    page.select_option(".coverage-choice select", "sight")
    page.wait_for_selector(".areas")
    assert soon(page, lambda: page.screenshot(clip=part) != before)
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
        page.click("text=Save picture")
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
    assert soon(page, lambda: painted(page) > 0.001)
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


def test_a_replication_is_chosen_by_who_leaked(site, visit):
    page = visit()
    open_replay(page, replay_address(site))
    choices = page.request.get(f"{site.home}api/choices?path=out%2Fraid").json()["variants"][0]
    most = max(range(len(choices["threats"])), key=lambda i: choices["leaked"][i]["times"])
    name, number = choices["threats"][most], choices["leaked"][most]["replications"][-1]
    group = page.locator(f"select[aria-label='By leaker'] optgroup[label^='{name}: leaked']")
    assert group.count() == 1
    page.select_option("select[aria-label='By leaker']", str(number))
    page.wait_for_function(f"() => document.querySelector('.bar h1').innerText.includes('replication {number} ')")
    leaked = [t["name"] for t in document_of(site, page, number)["threats"] if t["outcome"] == "leaked"]
    assert name in leaked and page.inner_text(".plain").count(name) >= 1


def test_everything_can_be_done_with_keys(site, visit):
    page = visit()
    open_replay(page, replay_address(site))
    document = document_of(site, page)
    shots = [t / 100 for t, k in zip(document["events"]["t"], document["events"]["kind"], strict=True)
             if document["words"]["events"][k]["word"] in ("launch", "kill", "leak")]  # fmt: skip
    page.keyboard.press("Home")
    assert clock_s(page) == 0
    page.keyboard.press("]")
    assert clock_s(page) == int(shots[0])
    page.keyboard.press("End")
    page.keyboard.press("[")
    assert clock_s(page) == int(shots[-1])
    page.keyboard.press("ArrowLeft")
    assert clock_s(page) == int(shots[-1] - 10)
    speed = page.input_value(".speed select")
    page.keyboard.press("+")
    assert float(page.input_value(".speed select")) > float(speed)
    page.keyboard.press("-")
    assert page.input_value(".speed select") == speed
    for key, panel in zip("1234", ("Card", "Log", "Charts", "Layers"), strict=True):
        page.keyboard.press(key)
        assert page.get_attribute(f"#tab-{panel}", "aria-selected") == "true"
    page.keyboard.press("?")
    assert page.locator(".keys dt").count() >= 9
    page.keyboard.press("?")
    assert page.locator(".keys").count() == 0


def test_tracks_errors_plots_and_interceptors_are_drawn_when_wanted(site, visit):
    """Each layer adds to what is painted at a moment at which it has something to show."""
    page = visit()
    open_replay(page, replay_address(site))
    document = document_of(site, page)
    missile = document["missiles"][len(document["missiles"]) // 2]
    at = (missile["t"][0] + missile["t"][-1]) / 2
    seek(page, at / 100)
    page.click("#tab-Layers")
    shown = ("Reach of fire units", "Radar sectors", "Trails", "Threats (truth)", "Tracks", "Interceptors", "Names")
    for layer in shown:
        page.get_by_label(layer, exact=True).uncheck()
    page.wait_for_timeout(150)
    before = painted(page)
    for layer in ("Interceptors", "Plots", "Tracks", "Trails", "Threats (truth)"):
        page.get_by_label(layer, exact=True).check()
        assert soon(page, lambda seen=before: painted(page) > seen), layer
        before = painted(page)
    track = next(t for t in document["tracks"] if t["t"][0] <= at <= t["t"][-1])  # errors of metres are seen from near
    k = max(i for i, t in enumerate(track["t"]) if t <= at)
    lon, lat = (v / 1e5 for v in track["p"][3 * k : 3 * k + 2])
    page.evaluate("([lon, lat]) => kalkanMap.jumpTo({ center: [lon, lat], zoom: 13 })", [lon, lat])
    page.wait_for_timeout(300)
    before = painted(page)
    page.get_by_label("Track errors", exact=True).check()
    assert soon(page, lambda: painted(page) > before)


def test_the_map_zooms_and_shows_the_whole_scene_again(site, visit):
    page = visit()
    open_replay(page, replay_address(site))
    zoom = "() => kalkanMap.getZoom()"
    before = page.evaluate(zoom)
    page.click("button[aria-label='Zoom in']")
    page.click("button[aria-label='Zoom in']")
    assert soon(page, lambda: page.evaluate(zoom) > before + 1)
    page.keyboard.press("0")
    assert soon(page, lambda: abs(page.evaluate(zoom) - before) < 0.01)


def test_a_card_leads_to_the_end_of_a_threat(site, visit):
    page = visit()
    open_replay(page, replay_address(site))
    document = document_of(site, page)
    leaked = next(t for t in document["threats"] if t["outcome"] == "leaked")
    page.click(f".plain button >> text=/^{re.escape(leaked['name'])}$/")
    page.click("text=To its end")
    assert abs(clock_s(page) - (leaked["end"] / 100 - 30)) <= 1


def test_what_is_followed_stays_in_the_middle(site, visit):
    page = visit()
    open_replay(page, replay_address(site))
    seek(page, 300)
    page.click(".plain button >> nth=0")
    page.keyboard.press("f")
    page.wait_for_timeout(200)
    before = page.evaluate("() => kalkanMap.getCenter().toArray()")
    seek(page, 500)
    assert soon(page, lambda: page.evaluate("() => kalkanMap.getCenter().toArray()") != before)
    assert page.get_attribute("button:has-text('Follow')", "aria-pressed") == "true"


def test_a_page_is_saved_from_the_replay(site, visit, tmp_path):
    page = visit()
    open_replay(page, replay_address(site, 1))
    with page.expect_download() as waiting:
        page.click("text=Save page")
    assert waiting.value.suggested_filename == "replay-base-1.html"
    waiting.value.save_as(tmp_path / "saved.html")
    page.wait_for_selector("button:has-text('Save page'):enabled")
    page.goto(f"file://{tmp_path}/saved.html")
    page.wait_for_selector("html[data-ready=replay]")
    assert "replication 1" in page.inner_text(".bar h1")
