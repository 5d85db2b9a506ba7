"""A unit that cannot turn looks where the raids come from, unless the scenario says otherwise."""

from __future__ import annotations

import math

import numpy as np
import pytest
from pyproj import Geod

from kalkan.compile.layout import Site, towards_raids
from kalkan.scenario import parse
from kalkan.schema import NEVER_SEEN
from tests.engine.harness import compiled, raid, run, scenario


def cut(raids: str, boresight: str = "") -> str:
    text = scenario(raids, perfect=False, horizon="20 min")
    return text.replace("fire_units =", f'link = "cut"\n{boresight}fire_units =')


def test_a_unit_that_fights_alone_sees_the_raid_that_comes() -> None:
    """A raid from the south at a unit whose link is cut: seen by default, never seen by a unit that points north."""
    south = raid(count=6, lat=37.6, width=4)
    seen, blind = (run(compiled(cut(south, b)), 20) for b in ("", 'boresight = "0 deg"\n'))
    assert (seen.threat_reason == NEVER_SEEN).sum() == 0
    assert np.isfinite(seen.threat_first_plot_s).mean() > 0.95
    assert (blind.threat_reason == NEVER_SEEN).all()


def test_a_unit_that_looks_away_is_told() -> None:
    """The attributes of a run name the raids that begin outside a sector that never turns."""
    text = cut(raid("south", lat=37.6) + raid("north", lat=40.4), 'boresight = "0 deg"\n')
    fixed = compiled(text).attrs["fixed_sectors"]
    assert [f["outside"] for f in fixed] == [["south"]]


@pytest.mark.parametrize("counts", [(1, 1), (3, 1), (1, 9)])
def test_the_direction_is_the_mean_weighted_by_vehicles(counts: tuple[int, int]) -> None:
    """Two raids: the angle of the weighted sum of unit vectors, with azimuths by PROJ."""
    text = scenario(raid("a", counts[0], lat=37.8, lon=34.0) + raid("b", counts[1], lat=38.5, lon=31.0))
    raids = parse(text).raids
    azimuth = [math.radians(Geod(ellps="WGS84").inv(33.0, 39.0, r.route[0].position[1], r.route[0].position[0])[0])
               for r in raids]  # fmt: skip
    total = sum(r.count * np.exp(1j * a) for r, a in zip(raids, azimuth, strict=True))
    assert towards_raids(Site(39.0, 33.0), raids) == pytest.approx(np.angle(total) % (2.0 * math.pi))
