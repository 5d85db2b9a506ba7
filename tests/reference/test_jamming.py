"""Noise jamming: burn-through against its closed form, as pure functions, in one look, and in the loop."""

from __future__ import annotations

import json
import math
from pathlib import Path

import numpy as np
import pytest

from kalkan import physics
from kalkan.byref import structured
from kalkan.kernels.interference import jam_to_noise
from kalkan.kernels.plan import RECEIVERS
from kalkan.kernels.state import JAMMING
from kalkan.models import jamming
from tests.engine.harness import compiled, raid, run, scenario

CASES = json.loads((Path(__file__).parent / "data" / "radar_burnthrough.json").read_text())["cases"]
FREQUENCY_HZ, NOISE_FIGURE_DB = 3e9, 5.0


def parts(case):
    """Signal over noise of 1 m² at 1 m, and jamming over noise at 1 m in the main lobe, of a case of the reference."""
    snr_db = physics.radar_equation_snr_db(
        case["pt_w"], case["gain_db"], FREQUENCY_HZ, 1.0, 1.0, bandwidth_hz=case["br_hz"],
        noise_figure_db=NOISE_FIGURE_DB,
    )  # fmt: skip
    effective_w = case["pj_w"] * 10.0 ** (case["gj_db"] / 10.0)
    jam_db = physics.jam_to_noise_db(
        effective_w, case["bj_hz"], 1.0, gain_db=case["gain_db"], frequency_hz=FREQUENCY_HZ,
        noise_figure_db=NOISE_FIGURE_DB,
    )  # fmt: skip
    return 10.0 ** (snr_db / 10.0), 10.0 ** (jam_db / 10.0)


@pytest.mark.parametrize("case", CASES)
def test_burn_through(case: dict) -> None:
    """Burn-through range; the reference neglects the radar's own noise, which is made 1e12 times less here.

    Against: closed form: textbook equations of burn-through, made separately.
    """
    snr_1m, jam_1m = (1e12 * x for x in parts(case))
    required = 10.0 ** (case["sj_min_db"] / 10.0)
    if case["type"] == "self_screening":
        found = jamming.self_screening_range_m(snr_1m, case["rcs_m2"], jam_1m, required)
    else:
        towards = 10.0 ** ((case["gain_to_jammer_db"] - case["gain_db"]) / 10.0)
        jam = jam_1m * towards / case["jammer_range_m"] ** 2
        found = jamming.stand_off_range_m(snr_1m, case["rcs_m2"], jam, required)
    assert found == pytest.approx(case["expected"]["burnthrough_m"], rel=1e-6)


@pytest.mark.parametrize("case", CASES)
def test_the_look_of_the_loop_burns_through_there(case: dict) -> None:
    """What a look of the loop makes of a jammer, searched for the range of the wanted ratio by bisection.

    Against: closed form: textbook equations of burn-through, made separately.
    """
    snr_1m, jam_1m = (1e12 * x for x in parts(case))
    receivers = np.zeros(1, RECEIVERS)
    receivers["azimuth_beam_rad"] = receivers["elevation_beam_rad"] = math.radians(2.0)
    receivers["sidelobe"] = 10.0 ** ((case.get("gain_to_jammer_db", 0.0) - case["gain_db"]) / 10.0)
    self_screening = case["type"] == "self_screening"

    def ratio(range_m: float) -> float:
        heard = np.zeros((1, 1), JAMMING)
        away = range_m if self_screening else case["jammer_range_m"]
        heard["jam"] = jam_1m / away**2
        heard["x"][0, 0] = (0.0, away, 0.0) if self_screening else (away, 0.0, 0.0)
        jam = jam_to_noise(structured(receivers), structured(heard), 0, 0.0, 0.0, range_m, 0.0)
        return snr_1m * case["rcs_m2"] / range_m**4 / (1.0 + jam)

    low, high = 1.0, 1e7
    for _ in range(80):
        middle = math.sqrt(low * high)
        low, high = (middle, high) if ratio(middle) > 10.0 ** (case["sj_min_db"] / 10.0) else (low, middle)
    assert low == pytest.approx(case["expected"]["burnthrough_m"], rel=1e-6)


JAMMER = """
[[jammers]]
name = "noise"
{where}
effective_power = "{power}"
bandwidth = "100 MHz"
bands = ["S", "X"]
"""
SEES = '[assume.91n6e]\ndetection_range = "300 km"\nreference_p_d = 0.5\n[assume.96l6e]\ndetection_range = "1 km"\n'


def first_plots_km(extra: str) -> np.ndarray:
    """Slant range of the first plot [km] of an F-16 that flies in at 8 km, in 200 replications."""
    text = scenario(raid(lat=36.0), perfect=False, horizon="30 min", extra=SEES + extra)
    return run(compiled(text), 200).threat_first_plot_range_m.ravel() / 1e3


def test_the_loop_sees_a_self_screening_target_where_it_burns_through() -> None:
    """Looks from beyond to within burn-through: the mean range of the first plot is that of looks whose chance follows
    signal over noise and jamming, by the closed probability of no plot before.

    Against: closed form: products of exact detection probabilities over the looks of the approach.
    """
    text = scenario(raid(lat=36.0), perfect=False, horizon="30 min",
                    extra=SEES + JAMMER.format(where='carried_by = "raid"', power="5 W"))  # fmt: skip
    plan_of = compiled(text)
    r = plan_of.labels["radar"].index("set/91N6E")
    plan, sigma_dbsm = plan_of.plan, plan_of.plan.rcs_dbsm[0, r, 0]
    step_m = 250.0 * float(plan.radars["scan_period_s"][r])
    p_d = plan.p_d[r, plan.kinds["swerling"][0]]
    table_db = -20.0 + 0.05 * np.arange(p_d.size)

    def mean_m(jam_1m: float) -> float:
        found = []
        for phase in (np.arange(40) + 0.5) / 40:
            away = np.arange(330e3 - phase * step_m, 8.2e3, -step_m)
            snr = plan.radars["snr_1m_db"][r] + sigma_dbsm - 40.0 * np.log10(away)
            p = np.interp(snr - 10.0 * np.log10(1.0 + jam_1m / away**2), table_db, p_d)
            first = p * np.r_[1.0, np.cumprod(1.0 - p)[:-1]]
            found.append((first * away).sum() / first.sum())
        return float(np.mean(found))

    got = run(plan_of, 400).threat_first_plot_range_m.ravel()
    expected = mean_m(float(plan.interference.jam_1m[r, 0]))
    error = float(got.std() / math.sqrt(got.size))
    assert abs(got.mean() - expected) < 4.0 * error + 0.005 * expected
    assert expected < 0.5 * mean_m(0.0), "the jammer takes more than half of the range"


def test_a_stand_off_jammer_hides_most_in_its_own_direction() -> None:
    """Through the main lobe it costs far more than through the side lobes, and there more than nothing.

    Against: property: order.
    """
    clear = first_plots_km("")
    behind, beside = (
        first_plots_km(JAMMER.format(where=f'position = {at}\naltitude = "10 km MSL"', power="20 kW"))
        for at in ("[36.6, 33.0]", "[39.0, 36.1]")
    )
    assert np.nanmean(behind) < 0.7 * np.nanmean(beside) and np.nanmean(beside) < 0.9 * np.nanmean(clear)


def test_a_jammer_behind_the_horizon_changes_no_bit() -> None:
    """A whole run with a jammer below everybody's horizon is the run without it.

    Against: property: limit.
    """
    clear = run(compiled(scenario(raid(), perfect=False)), 6)
    low = JAMMER.format(where='position = [36.6, 33.0]\naltitude = "1 m MSL"', power="20 kW")
    for name, value in vars(run(compiled(scenario(raid(), perfect=False, extra=low)), 6)).items():
        if name != "labels":
            np.testing.assert_array_equal(value, getattr(clear, name), err_msg=name)


def test_a_jammer_of_one_band_spares_the_radars_of_another() -> None:
    """Of the S band: the X-band engagement radar hears nothing.

    Against: property: what the sentence says.
    """
    text = scenario(raid(), perfect=False, extra=JAMMER.format(where='carried_by = "raid"', power="1 kW"))
    jam = compiled(text.replace('["S", "X"]', '["S"]'))
    engages = np.array([name.endswith("92N6E") for name in jam.labels["radar"]])
    assert (jam.plan.interference.jam_1m[engages] == 0.0).all() and (jam.plan.interference.jam_1m[~engages] > 0.0).all()
