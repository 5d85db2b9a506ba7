"""Places in what is claimed, and horizons of drawn heights."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kalkan.catalogue import Stance, draw, load_catalogue
from kalkan.earth import heights
from kalkan.earth.horizon import build
from kalkan.earth.terrain import Terrain
from kalkan.kept import Kept
from kalkan.scenario import parse, starter
from kalkan.studies.factors import disputed

CAT = load_catalogue()
SMALL = parse(starter("small"))


def value(path: str, place: float, **conditions: str) -> float:
    entry, _, name = path.partition(".")
    return float(CAT.under(Stance(places={path: place})).value(entry, name, **conditions))


@settings(deadline=None, max_examples=60)
@given(a=st.floats(0.0, 1.0), b=st.floats(0.0, 1.0))
def test_figures_rise_with_their_place(a: float, b: float) -> None:
    low, high = sorted((a, b))
    for path in ("91n6e.scan_period", "92n6e.antenna_height", "92n6e.target_channels"):
        assert value(path, low) <= value(path, high)


def test_other_quantities_stay_where_the_stance_puts_them() -> None:
    moved = CAT.under(Stance("manufacturer", places={"91n6e.scan_period": 0.0}))
    plain = CAT.under(Stance("manufacturer"))
    assert moved.value("91n6e", "scan_period") != plain.value("91n6e", "scan_period")
    assert moved.value("92n6e", "target_channels") == plain.value("92n6e", "target_channels")


def test_places_have_the_distribution_of_draws() -> None:
    """Same mean within error: every origin weighs the same in both."""
    for path in ("91n6e.scan_period", "92n6e.detection_range"):
        entry, _, name = path.partition(".")
        drawn = [float(CAT.under(draw(CAT, 1, i, 400)).value(entry, name)) for i in range(400)]
        placed = [value(path, (i + 0.5) / 400) for i in range(400)]
        error = np.hypot(np.std(drawn), np.std(placed)) / 20.0
        assert np.mean(placed) == pytest.approx(np.mean(drawn), abs=3.0 * error + 1e-9)


def test_factors_are_what_the_scenario_reads_and_sources_dispute() -> None:
    found = {f.path: f for f in disputed([SMALL])}
    assert "91n6e.scan_period" in found
    assert not any(path.startswith(("f-35a", "bayraktar")) for path in found), "nobody flies them here"
    assert not any(path.endswith("unit_cost") for path in found)
    assert all(f.low != f.high for f in found.values())
    fixed = SMALL.model_copy(update={"assume": {"91n6e": {"scan_period": 9.0}}})
    assert "91n6e.scan_period" not in {f.path for f in disputed([fixed])}, "the scenario has settled it"


def test_horizon_between_two_heights() -> None:
    """Over a ridge: never below the exact horizon, equal at whole metres, close in between."""
    terrain = Terrain.open("examples/terrain/globe30s_turkiye_emed.tif")
    site, sizes = (41.60, 34.20), {"n_az": 90, "n_rng": 200}
    kept = Kept(heights.REMEMBERED)
    for height, far in ((6.0, 1e-7), (6.37, 2e-3)):
        exact = build(terrain, *site, height, 100e3, 4.0 / 3.0, **sizes)
        near = heights.at_height(terrain, *site, height, 100e3, 4.0 / 3.0, **sizes, kept=kept)
        table = np.empty((near.n_az, near.n_rng), np.float32)
        near.write(table)
        apart = table.astype(float) - exact.tan_max
        assert apart.min() >= -1e-6
        assert apart.max() <= far
        assert np.median(apart) < 1e-4
