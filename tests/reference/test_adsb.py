"""ADS-B as receivers give it: the samples of the Python package ``traffic`` (X. Olive, MIT licence), read as data.

Positions are held against the package's own rows, so that whatever cleaning leaves is where the aircraft said it was.
The package is installed without what it needs to run (``make test`` does it); where it is not, this is left out, but
never in CI.
"""

import gzip
import importlib.util
import json
import os
import re
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from kalkan.compile import compile_scenario
from kalkan.models.recorded import path_through
from kalkan.scenario import parse
from kalkan.scenario.recorded.cleaning import distance_m
from kalkan.scenario.recorded.table import TracksError
from kalkan.scenario.recorded.tracks import read_tracks
from kalkan.scenario.recorded.units import Options
from tests.engine import harness

FOUND = importlib.util.find_spec("traffic")  # looked for, not imported
pytestmark = pytest.mark.skipif(
    FOUND is None and not os.environ.get("CI"), reason="the package traffic, whose samples are read, is not installed"
)
FEET = Options(altitude_unit="ft", speed_unit="kt")


@pytest.fixture(scope="session")
def sample(tmp_path_factory):
    """A sample by its name: its rows, and a CSV file of them."""
    assert FOUND is not None, "CI installs the package"
    folder = Path(next(iter(FOUND.submodule_search_locations))) / "data" / "samples"

    def get(name):
        text = gzip.decompress((folder / f"{name}.json.gz").read_bytes()).decode()
        rows = pd.DataFrame(json.loads(text))
        path = tmp_path_factory.mktemp("adsb") / "tracks.csv"
        rows.to_csv(path, index=False)
        return rows, path

    return get


@pytest.fixture(scope="session")
def paris(sample):
    """Three hours of 2021-10-07 around Paris: 284,505 rows of more than two hundred aircraft."""
    return sample("collections/quickstart")


def test_feet_and_knots_are_found_out(paris):
    """Columns of this package do not say that they are in feet and knots."""
    with pytest.raises(TracksError) as caught:
        read_tracks(paris[1], Options())
    assert 'altitude_unit = "ft"' in str(caught.value) and 'speed_unit = "kt"' in str(caught.value)


def test_hours_of_traffic_are_read_and_what_is_left_is_where_it_was(paris):
    rows, path = paris
    found = read_tracks(path, FEET)
    assert len(found.tracks) >= 200 and found.begins_s == pytest.approx(rows.timestamp.min() / 1e3, abs=600.0)
    on_ground = int((rows.onground.astype(str) == "True").sum())
    dropped = int(re.search(r"([\d,]+) rows on the ground", found.told[0])[1].replace(",", ""))
    assert on_ground <= dropped < 1.01 * on_ground and found.told[0].startswith(f"{len(rows):,} rows")
    called = {name.partition("/")[0] for name, _ in found.tracks}
    assert called <= {str(c).strip() for c in rows.callsign} | set(rows.icao24)
    airborne = rows.loc[rows.onground.astype(str) != "True"]
    for name, points in found.tracks[:: max(len(found.tracks) // 25, 1)]:
        mine = airborne[(airborne.callsign == name.partition("/")[0])]
        at = mine.set_index(mine.timestamp / 1e3)[["latitude", "longitude"]]
        at = at[~at.index.duplicated()].reindex(points.t_s).dropna()
        some = np.isin(points.t_s, at.index)
        away = distance_m(points.lat_deg[some], points.lon_deg[some], at.latitude.to_numpy(), at.longitude.to_numpy())
        assert some.mean() > 0.9 and np.median(away) == 0.0 and away.max() < 2000.0, name


def test_nothing_flies_as_no_airliner_can(paris):
    """Speeds and climbs of all paths, at their knots and between them."""
    for name, points in read_tracks(paris[1], FEET).tracks:
        path = path_through(*points)
        between = np.linalg.norm(np.diff(path.position, axis=0), axis=1) / np.diff(path.t)
        knots = np.linalg.norm(path.velocity, axis=1)
        assert between.max() < 450.0 and knots.max() < 600.0, name
        assert np.abs(np.diff(points.altitude_m) / np.diff(points.t_s)).max() < 100.0, name
        assert points.altitude_m.min() > -100.0 and points.altitude_m.max() < 14_000.0, name


def test_positions_and_recorded_speeds_agree(paris):
    """Two measurements of one thing: they could not if times, units or the sphere were wrong."""
    ratios = []
    for _, p in read_tracks(paris[1], FEET).tracks:
        flown = distance_m(p.lat_deg[:-1], p.lon_deg[:-1], p.lat_deg[1:], p.lon_deg[1:]) / np.diff(p.t_s)
        mean = (p.speed_m_s[:-1] + p.speed_m_s[1:]) / 2.0
        level = np.isfinite(mean) & (flown > 100.0) & (np.diff(p.t_s) < 20.0)
        ratios.append((flown / mean)[level])
    assert np.median(np.concatenate(ratios)) == pytest.approx(1.0, abs=0.01)


def test_a_spoofed_and_a_noisy_track_come_out_as_pieces_that_can_be_flown(sample):
    for name in ("noisy/noisy_spoofing", "noisy/noisy_time_issue", "noisy/noisy_landing", "military/aircraft_carrier"):
        tracks = read_tracks(sample(name)[1], FEET).tracks
        assert tracks
        for _, points in tracks:
            path = path_through(*points)
            assert (np.linalg.norm(np.diff(path.position, axis=0), axis=1) / np.diff(path.t)).max() < 460.0, name


def test_traffic_over_ankara_flies_in_a_scenario(sample):
    """The flag that flight THY1920 drew over Ankara on 2020-04-23, past a defence that stands there."""
    _, path = sample("featured/turkish_flag")
    found = parse(
        harness.scenario(harness.raid())
        + '[[traffic]]\nname = "flag"\nfile = "tracks.csv"\naltitude_unit = "ft"\nspeed_unit = "kt"\n',
        base_dir=path.parent,
    )
    plan = compile_scenario(found, found.catalogue)
    assert plan.labels["threat"][-1] == "flag THY1920" and plan.plan.threats["duration_s"][-1] > 1400.0
