"""Scenarios in the app: text and map, checked live."""

from __future__ import annotations

import re

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
