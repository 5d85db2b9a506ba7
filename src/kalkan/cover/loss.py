"""Loss on the way between radar and target: the one place where it enters detection maps.

A table per radar over slant range and apparent elevation, subtracted from the signal-to-noise ratio: absorption
and rain of the scenario's weather. The search for the lowest detected height expects losses that fall with
elevation; lobing over the sea does not, comes and goes within metres of height, and is left out of maps.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from kalkan.compile.inputs import Inputs
from kalkan.compile.layout import RadarSite
from kalkan.earth.refraction import effective_radius_m
from kalkan.kernels.plan import F8
from kalkan.models.absorption import FREQUENCY_MIN_HZ
from kalkan.models.propagation import Air, excess_db
from kalkan.scenario import Scenario

RANGE_STEP_M = 2000.0
TAN_LOW, TAN_STEP, N_TAN = -0.03, 0.001, 431


class LossTable(NamedTuple):
    """Two-way loss [dB] on equidistant nodes; constant beyond them.

    It may be negative: less than what the radar's range claim already contains.

    Attributes
    ----------
    loss_db : ndarray, shape (n_range, n_elevation), at least (2, 2)
    range_step_m : float
        Node i lies at slant range i · range_step_m [m].
    tan_low, tan_step : float
        Node j lies at the apparent elevation tangent tan_low + j · tan_step [1].
    """

    loss_db: F8
    range_step_m: float
    tan_low: float
    tan_step: float


LOSSLESS = LossTable(np.zeros((2, 2)), 1e6, 0.0, 1.0)


def loss_of(radar: RadarSite, inputs: Inputs, scenario: Scenario, antenna_m: float, range_max_m: float) -> LossTable:
    """Loss of a radar in the scenario's weather beyond what its range claim contains.

    Parameters
    ----------
    radar : RadarSite
    inputs : Inputs
    scenario : Scenario
        Without a ``[weather]`` table nothing is lost.
    antenna_m, range_max_m : float
        Height of the antenna above sea level [m]; slant range that the table must reach [m].

    Returns
    -------
    LossTable
        Linear between nodes: within 0.05 dB of :func:`kalkan.models.propagation.excess_db` from 20 km on.
    """
    weather = scenario.weather
    if weather is None:
        return LOSSLESS
    extent = np.inf if weather.rain_extent_m is None else weather.rain_extent_m
    slant = RANGE_STEP_M * np.arange(int(range_max_m / RANGE_STEP_M) + 2)
    loss = excess_db(
        slant[:, None], TAN_LOW + TAN_STEP * np.arange(N_TAN), inputs.number(radar.entry, "detection_range"),
        frequency_hz=max(inputs.number(radar.entry, "frequency"), FREQUENCY_MIN_HZ), antenna_m=antenna_m,
        radius_m=effective_radius_m(scenario.region.refraction_k),
        air=Air(weather.water_vapour_kg_m3, weather.rain_rate_mm_h, weather.rain_height_m, extent),
    )  # fmt: skip
    return LossTable(loss, RANGE_STEP_M, TAN_LOW, TAN_STEP)
