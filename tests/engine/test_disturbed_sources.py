"""Weather, clutter and jamming at external sources: each takes of what they tell as it takes of own radars' plots."""

from __future__ import annotations

import math

import numpy as np
import pytest

from kalkan.earth.geodesy import ecef_to_geodetic, inverse
from kalkan.errors import ProblemsError
from kalkan.kernels import mission, trace
from kalkan.kernels.plan import SNR_MIN_DB, SNR_STEP_DB
from kalkan.kernels.records import allocate, columns
from kalkan.models.jamming import self_screening_range_m
from tests.engine import scenes
from tests.engine.harness import run
from tests.engine.scenes import BLIND, FAR, FLYING, LINK, PEACE, RAIN

TAKES = "systems.set.external_picture = true"
POST = 'sources.post = { type = "allied-radar", position = [39.0, 33.0] }'
X_BAND = ('sources.post = { type = "96l6e", position = [39.0, 33.0] }', 'assume.96l6e.frequency = "9 GHz"',
          'assume.96l6e.elevation_max = "80 deg"')  # fmt: skip
BY_POST = (TAKES, *LINK, POST, BLIND, PEACE, FAR, 'raids.raid.speed = "500 m/s"')
N = 20


def jammer(where: str, power: str, bands: str = '["L"]') -> str:
    return f'jammers.noise = {{ {where}, effective_power = "{power}", bandwidth = "100 MHz", bands = {bands} }}'


POD = jammer('carried_by = "raid"', "20 W")
STAND_OFF = jammer('position = [36.6, 33.0], altitude = "10 km MSL"', "100 kW")


def told(*lines: str, n: int = N):
    return scenes.played(*BY_POST, *lines, n=n)


@pytest.fixture(scope="module")
def clear():
    return told()


def late_s(records) -> float:
    """Mean time of the first report [s]."""
    return float(np.nanmean(records.threat_first_told_s))


def test_rain_delays_what_a_source_tells(clear):
    """At 9 GHz and 50 mm/h by more than a minute; the L band hardly feels it."""
    dry, wet = (told(*X_BAND, *more) for more in ((), (RAIN,)))
    assert late_s(wet) > late_s(dry) + 30.0
    assert late_s(clear) < late_s(told(RAIN)) < late_s(clear) + 30.0


def test_a_source_loses_in_rain_what_an_own_radar_of_its_type_loses():
    """The same type at the same place, once as own radar and once as a source: the rain costs both the same range."""
    own = (*X_BAND[1:], 'assume.s-400.acquisition_radars = "96l6e"', PEACE, FAR, 'raids.raid.speed = "500 m/s"')
    real = ('assume.96l6e.detection_range = "200 km"', 'assume.96l6e.scan_period = "10 s"')
    seen = [np.nanmean(scenes.played(*own, *real, *more, n=N).threat_first_plot_s) for more in ((), (RAIN,))]
    heard = [late_s(told(*X_BAND, *real, *more)) for more in ((), (RAIN,))]
    assert heard[1] - heard[0] == pytest.approx(seen[1] - seen[0], rel=0.1)


def test_clutter_hides_low_flyers_from_an_aircraft_with_a_poor_filter():
    """It looks down on a rough sea: with little attenuation of its echo much is lost, with the claimed one little."""
    low = scenes.route((38.2, 33.0), (39.0, 33.0), altitudes=("100 m",))
    rough, poor = "surface_clutter = { sea_state = 6 }", 'assume.e-7.clutter_attenuation = "10 dB"'
    by_eye = (TAKES, *LINK, FLYING, BLIND, PEACE, low)
    clear, filtered, lost = (scenes.played(*by_eye, *more, n=N) for more in ((), (rough,), (rough, poor)))
    n = [int((r.tracks_told + r.tracks_fused).sum()) for r in (clear, filtered, lost)]
    assert n[0] >= n[1] > 1.2 * n[2]


def test_what_flies_across_goes_with_the_sea_for_an_aircraft():
    """On a circle around the orbit the range does not change: the filter takes it with the sea's echo."""
    across = scenes.route((38.0, 34.5), (39.0, 33.0), altitudes=("100 m",))
    rough, wide = "surface_clutter = { sea_state = 6 }", 'assume.e-7.notch_speed = "200 m/s"'
    by_eye = (TAKES, *LINK, FLYING, BLIND, PEACE, across, rough)
    narrow, notched = (scenes.played(*by_eye, *more, n=N) for more in ((), (wide,)))
    assert (narrow.tracks_told + narrow.tracks_fused).sum() > 1.1 * (notched.tracks_told + notched.tracks_fused).sum()


def test_a_source_sees_who_screens_himself_where_it_burns_through():
    """The first report is of a look where the closed form has an even chance, and far from the clear one's."""
    sharp = ("assume.f-16c.swerling = 0", 'assume.allied-radar.scan_period = "2 s"')
    plan = scenes.planned(scenes.scene(*BY_POST, *sharp, POD)).plan
    radar, kind = plan.sources.radars[0], plan.threats["kind"][0]
    snr_1m, rcs = 10.0 ** (radar["snr_1m_db"] / 10.0), 10.0 ** (plan.sources.rcs_dbsm[kind, 0, 0] / 10.0)
    curve = plan.sources.p_d[0, 0]
    needed = 10.0 ** (np.interp(0.5, curve, SNR_MIN_DB + SNR_STEP_DB * np.arange(curve.size)) / 10.0)
    burns_m = self_screening_range_m(snr_1m, rcs, float(plan.source_interference.jam_1m[0, 0]), needed)
    assert burns_m < 150e3
    away_m = [333.0e3 - 500.0 * late_s(told(*sharp, *more)) for more in ((), (POD,))]
    assert away_m[1] == pytest.approx(burns_m, rel=0.15)
    assert away_m[0] > 1.5 * away_m[1]


def test_a_jammed_source_tells_strobes_until_it_sees(clear):
    """Directions of the carrier within the source's error, told before the first report and not after it."""
    c = scenes.planned(scenes.scene(*BY_POST, POD))
    records = allocate(1, c.sizes)
    state = mission.trace_one(c.plan, 1, 0, 0, records, 200_000)
    entries = state.trace.entries[: int(state.trace.n[0])]
    strobes = entries[entries["kind"] == trace.STROBE]
    afar = strobes[strobes["place"] == -1]
    assert afar.size > 20 and (afar["threat"] == 0).all()
    sigma = float(c.plan.sources.radars["azimuth_sigma_rad"][0])
    off = (afar["value"] - math.pi + math.pi) % (2.0 * math.pi) - math.pi  # it comes from the south
    assert np.abs(off).max() < 5.0 * sigma and off.std() == pytest.approx(sigma, rel=0.5)
    assert columns(records)["strobes_told"].sum() == afar.size
    assert np.diff(afar["t_s"]).max() > 1.5 * c.plan.sources.radars["scan_period_s"][0]  # a look that saw it told none
    first_told = entries["t_s"][entries["kind"] == trace.REPORT].min()
    assert np.median(afar["t_s"]) < first_told
    assert clear.strobes_told.sum() == 0


def test_a_stand_off_jammer_hides_most_in_its_own_direction(clear):
    """Behind the raid it comes in through the main lobe, beside it through the side lobes."""
    beside = jammer('position = [39.0, 36.1], altitude = "10 km MSL"', "100 kW")
    behind = told(STAND_OFF)
    assert late_s(behind) > late_s(told(beside)) + 30.0 > late_s(clear) + 30.0
    assert behind.strobes_told.sum() > 0


def test_jamming_of_another_band_and_from_below_the_horizon_changes_nothing_of_a_source(clear):
    other = told(jammer('carried_by = "raid"', "2 kW", '["X"]'))
    hidden = told(jammer('position = [36.6, 33.0], altitude = "1 m MSL"', "2 MW"))
    for name in ("threat_first_told_s", "tracks_told", "tracks_fused", "strobes_told"):
        for r in (other, hidden):
            np.testing.assert_array_equal(getattr(r, name), getattr(clear, name), err_msg=name)


def test_a_jammer_may_be_meant_for_a_source_alone():
    """No own radar works in its band; where no source does either, it is a mistake."""
    own = 'jammers.noise = { carried_by = "raid", effective_power = "20 W", bandwidth = "1 MHz", bands = ["%s"] }'

    def wrong(line: str) -> list[str]:
        try:
            scenes.planned(scenes.scene(*BY_POST, line))
        except ProblemsError as told:
            return [p.message for p in told.problems if "hold no radar" in p.message]
        return []

    assert wrong(own % "L") == [] and len(wrong(own % "UHF")) == 1


def test_a_link_that_is_down_tells_no_strobes():
    assert told(POD, "assume.link-16.link_availability = 0").strobes_told.sum() == 0


def test_an_aircraft_on_its_orbit_is_jammed_from_where_it_is():
    """Its strobes point from where the antenna is at the look to the jammer, through the axes of the nearest place."""
    lines = (TAKES, *LINK, FLYING, BLIND, PEACE, STAND_OFF, 'assume.e-7.azimuth_sigma = "0.001 deg"')
    c = scenes.planned(scenes.scene(*lines))
    state = mission.trace_one(c.plan, 1, 0, 0, allocate(1, c.sizes), 200_000)
    entries = state.trace.entries[: int(state.trace.n[0])]
    strobes = entries[(entries["kind"] == trace.STROBE) & (entries["place"] == -1)]
    assert strobes.size > 20
    knots = c.plan.sources.knots["position_m"]
    lat, lon, _ = ecef_to_geodetic(*knots.T)
    bearing = np.asarray(inverse(lat, lon, math.radians(36.6), math.radians(33.0))[0])
    low, high = bearing.min() - 0.02, bearing.max() + 0.02
    seen = (strobes["value"] - low) % (2.0 * math.pi) + low
    assert ((seen > low) & (seen < high)).all() and seen.max() - seen.min() > 0.3 * (high - low)


def test_a_replication_is_the_same_alone_and_in_a_block():
    """Nothing of what a source hears is left over from the replication before."""
    plan = scenes.planned(scenes.scene(*BY_POST, STAND_OFF))
    block, alone = run(plan, 4), [run(plan, 1, first=i) for i in range(4)]
    for name in ("strobes_told", "threat_first_told_s", "tracks_fused"):
        np.testing.assert_array_equal(getattr(block, name), np.concatenate([getattr(r, name) for r in alone]))
