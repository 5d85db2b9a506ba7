"""Engagements in a replay: who is held, which rounds fly at whom, where missiles come down, what is defended."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest

from tests.web.browsing import KALKAN, Server, open_replay, project, seek, soon
from tests.web.harness import needs_browser
from tests.web.test_picture_browser import ink_of, pixels_of

pytestmark = needs_browser
EXAMPLE = Path(__file__).parents[2] / "examples" / "ballistic.toml"
RED = (192, 42, 42)  # of hostile things, light theme


@pytest.fixture(scope="module")
def falling(tmp_path_factory):
    """A server of one finished run of the example of ballistic missiles."""
    folder = tmp_path_factory.mktemp("falling")
    (folder / "falling.toml").write_text(EXAMPLE.read_text(encoding="utf-8"), encoding="utf-8")
    words = [KALKAN, "run", "falling.toml", "-q", "--no-unknown", "--no-report", "--replications", "2"]
    subprocess.run(words, cwd=folder, check=True, capture_output=True, timeout=600)
    server = Server("serve", ".", cwd=folder)
    yield server
    server.end()


@pytest.fixture
def opened(falling, visit):
    """The replay's page with its layers, and its document."""
    page = visit()
    open_replay(page, f"{falling.home}#/replay/out%2Ffalling/s-400/0")
    page.click("#tab-Layers")
    asked = f"{falling.home}api/replay?path=out%2Ffalling&variant=s-400&replication=0"
    return page, json.loads(page.request.get(asked).body())


def times_of(document, word):
    """When events of a kind happened [s]."""
    events = document["events"]
    kind = next(i for i, e in enumerate(document["words"]["events"]) if e["word"] == word)
    return [t / 100.0 for t, k in zip(events["t"], events["kind"], strict=True) if k == kind]


def test_what_is_held_and_rounds_at_their_targets_are_layers(opened):
    """Nothing of either before anything is held or launched."""
    page, document = opened
    for layer, word in (("Held by engagement radars", "held"), ("Rounds to their targets", "launch")):
        when = times_of(document, word)[0]
        page.check(f"label:has-text('{layer}') input")
        seek(page, max(when - 1.0, 1.0))
        assert soon(page, lambda layer=layer: ink_of(page, layer) == 0), layer
        seek(page, when + 2.0)
        assert soon(page, lambda layer=layer: ink_of(page, layer) > 30), layer


def test_a_ballistic_missile_has_its_impact_point_from_its_launch_on(opened):
    """Where its path ends: a cross, and a full mark once it has come down; none of what was killed."""
    page, document = opened
    leaked = next(t for t in document["threats"] if t["outcome"] == "leaked")
    lon, lat = leaked["p"][-3] / 1e5, leaked["p"][-2] / 1e5
    seek(page, leaked["t"][0] / 100.0 + 30.0)
    assert soon(page, lambda: ink_of(page, "Impact points") > 40)
    place = project(page, {"lon": lon, "lat": lat})
    assert min(place) > 0
    seek(page, document["end_s"] - 1.0)
    killed = [t for t in document["threats"] if t["outcome"] == "killed"]
    assert killed and soon(page, lambda: pixels_of(page, {"lon": lon, "lat": lat}, RED) > 20)


def test_the_reach_of_a_battery_against_what_falls_is_its_footprint(opened):
    """The picture has an area, and the page says what it means."""
    page, _ = opened
    page.select_option(".coverage-choice select >> nth=0", "reach")
    table = page.wait_for_selector("table.areas", timeout=60_000)
    together = int(table.inner_text().split("together")[1].split("km²")[0].strip().replace(",", ""))
    assert 2_000 < together < 200_000
    assert "footprint" in page.inner_text(".layers")
