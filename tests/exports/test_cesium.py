"""CZML loaded by CesiumJS in a real Chromium."""

import functools
import http.server
import os
import shutil
import sys
import threading
from pathlib import Path

import numpy as np
import pytest

from .conftest import need

CESIUM = Path(sys.prefix) / "node_modules" / "cesium" / "Build" / "Cesium"
FLAGS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
]  # fmt: skip
PAGE = '<!doctype html><meta charset="utf-8"><title>CZML</title><script src="Cesium/Cesium.js"></script>'
READ = """async () => {
  const source = await Cesium.CzmlDataSource.load('story.czml');
  const start = Cesium.JulianDate.fromIso8601('2026-01-01T00:00:00Z');
  const at = t => Cesium.JulianDate.addSeconds(start, t, new Cesium.JulianDate());
  const where = (e, t) => { const p = e.position.getValue(at(t)); return p ? [p.x, p.y, p.z] : null; };
  return {
    seconds: Cesium.JulianDate.secondsDifference(source.clock.stopTime, source.clock.startTime),
    entities: source.entities.values.map(e => {
      const span = e.availability;
      const a = span ? Cesium.JulianDate.secondsDifference(span.start, start) : 0;
      const b = span ? Cesium.JulianDate.secondsDifference(span.stop, start) : 0;
      return {id: e.id, name: e.name, start: a, end: b, middle: where(e, (a + b) / 2), before: where(e, a - 60)};
    }),
  };
}"""


class Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *_):
        return None


@pytest.fixture(scope="module")
def cesium(exported, tmp_path_factory):
    return in_cesium(exported("czml", ".czml"), READ, tmp_path_factory.mktemp("site"))


def in_cesium(file, read, site):
    """What a script in a page with Cesium made of a file, and what the browser complained about."""
    if not CESIUM.is_dir() and not os.environ.get("CI"):
        pytest.skip("CesiumJS is not installed")
    assert CESIUM.is_dir(), f"{CESIUM} is missing"
    browser_path = shutil.which("chromium") or shutil.which("chromium-browser") or need("chromium")
    (site / "Cesium").symlink_to(CESIUM)
    (site / "index.html").write_text(PAGE)
    shutil.copy(file, site / "story.czml")
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Quiet, directory=site))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    from playwright.sync_api import sync_playwright

    complaints = []
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=browser_path, args=FLAGS)
        page = browser.new_page()
        page.on("console", lambda m: complaints.append(m.text) if m.type in ("error", "warning") else None)
        page.on("pageerror", lambda e: complaints.append(str(e)))
        page.goto(f"http://127.0.0.1:{server.server_address[1]}/index.html")
        found = page.evaluate(read)
        browser.close()
    server.shutdown()
    return found, [c for c in complaints if "favicon" not in c and "404" not in c]


def test_cesium_loads_it_without_complaint(cesium, recording):
    found, complaints = cesium
    assert complaints == []
    n = sum(t.confirmed_s == t.confirmed_s for t in recording.tracks)
    wanted = len(recording.sites) + len(recording.threats) + len(recording.missiles) + n
    assert len(found["entities"]) == wanted
    assert found["seconds"] == recording.horizon_s


def test_cesium_puts_everything_where_it_was(cesium, recording):
    entities = {e["id"]: e for e in cesium[0]["entities"]}
    movers = [(f"threat/{t.index}", t.motion) for t in recording.threats]
    movers += [(f"missile/{i}", m.motion) for i, m in enumerate(recording.missiles)]
    for name, motion in movers:
        entity = entities[name]
        assert entity["start"] == pytest.approx(motion.t_s[0], abs=1e-3)
        assert entity["end"] == pytest.approx(motion.t_s[-1], abs=1e-3)
        away = np.linalg.norm(motion.at((entity["start"] + entity["end"]) / 2.0) - entity["middle"])
        assert away < 2.0  # times are told to a millisecond, a missile flies 2 m in it
        assert entity["before"] is None
    for site in recording.sites:
        assert np.linalg.norm(site.position_m - entities[f"{site.role}/{site.index}"]["middle"]) < 0.02
