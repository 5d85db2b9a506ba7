"""Radar: horizon, multipath, radar equation, Marcum's Q, detection probability and the SNR that it needs."""

from __future__ import annotations

import math

import numpy as np
from scipy import optimize, special, stats

from tests.reference.builders import Builder, Case

LIGHT_M_S, BOLTZMANN_J_K = 299792458.0, 1.380649e-23


def horizon(c: Case) -> Case:
    """Rule of thumb, parabola and exact arc over a sphere of 4/3 of 6371 km."""
    h1, h2, ae = c["h_radar_m"], c["h_target_m"], 4.0 / 3.0 * 6371e3
    exact = ae * (math.acos(ae / (ae + h1)) + math.acos(ae / (ae + h2)))
    return {
        "rule_4p12_km": 4.12 * (math.sqrt(h1) + math.sqrt(h2)),
        "sqrt2ah_km": (math.sqrt(2 * ae * h1) + math.sqrt(2 * ae * h2)) / 1e3,
        "exact_arc_km": exact / 1e3,
    }


def multipath(c: Case) -> Case:
    """Flat perfect mirror: |2 sin(2 pi h1 h2 / (lambda R))|, and from the path difference itself."""
    h1, h2, r, wave = c["h_radar_m"], c["h_target_m"], c["ground_range_m"], LIGHT_M_S / c["freq_hz"]
    flat = abs(2.0 * math.sin(2.0 * math.pi * h1 * h2 / (wave * r)))
    longer = 4.0 * h1 * h2 / (math.hypot(r, h1 + h2) + math.hypot(r, h1 - h2))
    exact = abs(1.0 + c["reflection"] * np.exp(-2j * math.pi * longer / wave))
    return {"F_flat": flat, "F4_flat": flat**4, "F_exact_flat_paths": float(exact), "F4_exact": float(exact**4)}


def equation(c: Case) -> Case:
    """Monostatic radar equation in decibels; the range at which 13 dB are left."""
    wave_m = LIGHT_M_S / c["freq_hz"]
    noise = 10.0 * math.log10(BOLTZMANN_J_K * c["t0_k"] * c["bandwidth_hz"])
    snr = 10.0 * math.log10(c["pt_w"] * wave_m**2 * c["rcs_m2"]) + 2.0 * c["gain_db"] - 30.0 * math.log10(4.0 * math.pi)
    snr -= noise + c["nf_db"] + c["loss_db"] + 40.0 * math.log10(c["range_m"])
    return {"snr_db": snr, "range_m_for_13dB": c["range_m"] * 10.0 ** ((snr - 13.0) / 40.0)}


def marcum(c: Case) -> float:
    """Q_M(a, b) as the upper tail of a noncentral chi-squared variable with 2M degrees of freedom."""
    return float(stats.ncx2.sf(c["b"] ** 2, 2 * c["M"], c["a"] ** 2))


def threshold(pulses: int, p_fa: float) -> float:
    """Level of a square-law detector that noise alone passes with p_fa."""
    return float(special.gammainccinv(pulses, p_fa))


def detection(swerling: int, snr: float, pulses: int, level: float) -> float:
    """P_d of `pulses` added at a mean SNR each: gamma tails weighted by a Poisson or negative binomial count.

    Counts far above the level are always detected and need no term.
    """
    mean = pulses * snr
    if swerling == 0:
        count = stats.poisson(mean)
    else:
        shape = {1: 1, 2: pulses, 3: 2, 4: 2 * pulses}[swerling]
        count = stats.nbinom(shape, shape / (shape + mean))
    k = np.arange(int(level + 12.0 * math.sqrt(level) + 60.0))
    return float(1.0 - np.sum(count.pmf(k) * special.gammainc(pulses + k, level)))


def p_d(c: Case) -> Case:
    level = threshold(c["n_pulses"], c["pfa"])
    found = detection(c["swerling"], 10.0 ** (c["snr_db"] / 10.0), c["n_pulses"], level)
    return {"pd": found, "threshold": level}


def required_snr(c: Case) -> Case:
    """The SNR that gives p_d, by bisection; beside it Albersheim's and Shnidman's approximations."""
    p, p_fa, n, swerling = c["pd"], c["pfa"], c["n_pulses"], c["swerling"]
    level = threshold(n, p_fa)
    db = optimize.brentq(lambda x: detection(swerling, 10.0 ** (x / 10.0), n, level) - p, -40.0, 60.0, xtol=1e-12)
    found = {"snr_db": db, "shnidman_db": shnidman(p, p_fa, n, swerling)}
    return found | ({"albersheim_db": albersheim(p, p_fa, n)} if swerling == 0 else {})


def albersheim(p: float, p_fa: float, n: int) -> float:
    """Albersheim 1981."""
    a, b = math.log(0.62 / p_fa), math.log(p / (1.0 - p))
    return -5.0 * math.log10(n) + (6.2 + 4.54 / math.sqrt(n + 0.44)) * math.log10(a + 0.12 * a * b + 1.7 * b)


def shnidman(p: float, p_fa: float, n: int, swerling: int) -> float:
    """Shnidman 2002."""
    k = {0: math.inf, 1: 1, 2: n, 3: 2, 4: 2 * n}[swerling]
    alpha = 0.0 if n < 40 else 0.25
    eta = math.sqrt(-0.8 * math.log(4 * p_fa * (1 - p_fa))) + math.copysign(1, p - 0.5) * math.sqrt(
        -0.8 * math.log(4 * p * (1 - p))
    )
    x = eta * (eta + 2 * math.sqrt(n / 2 + alpha - 0.25))
    c1 = (((17.7006 * p - 18.4496) * p + 14.5339) * p - 3.525) / k
    c2 = (math.exp(27.31 * p - 25.14) + (p - 0.8) * (0.7 * math.log(1e-5 / p_fa) + (2 * n - 20) / 80)) / k
    c_db = c1 if p <= 0.872 else c1 + c2
    return c_db + 10.0 * math.log10(x / n)


def burn_through(c: Case) -> Case:
    """Range at which signal and jamming have the wanted ratio, the radar's own noise neglected."""
    gain, ratio = 10.0 ** (c["gain_db"] / 10.0), 10.0 ** (c["sj_min_db"] / 10.0)
    jam = 4.0 * math.pi * c["pj_w"] * 10.0 ** (c["gj_db"] / 10.0) * c["br_hz"] / c["bj_hz"] * ratio
    if c["type"] == "self_screening":
        return {"burnthrough_m": math.sqrt(c["pt_w"] * gain * c["rcs_m2"] / jam)}
    towards = 10.0 ** (c["gain_to_jammer_db"] / 10.0)
    return {
        "burnthrough_m": (c["pt_w"] * gain**2 * c["rcs_m2"] * c["jammer_range_m"] ** 2 / (jam * towards)) ** 0.25
    }


BUILDERS = {
    "radar_burnthrough": Builder(burn_through),
    "radar_horizon": Builder(horizon),
    "radar_multipath": Builder(multipath, rel=1e-6),
    "radar_range_equation": Builder(equation),
    "marcum_q": Builder(marcum, abs=1e-9),
    "radar_pd_swerling": Builder(p_d, rel=1e-7, abs=1e-9, recorded=("pd_tracker_component_library",)),
    "radar_required_snr": Builder(required_snr, rel=1e-7, abs=1e-6),
}
