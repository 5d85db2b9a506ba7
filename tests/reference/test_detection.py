"""Detection against published and independently computed values."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from kalkan import physics
from kalkan.models import detection

DATA = Path(__file__).parent / "data"


def cases(name: str) -> list[dict]:
    return json.loads((DATA / f"{name}.json").read_text())["cases"]


@pytest.mark.parametrize("case", cases("radar_pd_swerling"))
def test_probability_of_detection(case: dict) -> None:
    """Probability of detection and threshold for Swerling 0 to 4.

    Against: program: mixture series in 40 digits (mpmath); NRL's TrackerComponentLibrary under GNU Octave 7.3
    gives the same to 4e-10.
    """
    got = physics.probability_of_detection(case["snr_db"], case["pfa"], case["n_pulses"], case["swerling"])
    assert float(got) == pytest.approx(case["expected"]["pd"], abs=1e-9)
    level = detection.threshold(case["pfa"], case["n_pulses"])
    assert level == pytest.approx(case["expected"]["threshold"], rel=1e-9)


@pytest.mark.parametrize("case", cases("marcum_q"))
def test_marcum_q(case: dict) -> None:
    """Generalised Marcum function Q_M(a, b).

    Against: program: quadrature of the definition in mpmath; SciPy's non-central χ² gives the same.
    """
    assert float(physics.marcum_q(case["M"], case["a"], case["b"])) == pytest.approx(
        case["expected"], abs=1e-9
    )


@pytest.mark.parametrize("case", cases("radar_required_snr"))
def test_required_snr(case: dict) -> None:
    """SNR per pulse for a wanted probability [dB]: exact, and by Albersheim's and Shnidman's formulas.

    Against: program: 40-digit inversion (mpmath); published: doi:10.1109/PROC.1981.12082,
    doi:10.1109/TAES.2002.1039422.
    """
    args = (case["pd"], case["pfa"], case["n_pulses"])
    expected = case["expected"]
    assert physics.required_snr_db(*args, case["swerling"]) == pytest.approx(expected["snr_db"], abs=1e-3)
    assert physics.shnidman_snr_db(*args, case["swerling"]) == pytest.approx(
        expected["shnidman_db"], abs=1e-6
    )
    if "albersheim_db" in expected:
        assert physics.albersheim_snr_db(*args) == pytest.approx(expected["albersheim_db"], abs=1e-6)


@pytest.mark.parametrize("case", cases("m_of_n"))
def test_m_of_n(case: dict) -> None:
    """M of N detections, in one window and by any window up to scan k.

    Against: closed form: binomial tail and Markov chain over the last N - 1 looks, checked by enumeration.
    """
    m, n, p_d = case["M"], case["N"], case["pd"]
    assert physics.m_of_n(m, n, p_d) == pytest.approx(case["expected"]["fixed_window"], abs=1e-12)
    by_scan = case["expected"]["sliding_cumulative_by_scan"]
    np.testing.assert_allclose(physics.m_of_n_by_scan(m, n, p_d, len(by_scan)), by_scan, atol=1e-12)


@pytest.mark.parametrize("swerling", range(5))
@pytest.mark.parametrize("n_pulses", [1, 3, 30, 300])
@pytest.mark.parametrize("p_fa", [1e-10, 1e-6, 1e-3])
def test_table_agrees_with_exact(swerling: int, n_pulses: int, p_fa: float) -> None:
    """The table that the loop reads, at 2000 random SNRs for every Swerling class, 1 to 300 pulses: within 2e-6 of
    the exact probability.

    Against: itself: the exact formulas of the rows above.
    """
    low, high, n = detection.TABLE_SNR_DB_MIN, detection.TABLE_SNR_DB_MAX, detection.TABLE_N
    table = detection.p_d_table(swerling, n_pulses, p_fa, low, high, n)
    assert table.dtype == np.float64 and table.shape == (n,)
    snr_db = np.random.default_rng(1).uniform(low, high, 2000)
    snr_db[:3] = low, np.nextafter(high, low), low + 0.01
    exact = detection.probability_of_detection(snr_db, p_fa, n_pulses, swerling)
    inv_step = (n - 1) / (high - low)
    got = [detection.interpolate_p_d(table, low, inv_step, x) for x in snr_db]
    assert np.max(np.abs(got - exact)) < 2e-6


def test_table_outside_its_grid() -> None:
    """Below its grid the table gives 0, above it its last value.

    Against: property: no extrapolation.
    """
    table = detection.p_d_table(1, 10, 1e-6)
    assert detection.interpolate_p_d(table, -20.0, 20.0, -20.001) == 0.0
    assert detection.interpolate_p_d(table, -20.0, 20.0, np.nan) == 0.0
    assert detection.interpolate_p_d(table, -20.0, 20.0, 1e9) == table[-1] > 0.999


@pytest.mark.parametrize("swerling", range(5))
def test_noise_alone_gives_false_alarm_rate_and_more_signal_more_detections(swerling: int) -> None:
    """Without signal the detector alarms at its false-alarm rate; with more signal it never detects less.

    Against: property: limits and monotony of any detector.
    """
    p_d = detection.probability_of_detection(np.arange(-200.0, 120.0, 0.5), 1e-5, 8, swerling)
    assert p_d[0] == pytest.approx(1e-5, rel=1e-6)
    assert np.all(np.diff(p_d) >= -1e-13)
    assert p_d[-1] == pytest.approx(1.0, abs=1e-9)


def test_monte_carlo_of_the_detector_itself() -> None:
    """A square-law detector fed with simulated pulses, Swerling 3 power drawn once per dwell, within five standard
    errors.

    Against: brute force: 200,000 dwells of four noisy pulses.
    """
    rng = np.random.default_rng(7)
    n, pulses, snr = 200_000, 4, 10.0**0.6
    power = rng.gamma(2.0, snr / 2.0, n)[:, None]
    noise = rng.standard_normal((2, n, pulses)) / np.sqrt(2.0)
    total = ((np.sqrt(power) + noise[0]) ** 2 + noise[1] ** 2).sum(axis=1)
    seen = np.mean(total > detection.threshold(1e-3, pulses))
    exact = float(detection.probability_of_detection(6.0, 1e-3, pulses, 3))
    assert seen == pytest.approx(exact, abs=5.0 * np.sqrt(exact * (1 - exact) / n))


def test_bad_arguments_are_named() -> None:
    """Arguments outside the formulas' range are refused by name.

    Against: property: no answer outside the range of validity.
    """
    with pytest.raises(ValueError, match="swerling = 5"):
        detection.probability_of_detection(10.0, 1e-6, 1, 5)
    with pytest.raises(ValueError, match="n_pulses = 0"):
        detection.threshold(1e-6, 0)
    with pytest.raises(ValueError, match="p_d = 1e-07"):
        detection.required_snr_db(1e-7, 1e-6, 1, 1)
