"""Radar equation against independently computed cases; measurement noise against its own law."""

from __future__ import annotations

import json
import math
from pathlib import Path

import numpy as np
import pytest

from kalkan import physics
from kalkan.models import detection, radar

CASES = json.loads((Path(__file__).parent / "data" / "radar_range_equation.json").read_text())["cases"]


@pytest.mark.parametrize("case", CASES)
def test_radar_equation(case: dict) -> None:
    """SNR [dB] from power, gain, losses and range, and the range for 13 dB.

    Against: closed form: single-pulse radar equation, reckoned separately in decibels.
    """
    got = physics.radar_equation_snr_db(
        case["pt_w"],
        case["gain_db"],
        case["freq_hz"],
        case["rcs_m2"],
        case["range_m"],
        bandwidth_hz=case["bandwidth_hz"],
        loss_db=case["loss_db"],
        noise_figure_db=case["nf_db"],
        temperature_k=case["t0_k"],
    )
    assert float(got) == pytest.approx(case["expected"]["snr_db"], abs=1e-6)
    reach = physics.range_for_snr_m(13.0, got, case["range_m"])
    assert float(reach) == pytest.approx(case["expected"]["range_m_for_13dB"], rel=1e-7)


@pytest.mark.parametrize("near, far", [(CASES[0], CASES[1]), (CASES[4], CASES[7]), (CASES[12], CASES[15])])
def test_claim_form_agrees_with_radar_equation(near: dict, far: dict) -> None:
    """A range claim predicts the SNR [dB] at other ranges and cross-sections: take the near case as the claim,
    predict the far one, then four times the cross-section.

    Against: closed form: the full radar equation at both ends.
    """
    claim = (near["expected"]["snr_db"], near["range_m"], near["rcs_m2"])
    expected = far["expected"]["snr_db"]
    assert float(physics.snr_db(*claim, far["rcs_m2"], far["range_m"])) == pytest.approx(expected, abs=1e-6)
    constant_db = radar.claim_constant_db(*claim)
    rcs_dbsm = 10.0 * math.log10(4.0 * far["rcs_m2"])
    got = radar.snr_from_constant_db(constant_db, rcs_dbsm, far["range_m"])
    assert got == pytest.approx(expected + 6.020599913, abs=1e-6)


def test_claim_is_recovered_at_its_own_range() -> None:
    """At the claimed range the claimed probability of detection comes out.

    Against: property: a claim predicts itself.
    """
    claimed = radar.reference_snr_db(0.8, 1e-6, 16, 1)
    at_claim = physics.snr_db(claimed, 390e3, 4.0, 4.0, 390e3)
    p_d = detection.probability_of_detection(at_claim, 1e-6, 16, 1)
    assert float(p_d) == pytest.approx(0.8, abs=1e-9)


def test_an_octave_of_range_costs_twelve_decibels() -> None:
    """Twice the range costs 12.04 dB.

    Against: closed form: 40 log10 2.
    """
    snr_db = physics.snr_db(10.0, 100e3, 1.0, 1.0, np.array([100e3, 200e3]))
    assert snr_db[0] - snr_db[1] == pytest.approx(12.0412, abs=1e-4)


def test_measurement_noise() -> None:
    """Measurement noise grows as the SNR falls, down to a stated floor.

    Against: closed form: σ proportional to 1 / √SNR.
    """
    assert radar.measurement_sigma(50.0, 13.0, 13.0) == pytest.approx(50.0)
    assert radar.measurement_sigma(50.0, 13.0, 7.0) == pytest.approx(50.0 * math.sqrt(10**0.6))
    assert radar.measurement_sigma(50.0, 13.0, 60.0) == pytest.approx(radar.NOISE_FLOOR_FRACTION * 50.0)
    snr_db = np.linspace(-20.0, 60.0, 200)
    sigma = [radar.measurement_sigma(1.0, 13.0, x) for x in snr_db]
    assert np.all(np.diff(sigma) <= 0.0)
