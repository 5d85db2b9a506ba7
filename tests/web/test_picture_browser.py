"""The air picture in a replay: whose a symbol is, zones, strobes, reports, and who a track is thought to be."""

from __future__ import annotations

import json
import subprocess

import numpy as np
import pytest

from tests.mixed import mixed
from tests.web.browsing import KALKAN, Server, faults, open_replay, project, seek, soon
from tests.web.harness import needs_browser

pytestmark = needs_browser
FILLS = {"hostile": (255, 128, 128), "friendly": (128, 224, 255), "neutral": (170, 255, 170)}  # APP-6D, light
NEAR_PX = 14


@pytest.fixture(scope="module")
def crowded(tmp_path_factory):
    """A server of one finished run in which not all are hostile."""
    folder = tmp_path_factory.mktemp("crowded")
    (folder / "mixed.toml").write_text(mixed())
    words = [KALKAN, "run", "mixed.toml", "-q", "--no-unknown"]
    subprocess.run(words, cwd=folder, check=True, capture_output=True, timeout=600)
    server = Server("serve", ".", cwd=folder)
    yield server
    server.end()


@pytest.fixture
def opened(crowded, visit):
    """The replay's page and its document."""
    page = visit()
    open_replay(page, f"{crowded.home}#/replay/out%2Fmixed/base/0")
    asked = f"{crowded.home}api/replay?path=out%2Fmixed&variant=base&replication=0"
    return page, json.loads(page.request.get(asked).body())


def at(moving, time_s):
    """Where something is, or None."""
    t, p = np.array(moving["t"]) / 100.0, np.array(moving["p"]).reshape(-1, 3)
    if not t[0] <= time_s <= t[-1]:
        return None
    return {"lon": np.interp(time_s, t, p[:, 0]) / 1e5, "lat": np.interp(time_s, t, p[:, 1]) / 1e5}


def pixels_of(page, place, colour):
    """How many pixels around a place of the map have a colour."""
    x, y = project(page, place)
    return page.evaluate(
        """([x, y, near, [r, g, b]]) => { const c = document.querySelector('.movers');
        const k = c.width / c.clientWidth;
        const d = c.getContext('2d').getImageData((x - near) * k, (y - near) * k, 2 * near * k, 2 * near * k).data;
        const off = (v, w) => Math.abs(v - w) < 12; let n = 0;
        for (let i = 0; i < d.length; i += 4) n += off(d[i], r) && off(d[i + 1], g) && off(d[i + 2], b);
        return n; }""",
        [x, y, NEAR_PX, colour],
    )


def ink_of(page, layer):
    """How many pixels of the map change when a layer is taken away."""
    return page.evaluate(
        """async (layer) => { const c = document.querySelector('.movers'), to = c.getContext('2d');
        const look = () => new Uint32Array(to.getImageData(0, 0, c.width, c.height).data.buffer.slice(0));
        const rows = [...document.querySelectorAll('.layers label')];
        const box = rows.find((l) => l.innerText.trim() === layer).querySelector('input');
        const drawn = () =>
            new Promise((done) => setTimeout(() => requestAnimationFrame(() => setTimeout(done, 100)), 100));
        await drawn(); const before = look(); box.click(); await drawn();
        const after = look(); box.click(); await drawn();
        return before.reduce((n, v, i) => n + (v !== after[i]), 0); }""",
        layer,
    )


def test_symbols_are_filled_by_side(opened):
    page, document = opened
    page.click("#tab-Layers")
    for layer in ("Tracks", "Trails", "Interceptors", "Names", "Reach of fire units", "Radar sectors"):
        page.uncheck(f"label:has-text('{layer}') input")
    found = set()
    for threat in document["threats"]:
        middle_s = (threat["t"][0] + threat["t"][-1]) / 200.0
        place = at(threat, middle_s)
        if threat["side"] in found or place is None or middle_s > document["end_s"]:
            continue
        seek(page, round(middle_s))
        place = at(threat, round(middle_s))
        assert soon(page, lambda p=place, s=threat["side"]: pixels_of(page, p, FILLS[s]) > 40), threat["name"]
        found.add(threat["side"])
    assert found == set(FILLS)


def test_zones_strobes_and_reports_are_layers(opened):
    page, document = opened
    page.click("#tab-Layers")
    both = {"Jamming strobes": document["strobes"]["t"], "Reports of others": document["reports"]["t"]}
    for layer, times in both.items():
        seek(page, times[len(times) // 2] / 100 + 1)
        assert soon(page, lambda layer=layer: ink_of(page, layer) > 20), layer
    assert ink_of(page, "Zones and airways") > 1000


def test_a_friend_s_card_tells_what_the_post_thinks_and_why(opened):
    page, document = opened
    index, track = next(
        (i, track) for i, threat in enumerate(document["threats"]) if threat["raid"] == "patrol"
        for track in document["tracks"] if track["threat"] == i and track["believed"]
    )  # fmt: skip
    believed = track["believed"]
    k = next(k for k, why in enumerate(believed["why"]) if "IFF: replied" in why)
    until = believed["t"][k + 1] if k + 1 < len(believed["t"]) else track["end"]
    time_s = (believed["t"][k] + until) / 200
    seek(page, time_s)
    page.click("#tab-Layers")
    for layer in ("Tracks", "Interceptors"):
        page.uncheck(f"label:has-text('{layer}') input")
    page.click("#tab-Card")
    page.wait_for_timeout(300)
    x, y = project(page, at(document["threats"][index], time_s))
    frame = page.locator(".movers").bounding_box()
    page.mouse.click(frame["x"] + x, frame["y"] + y)
    assert page.inner_text(".card h2") == document["threats"][index]["name"]
    card = page.locator("section.identity").first
    hostile, friendly, neutral = believed["p"][3 * k : 3 * k + 3]
    assert f"hostile {hostile:g} % · friendly {friendly:g} % · neutral {neutral:g} %" in card.inner_text()
    assert "IFF: replied" in card.inner_text()
    assert card.locator("polyline").count() == 3 and friendly > 50.0
    assert faults(page) == []


def clicked(page, place):
    """Facts of the card of what is at a place of the map."""
    x, y = project(page, place)
    frame = page.locator(".movers").bounding_box()
    page.mouse.click(frame["x"] + x, frame["y"] + y)
    rows = page.locator(".card dl div").all()
    return page.inner_text(".card h2"), {r.locator("dt").inner_text(): r.locator("dd").inner_text() for r in rows}


def shown_alone(page, time_s):
    """The map at a time without what covers sources and jammers."""
    seek(page, time_s)
    page.click("#tab-Layers")
    for layer in ("Tracks", "Interceptors"):
        page.uncheck(f"label:has-text('{layer}') input")
    page.click("#tab-Card")
    page.wait_for_timeout(300)


def filled(page, colour):
    """Whether the symbol of the card has a colour."""
    return page.evaluate(
        """([r, g, b]) => { const c = document.querySelector('.card canvas.symbol');
        const d = c.getContext('2d').getImageData(0, 0, c.width, c.height).data; let n = 0;
        for (let i = 0; i < d.length; i += 4)
            n += Math.abs(d[i] - r) < 12 && Math.abs(d[i + 1] - g) < 12 && Math.abs(d[i + 2] - b) < 12;
        return n > 40; }""",
        colour,
    )


def test_a_source_s_card_tells_what_it_gives(opened):
    page, document = opened
    (eye,) = document["sources"]
    times = document["reports"]["t"]
    time_s = times[len(times) // 2] // 100 + 1
    shown_alone(page, time_s)
    name, facts = clicked(page, at(eye, time_s))
    assert name == "eye" and facts["Kind"] == "airborne early-warning radar of others" and facts["Side"] == "friendly"
    up = [n for t, n in zip(eye["link"]["up"]["t"], eye["link"]["up"]["n"], strict=True) if t <= 100 * time_s][-1]
    assert facts["Link now"].startswith("up" if up else "down") and facts["Link in all"] == "up 95 % of the time"
    assert facts["Latency"] == "2 s" and facts["Update rate"] == "each track every 10 s"
    assert facts["Accuracy"] == "its own, ± 100 m by the link (1 sigma)"
    assert facts["Its grid"] == "± 200 m off the post's (1 sigma), not registered"
    assert facts["Radar"] == "L band, 600 km, every 10 s" and facts["Wrong correlations"] == "2 %"
    assert facts["Reports so far"].startswith(f"{sum(t <= 100 * time_s for t in times):,}, the last at ")
    assert filled(page, FILLS["friendly"])
    down = [t for t, n in zip(eye["link"]["up"]["t"], eye["link"]["up"]["n"], strict=True) if not n]
    if down and down[0] / 100 < document["end_s"] - 1:
        seek(page, down[0] // 100 + 1)
        assert soon(page, lambda: "down until" in page.inner_text(".card dl"))
    assert faults(page) == []


def test_a_jammer_s_card_tells_whom_it_jams_now(opened):
    page, document = opened
    (jammer,) = document["jammers"]
    strobes = document["strobes"]
    time_s = strobes["t"][len(strobes["t"]) // 2] // 100 + 1
    shown_alone(page, time_s)
    name, facts = clicked(page, jammer)
    late = [r for t, r in zip(strobes["t"], strobes["radar"], strict=True) if -1500 < t - 100 * time_s <= 0]
    assert name == "stand-off" and facts["Kind"] == "noise jammer in the air, on station"
    assert (facts["Side"], facts["Bands"]) == ("hostile", "S")
    assert facts["Effective power"] == "10 kW in each band" and facts["Bandwidth"] == "200 MHz"
    assert late and facts["Jams now"] == ", ".join(sorted({document["radars"][r] for r in late}))
    assert facts["Strobes so far"] == str(sum(t <= 100 * time_s for t in strobes["t"]))
    assert filled(page, FILLS["hostile"])
    seek(page, 0)
    first_s = strobes["t"][0] / 100
    assert soon(page, lambda: ("nobody" in page.inner_text(".card dl")) == (first_s > 0))
    assert faults(page) == []
