"""Interference in the loop: what jammers and the echoes of land and sea take from one look's signal."""

from __future__ import annotations

import math

from kalkan.arrays import Struct
from kalkan.earth.horizon import azimuth_turns
from kalkan.jit import kernel
from kalkan.kernels.plan import Interference
from kalkan.models.clutter import filter_gain
from kalkan.models.jamming import pattern


@kernel
def interference_db(
    interference: Interference, jamming: Struct, r: int, t_s: float, e: float, n: float, u: float, slant_m: float,
    rate_m_s: float,
) -> float:  # fmt: skip
    """Loss [dB] of a signal that competes with more than the radar's own noise.

    Parameters
    ----------
    interference : Interference
        Of the plan.
    jamming : structured array (n_radar, n_jammer), ``state.JAMMING``
        What each radar hears of each jammer.
    r : int
        Radar.
    t_s : float
        Time of the look [s].
    e, n, u, slant_m : float
        East, north, up of the target in the antenna's frame and its slant range [m].
    rate_m_s : float
        Its range rate [m/s].
    """
    residue, gain = 0.0, 1.0
    if interference.clutter_on:
        residue, gain = clutter_to_noise(interference, r, e, n, u, slant_m, rate_m_s)
    jam = jam_to_noise(interference.receivers, jamming, r, t_s, e, n, u)
    return 10.0 * math.log10((1.0 + jam + residue) / gain)


@kernel
def clutter_to_noise(
    interference: Interference, r: int, e: float, n: float, u: float, slant_m: float, rate_m_s: float
) -> tuple[float, float]:
    """What clutter leaves: the residue over noise [1], and the share of the target's power [1] that the filter passes.

    Clutter competes from the target's range, or from where its echo of a later pulse comes at the same time. The
    filter is used where the clutter would be above the noise (kalkan's own simplification).
    """
    receivers, table = interference.receivers, interference.clutter
    away = slant_m % receivers.fold_m[r] if receivers.fold_m[r] < math.inf else slant_m
    n_azimuth, n_range = table.shape[1], table.shape[2]
    j = int(n_range * math.sqrt(away / receivers.clutter_reach_m[r]))
    if j >= n_range:
        return 0.0, 1.0
    i = int(azimuth_turns(e, n) * n_azimuth + 0.5) % n_azimuth
    ground = math.sqrt(e * e + n * n)
    above = math.atan2(u, ground) + ground * interference.lift - interference.surface_rad[r, i, j]
    gain = pattern(0.0, above / receivers.elevation_beam_rad[r], receivers.sidelobe[r])
    clutter = table[r, i, j] * gain * gain
    if clutter <= 1.0:
        return clutter, 1.0
    return clutter / receivers.attenuation[r], filter_gain(rate_m_s, receivers.notch_m_s[r], receivers.blind_m_s[r])


@kernel
def jam_to_noise(receivers: Struct, jamming: Struct, r: int, t_s: float, e: float, n: float, u: float) -> float:
    """Jamming over noise [1] of all jammers while the beam of radar `r` points at east e, north n, up u [m]."""
    total, ground = 0.0, math.sqrt(e * e + n * n)
    for j in range(jamming.shape[1]):
        if jamming.jam[r, j] == 0.0:
            continue
        dt = t_s - jamming.t_s[r, j]
        x, v = jamming.x[r, j], jamming.v[r, j]
        je, jn, ju = x[0] + dt * v[0], x[1] + dt * v[1], x[2] + dt * v[2]
        above = math.atan2(ju, math.sqrt(je * je + jn * jn)) - math.atan2(u, ground)
        gain = pattern(
            aside_rad(e, n, je, jn) / receivers.azimuth_beam_rad[r], above / receivers.elevation_beam_rad[r],
            receivers.sidelobe[r],
        )  # fmt: skip
        total += jamming.jam[r, j] * gain
    return total


@kernel
def aside_rad(e: float, n: float, other_e: float, other_n: float) -> float:
    """Angle in azimuth [rad] between two directions, east and north in any scale."""
    return math.atan2(n * other_e - e * other_n, e * other_e + n * other_n)
