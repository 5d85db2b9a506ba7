"""Sight, detection and reach in the replay, in the page without a server and in the editor."""

from __future__ import annotations

import json
import re
import shutil
import subprocess

import pytest

from kalkan.scenario import parse
from kalkan.scenario.nouns.fields import Altitude
from kalkan.views.coverage.picture import coverage_picture
from tests.web.browsing import (
    DESKTOP,
    KALKAN,
    PHONE,
    Server,
    drag,
    faults,
    open_editor,
    open_replay,
    project,
    replay_address,
    scene_of,
    soon,
    text_of,
    too_wide_px,
)
from tests.web.harness import needs_browser

pytestmark = needs_browser
MODES = ("sight", "p_d 0.5", "p_d 0.9", "reach")


def choose(page, label, value):
    page.select_option(f".coverage-choice label:has-text('{label}') select", value)


def area(page):
    """Area [km²] that is shown, of all together."""
    return int(re.sub(r"\D", "", page.inner_text(".areas td >> nth=0")))


def shown_area(page, *words):
    """The area, once the answer to what was chosen is there."""
    page.wait_for_selector("".join([".areas", *(f"[data-look*='{w}']" for w in words)]))
    return area(page)


def coverage_is_on_the_map(page):
    """Whether the map has a picture of the coverage, and where, by its own account."""
    return page.evaluate("() => kalkanMap.getLayoutProperty('coverage', 'visibility') === 'visible'")


def test_the_replay_shows_what_the_scenario_says(folder, site, visit):
    page = visit()
    open_replay(page, replay_address(site))
    page.click("#tab-Layers")
    scenario = parse((folder / "raid.toml").read_text()).variants_resolved()["base"]
    assert not coverage_is_on_the_map(page)
    flies = Altitude(scenario.raids[0].route[0].altitude_m, scenario.raids[0].route[0].above)
    for shows in MODES:
        choose(page, "Coverage", shows)
        seen = shown_area(page, shows)
        wanted = coverage_picture(scenario, shows, scenario.raids[0].type, flies)
        assert seen == wanted["area_km2"], shows
        assert page.locator(".areas tr").count() == 1 + len(wanted["each"])
    assert coverage_is_on_the_map(page)
    choose(page, "Coverage", "")
    page.wait_for_function("() => kalkanMap.getLayoutProperty('coverage', 'visibility') === 'none'")


def test_a_larger_or_higher_target_is_detected_farther(site, visit):
    page = visit()
    open_replay(page, replay_address(site))
    page.click("#tab-Layers")
    choose(page, "Coverage", "p_d 0.9")
    choose(page, "Target", "f-35a")
    small = shown_area(page, "f-35a")
    choose(page, "Target", "airliner")
    large = shown_area(page, "airliner")
    choose(page, "Height", "6000 sea")
    assert small < large < shown_area(page, "6000 sea")


def test_a_page_from_disk_shows_the_same_without_asking(folder, site, visit, tmp_path):
    subprocess.run([KALKAN, "replay", "out/raid", "--replication", "1", "--html", str(tmp_path / "page.html")],
                   cwd=folder, check=True, capture_output=True)  # fmt: skip
    served, alone = visit(), visit()
    asked: list[str] = []
    alone.on("request", lambda r: asked.append(r.url))
    open_replay(served, replay_address(site, 1))
    open_replay(alone, f"file://{tmp_path}/page.html")
    for page in (served, alone):
        page.click("#tab-Layers")
    for shows in MODES:
        found = []
        for page in (served, alone):
            choose(page, "Coverage", shows)
            choose(page, "Height", "50 ground")
            shown_area(page, shows, "50 ground")
            found.append(page.inner_text(".areas"))
        assert found[0] == found[1], shows
    assert coverage_is_on_the_map(alone)
    assert [u for u in asked if not u.startswith(("data:", "blob:", f"file://{tmp_path}/page.html"))] == []


@pytest.mark.parametrize("shows", MODES)
def test_the_editor_redraws_when_a_site_is_dragged(site, visit, shows):
    page = visit()
    open_editor(page, site)
    choose(page, "Coverage", shows)
    page.wait_for_selector(".area-out")
    page.wait_for_function("() => kalkanMap.getLayoutProperty('coverage', 'visibility') === 'visible'")
    before, corners = text_of(page), "() => JSON.stringify(kalkanMap.getSource('coverage').coordinates)"
    old = page.evaluate(corners)
    lat, lon = scene_of(page, site)["systems"][0]["position"]
    drag(page, *project(page, {"lat": lat, "lon": lon}), 90, 40)
    page.wait_for_function("old => window.kalkanEditor.text !== old", arg=before)
    page.wait_for_function(f"old => ({corners})() !== old", arg=old)
    page.wait_for_selector(".problems .good")


def test_reach_follows_a_fire_unit_that_is_dragged(site, visit):
    page = visit()
    open_editor(page, site)
    choose(page, "Coverage", "reach")
    page.wait_for_selector(".area-out")
    corners = "() => JSON.stringify(kalkanMap.getSource('coverage').coordinates)"
    page.wait_for_function("() => kalkanMap.getLayoutProperty('coverage', 'visibility') === 'visible'")
    old = page.evaluate(corners)
    unit = scene_of(page, site)["units"][-1]
    x, y = project(page, {"lat": unit["position"][0], "lon": unit["position"][1]})
    drag(page, x, y, 60, 60)
    page.wait_for_function(f"old => ({corners})() !== old", arg=old)
    page.wait_for_selector(".problems .good")
    assert "fire_unit_positions" in text_of(page)


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_coverage_is_seen_and_accessible_everywhere(site, visit, size, dark):
    """In the middle of the radars' coverage the map's colour changes, and changes back."""
    page, found = visit(size, dark), []
    open_replay(page, replay_address(site))
    page.click("#tab-Layers")
    for layer in ("Radar sectors", "Trails", "Reach of fire units"):
        page.uncheck(f"label:has-text('{layer}') input")
    plain = ground_colour(page)
    for shows in MODES:
        choose(page, "Coverage", shows)
        shown_area(page, shows)

        def coloured():
            return sum(abs(a - b) for a, b in zip(ground_colour(page), plain, strict=True)) > 30

        assert soon(page, coloured), shows
        found += [(shows, *f) for f in faults(page)]
        assert too_wide_px(page) <= 0
    page.goto("about:blank")
    open_editor(page, site)
    for shows in MODES:
        choose(page, "Coverage", shows)
        page.wait_for_selector(".area-out")
        found += [("editor", shows, *f) for f in faults(page)]
        assert too_wide_px(page) <= 0
    assert not found, "\n".join(map(str, found))


def ground_colour(page):
    """Colour of the map beside the first post, where nothing else is drawn."""
    return page.evaluate(
        """async () => { const map = window.kalkanMap; const canvas = map.getCanvas();
        const post = window.kalkanMovers.replay.doc.sites.find((s) => s.role === 'post');
        const p = map.project([post.lon, post.lat - 0.12]); const k = canvas.width / canvas.clientWidth;
        return await new Promise((done) => { map.once('render', () => {
          const copy = document.createElement('canvas'); copy.width = canvas.width; copy.height = canvas.height;
          const to = copy.getContext('2d'); to.drawImage(canvas, 0, 0);
          done([...to.getImageData(Math.round(p.x * k), Math.round(p.y * k), 1, 1).data.slice(0, 3)]); });
          map.triggerRepaint(); }); }"""
    )


def test_a_wrong_question_is_told_in_words(site, visit):
    page = visit(expect_errors=True)
    sent = {"path": "out/raid", "height_m": 300.0, "shows": "reach", "target": "f16c"}
    answer = page.request.post(
        f"{site.home}api/coverage/stored", data=json.dumps(sent), headers={"content-type": "application/json"}
    )
    assert answer.status == 422 and 'did you mean "f-16c"?' in answer.json()["problems"][0]["message"]
    sent |= {"target": "", "variant": "slow-rader"}
    answer = page.request.post(
        f"{site.home}api/coverage/stored", data=json.dumps(sent), headers={"content-type": "application/json"}
    )
    assert answer.status == 422 and "slow-radar" in answer.json()["problems"][0]["message"]


def test_a_site_off_the_terrain_is_told_and_shown_again_when_it_is_back(visit, tmp_path):
    shutil.copytree("examples/terrain", tmp_path / "terrain")
    shutil.copy("examples/second-batch.toml", tmp_path / "far.toml")
    server = Server("serve", ".", cwd=tmp_path)
    try:
        page = visit(expect_errors=True)
        open_editor(page, server, "far.toml")
        text = text_of(page)
        assert "position = [41.94, 33.85]" in text
        choose(page, "Coverage", "sight")
        page.wait_for_selector(".area-out")
        page.evaluate("t => window.kalkanEditor.replace(t)", text.replace("[41.94, 33.85]", "[55.94, 33.85]"))
        page.wait_for_selector(".problems >> text=terrain has no height")
        page.wait_for_selector(".area-out", state="detached")
        page.evaluate("t => window.kalkanEditor.replace(t)", text)
        page.wait_for_selector(".area-out")
        assert page.locator(".problems >> text=terrain has no height").count() == 0
    finally:
        server.end()
