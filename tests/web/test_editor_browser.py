"""Scenarios in the app: text and map, checked live."""

from __future__ import annotations

import json
import re
import tomllib

from tests.mixed import mixed
from tests.web.browsing import drag, open_editor, project, scene_of, text_of
from tests.web.harness import needs_browser

pytestmark = needs_browser


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
    page.select_option(".coverage-choice select", "sight")
    page.wait_for_selector(".area-out")
    page.wait_for_function("() => kalkanMap.getLayoutProperty('coverage', 'visibility') === 'visible'")
    before, area = text_of(page), page.inner_text(".area-out")
    corners = "() => JSON.stringify(kalkanMap.getSource('coverage').coordinates)"
    old = page.evaluate(corners)
    lat, lon = scene_of(page, site)["systems"][0]["position"]
    drag(page, *project(page, {"lon": lon, "lat": lat}), 60, -30)
    page.wait_for_function("old => window.kalkanEditor.text !== old", arg=before)
    after = text_of(page)
    changed = [(a, b) for a, b in zip(before.splitlines(), after.splitlines(), strict=True) if a != b]
    assert all(b.startswith(("position", "fire_unit_positions")) for _, b in changed) and changed
    found = re.search(r"position = \[([\d.]+), ([\d.]+)\]", changed[0][1])
    assert float(found[2]) > lon + 0.01 and float(found[1]) > lat
    assert [line for line in after.splitlines() if line.startswith("#")] == [
        line for line in before.splitlines() if line.startswith("#")
    ]
    page.wait_for_function(f"old => ({corners})() !== old", arg=old)  # the picture moves with the site
    same = "old => document.querySelector('.area-out').innerText === old"
    page.wait_for_function(same, arg=area)  # the ground is flat
    page.wait_for_selector(".problems .good")


def test_a_post_is_dragged_by_its_own_symbol(site, visit):
    """The box stands beside the place, on a staff; whoever takes the box takes the post, and nothing jumps."""
    page = visit()
    open_editor(page, site)
    scene = scene_of(page, site)
    lat, lon = scene["systems"][0]["position"]
    x, y = project(page, {"lon": lon, "lat": lat})
    view = "() => JSON.stringify(kalkanMap.getCenter())"
    middle, before = page.evaluate(view), text_of(page)
    drag(page, x + 18, y - 26, 60, -30)
    page.wait_for_function("old => window.kalkanEditor.text !== old", arg=before)
    assert page.evaluate(view) == middle, "the map was moved"
    after = scene_of(page, site)
    assert [a["position"] for a in after["assets"]] == [a["position"] for a in scene["assets"]]
    assert after["groups"] == scene["groups"]
    east, south = project(page, dict(zip(("lat", "lon"), after["systems"][0]["position"], strict=True)))
    assert abs(east - x - 60) < 1.5 and abs(south - y + 30) < 1.5


def test_waypoints_that_end_at_an_asset_follow_it_in_every_variant(folder, site, visit):
    text = (folder / "raid.toml").read_text()
    tree = tomllib.loads(text)
    (lat, lon), raid = tree["assets"][0]["position"], tree["raids"][0]["name"]
    more = f"""
[variants.other-way]
label = "other way"
raids.{raid}.route = [
  {{ position = [{lat - 1.5}, {lon - 0.5}], altitude = "60 m AGL" }},
  {{ position = [{lat}, {lon}], altitude = "60 m AGL" }},
]
"""
    (folder / "follow.toml").write_text(text + more)
    page = visit()
    open_editor(page, site, "follow.toml")
    asset = scene_of(page, site, "follow.toml")["assets"][0]
    lat, lon = asset["position"]
    before = text_of(page)
    drag(page, *project(page, {"lon": lon, "lat": lat}), -40, 25)
    page.wait_for_function("old => window.kalkanEditor.text !== old", arg=before)
    sent, headers = {"path": "follow.toml", "text": text_of(page)}, {"content-type": "application/json"}
    told = page.request.post(f"{site.home}api/check", data=json.dumps(sent), headers=headers).json()
    assert told["problems"] == [] and {s["variant"] for s in told["scenes"]} >= {"base", "other-way"}
    for scene in told["scenes"]:
        moved = scene["assets"][0]["position"]
        assert moved != asset["position"]
        assert [raid["route"][-1]["position"] for raid in scene["groups"]] == [moved] * len(scene["groups"])


def test_undo_to_the_saved_text_is_saved(site, visit):
    page = visit()
    open_editor(page, site)
    page.click(".cm-content")
    page.keyboard.type("#")
    page.wait_for_selector("text=not saved")
    page.click("text=Undo")
    page.wait_for_function("() => !document.querySelector('.path').innerText.includes('not saved')")
    assert page.is_disabled("button.primary:has-text('Save') >> nth=0")
    page.reload()
    page.wait_for_selector("html[data-editor=ready]")
    assert "unsaved changes" not in page.inner_text(".path")


def test_the_map_tells_where_the_pointer_is(site, visit):
    page = visit()
    open_editor(page, site)
    lat, lon = scene_of(page, site)["assets"][0]["position"]
    x, y = project(page, {"lon": lon, "lat": lat})
    frame = page.locator(".world .movers").bounding_box()
    page.mouse.move(frame["x"] + x, frame["y"] + y)
    told = [float(v) for v in page.inner_text(".coordinates").split(", ")]
    assert abs(told[0] - lat) < 0.02 and abs(told[1] - lon) < 0.02
    page.mouse.move(5, 5)
    page.wait_for_selector(".coordinates", state="hidden")


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


def test_what_is_not_there_is_told_in_words(site, visit):
    page = visit(expect_errors=True)
    page.goto(f"{site.home}#/replay/out%2Fraid/base/99999")
    page.wait_for_selector(".trouble")
    assert "is not finished" in page.inner_text(".trouble")
    page.goto(f"{site.home}#/results/nowhere")
    page.wait_for_selector(".trouble")
    assert "is no results folder" in page.inner_text(".trouble")


def test_zones_airways_sources_and_jammers_are_dragged_too(folder, site, visit):
    (folder / "around.toml").write_text(mixed())
    page = visit()
    open_editor(page, site, "around.toml")
    areas = {a["name"]: a["points"] for a in scene_of(page, site, "around.toml")["areas"]}
    stations = {s["name"]: s for s in scene_of(page, site, "around.toml")["stations"]}
    things = {
        "line": areas["gate"][1], "area": areas["city"][2], "airway": areas["A1"][0], "orbit": stations["eye"],
        "position": stations["stand-off"],
    }  # fmt: skip
    first = text_of(page)
    for key, thing in things.items():
        before = text_of(page)
        lat, lon = thing["position"]
        drag(page, *project(page, {"lon": lon, "lat": lat}), 30, -20)
        page.wait_for_function("old => window.kalkanEditor.text !== old", arg=before)
        pairs = zip(before.splitlines(), text_of(page).splitlines(), strict=True)
        ((old, new),) = [(a, b) for a, b in pairs if a != b]
        assert old.startswith(f"{key} = ") and new.startswith(f"{key} = "), (old, new)
        was, now = ([float(v) for v in re.findall(r"\d+\.\d+", line)] for line in (old, new))
        moved = [(a, b) for a, b in zip(was, now, strict=True) if a != b]
        assert [a for a, _ in moved] == [lat, lon] and moved[0][1] > lat and moved[1][1] > lon
        assert old.partition("#")[2] == new.partition("#")[2]
        page.wait_for_selector(".problems .good")
    for _ in things:
        page.click("text=Undo")
    page.wait_for_function("first => window.kalkanEditor.text === first", arg=first)
    page.wait_for_function("() => !document.querySelector('.path').innerText.includes('not saved')")
